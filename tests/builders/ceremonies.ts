import { sign } from 'node:crypto';
import {
  type Caller,
  finalize,
  issueTicket,
  numberDraft,
  openSession,
  type PerDocument,
  prepare,
  registerDraft,
  type SignedAnswer,
  type Stations,
} from '../../src/exchange/index.ts';
import {
  type ComposedLetter,
  composeLetter,
  letterOf,
  letterOrder,
  officialName,
  type Pki,
  type PkiEntity,
  sealName,
} from '../../src/lab/index.ts';
import {
  type CeremonyRecord,
  latestOf,
  type PreparedRecord,
  purposeOf,
  type SignAction,
} from '../../src/signing/index.ts';
import { START } from './ledger.ts';

export const PAGE = 'https://qlvb.example.vn';

export interface SigningWish {
  action?: SignAction;
  capacity?: 'direct' | 'TM' | 'KT' | 'TL' | 'TUQ' | 'Q';
  delegationId?: string | null;
  /** Who signs; the agency's own official or seal where not given. */
  entity?: PkiEntity;
  documentIds?: string[];
}

/** One agency's signing at the exchange itself, without HTTP: for what needs a clock or stores of its own. */
export class Ceremonies {
  readonly x: Stations;
  readonly code: string;
  private readonly pki: Pki;
  private readonly caller: Caller;
  private numbers = 10;
  private composed: Promise<ComposedLetter> | null = null;

  constructor(pki: Pki, caller: Caller, x: Stations, code: string) {
    this.pki = pki;
    this.x = x;
    this.code = code;
    this.caller = caller;
  }

  /** The page's origin must be registered before tickets are asked for. */
  async begin(): Promise<this> {
    await this.x.clients.put({
      clientId: this.caller.clientId,
      name: 'QLVB',
      secretSha256: '',
      agencyIds: [...this.caller.agencyIds],
      scopes: ['sign'],
      disabledAt: null,
      signingOrigins: [PAGE],
    });
    return this;
  }

  entityFor(action: SignAction): PkiEntity {
    const name = purposeOf(action) === 'person' ? officialName(this.code) : sealName(this.code);
    return this.pki.entity(name);
  }

  async letter(): Promise<{ documentId: string; letter: ComposedLetter }> {
    const order = letterOrder(
      { from: this.code, to: ['G22'], number: 1, subject: 'V/v thử nghiệm', priority: 0 },
      START,
    );
    this.composed ??= composeLetter(letterOf(order));
    const letter = await this.composed;
    const upload = { bytes: letter.bytes, agency: null, reference: null, title: 'V/v thử nghiệm' };
    const { draft } = await registerDraft(upload, this.caller, this.x);
    return { documentId: draft.documentId, letter };
  }

  async ticket({ action = 'approve', documentIds = [], ...wish }: SigningWish): Promise<string> {
    const documents = await Promise.all(
      documentIds.map(async (documentId) => {
        const draft = await this.x.drafts.get(documentId);
        return { documentId, sha256: draft ? latestOf(draft).sha256 : '' };
      }),
    );
    const { serialNumber } = (wish.entity ?? this.entityFor(action)).declaration.subject;
    const order = {
      documents,
      action,
      signer: serialNumber ? { serialNumber } : {},
      capacity: wish.capacity ?? 'direct',
      delegationId: wish.delegationId ?? null,
      label: null,
      user: 'nguoi-dung',
      origins: [PAGE],
    };
    return (await issueTicket(order, this.caller, this.x)).ticket;
  }

  async open(wish: SigningWish): Promise<CeremonyRecord> {
    const ticket = await this.ticket(wish);
    return (await openSession({ ticket, parentOrigin: PAGE, user: null }, this.x)).session;
  }

  prepare(session: CeremonyRecord, entity: PkiEntity): Promise<PerDocument<PreparedRecord>[]> {
    const signer = { certificate: entity.certificate, chain: [], keyProtection: 'software' as const };
    return prepare(session, { signer, places: new Map() }, this.x);
  }

  async finalize(session: CeremonyRecord, prepared: PreparedRecord, entity: PkiEntity) {
    const signature = sign('sha256', Buffer.from(prepared.toBeSigned, 'base64'), entity.key);
    const [outcome] = await finalize(session, [{ prepareId: prepared.prepareId, signature }], this.x);
    return doneOf<SignedAnswer>(outcome);
  }

  /** The whole way. @throws what any step refuses with */
  async sign(documentId: string, wish: SigningWish = {}): Promise<SignedAnswer> {
    const entity = wish.entity ?? this.entityFor(wish.action ?? 'approve');
    const session = await this.open({ ...wish, documentIds: [documentId] });
    const [prepared] = await this.prepare(session, entity);
    return this.finalize(session, doneOf(prepared), entity);
  }

  async number(
    documentId: string,
    { number, date }: ComposedLetter,
    value = ++this.numbers,
    series = '',
  ): Promise<void> {
    const draft = await this.x.drafts.get(documentId);
    const sha256 = draft ? latestOf(draft).sha256 : '';
    const order = { sha256, number: value, date: '2026-03-16', series, places: { number, date } };
    await numberDraft(documentId, order, this.caller, this.x);
  }
}

/** What was done, or what it failed with, thrown. */
export function doneOf<Result>(outcome: PerDocument<Result> | undefined): Result {
  if (outcome && 'done' in outcome) return outcome.done;
  throw outcome?.failed;
}
