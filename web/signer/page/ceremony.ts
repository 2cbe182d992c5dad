import type { SignerState, ToElement } from '../protocol.ts';
import type {
  PreparedDocument,
  Session,
  SessionDocument,
  SignatureValue,
  SignedDocument,
  SigningApi,
} from './api.ts';
import type { Bytes } from './checks/bytes.ts';
import { hex, sha256 } from './checks/bytes.ts';
import { type Checked, checkPrepared } from './checks/checks.ts';
import { remedyOf, SignerError } from './errors.ts';
import type { KeyFile } from './key-file.ts';
import { type Box, boxOf, type Place, placeOf } from './placing.ts';

/** What the screen does for the ceremony. */
export interface Stage {
  /** Shows a PDF. @returns number of its pages. @throws SignerError `E_UNREADABLE` */
  show(bytes: Bytes): Promise<number>;
  /** Brings the place of the signature into view. */
  reveal(place: Place): Promise<void>;
  /** Room that the document leaves for this person's signature. */
  roomFor(name: string): Promise<Place | null>;
  /** What is shown of a page, in its own coordinates. */
  viewOf(page: number): Promise<readonly number[]>;
  /** Is told of every state, with what there is to say about it. */
  enter(state: SignerState, facts: Facts): void;
}

export interface Facts {
  session: Session | null;
  document: SessionDocument | null;
  key: KeyFile | null;
  checked: Checked | null;
  /** Where the signature is drawn. */
  box: Box | null;
  signed: SignedDocument | null;
  error: SignerError | null;
}

/** One document from ticket to receipt. The order of the steps is the protocol's: no key is touched before the checks. */
export class Ceremony {
  private readonly api: SigningApi;
  private readonly stage: Stage;
  private readonly tell: (message: ToElement) => void;
  private readonly facts: Facts = {
    session: null,
    document: null,
    key: null,
    checked: null,
    box: null,
    signed: null,
    error: null,
  };
  private state: SignerState = 'idle';
  private shown: Bytes = new Uint8Array();
  private prepared: PreparedDocument | null = null;
  private value: SignatureValue | null = null;

  constructor(api: SigningApi, stage: Stage, tell: (message: ToElement) => void) {
    this.api = api;
    this.stage = stage;
    this.tell = tell;
  }

  async open(ticket: string, parentOrigin: string, user: string | null): Promise<void> {
    await this.step('loading', async () => {
      const session = await this.api.open(ticket, parentOrigin, user);
      this.facts.session = session;
      const [document, ...more] = session.documents;
      if (!document || more.length > 0) throw new SignerError('E_BATCH');
      if (document.format !== 'pdf') throw new SignerError('E_FORMAT');
      this.facts.document = document;
      this.shown = await this.api.bytesOf(document);
      if (hex(await sha256(this.shown)) !== document.sha256) throw new SignerError('E_DOC_HASH');
      const pages = await this.stage.show(this.shown);
      if (!session.keyProtection.includes('software')) throw new SignerError('E_PROVIDER_NONE');
      this.tell({ kind: 'ready', documentId: document.documentId, sha256: document.sha256, pages });
      this.enter('reviewing');
    });
  }

  /** @param open opens the key file; its key stays encrypted */
  async choose(open: () => Promise<KeyFile>): Promise<void> {
    if (this.state !== 'reviewing') return;
    await this.step('preparing', async () => {
      const key = await open();
      // A seal, initials and the corner of copies have places by other rules, which the axis knows.
      const isCompetentPerson = this.facts.session?.action === 'approve';
      await this.prepareAt(key, isCompetentPerson ? await this.stage.roomFor(key.holder) : null);
    });
  }

  /** The signature goes elsewhere: prepared, checked and shown anew. */
  async place(box: Box): Promise<void> {
    const { key } = this.facts;
    if (this.state !== 'confirming' || !key) return;
    await this.step('preparing', async () => {
      await this.prepareAt(key, placeOf(box, await this.stage.viewOf(box.page)));
    });
  }

  private async prepareAt(key: KeyFile, place: Place | null): Promise<void> {
    const { document } = this.facts;
    if (!document) return;
    const prepared = await this.api.prepare(key, document.documentId, place);
    const checked = await checkPrepared({
      shown: this.shown,
      expectedSha256: document.sha256,
      prepared,
      certificate: key.certificate,
    });
    await this.stage.show(checked.bytes);
    const drawn = prepared.place;
    const box = drawn && boxOf(drawn, await this.stage.viewOf(drawn.page));
    this.prepared = prepared;
    Object.assign(this.facts, { key, checked, box });
    this.enter('confirming');
    if (drawn) await this.stage.reveal(drawn);
  }

  /** The official has seen the code and confirms. */
  async sign(): Promise<void> {
    const { key, checked } = this.facts;
    if (this.state !== 'confirming' || !key || !checked) return;
    await this.step('signing', async () => {
      this.value = await key.sign(checked.toBeSigned);
      await this.finish();
    });
  }

  /** The same value once more, where the answer was lost or the time-stamp missing. */
  async sendAgain(): Promise<void> {
    if (this.state === 'failed' && this.value) await this.step('signing', () => this.finish());
  }

  /** Back to the choice of a key; what was prepared is left to expire. */
  async back(): Promise<void> {
    if (this.value || (this.state !== 'confirming' && this.state !== 'failed')) return;
    this.forgetKey();
    await this.step('loading', async () => {
      await this.stage.show(this.shown);
      this.enter('reviewing');
    });
  }

  cancel(by: 'user' | 'host'): void {
    if (this.state === 'signing' || this.state === 'signed' || this.state === 'cancelled' || this.value)
      return;
    this.forgetKey();
    this.enter('cancelled');
    this.tell({ kind: 'cancelled', by });
  }

  private async finish(): Promise<void> {
    const done = await this.api.finalize(this.prepared?.prepareId ?? '', this.value as SignatureValue);
    this.forgetKey();
    this.facts.signed = done;
    this.enter('signed');
    const { documentId, version, sha256: sha256Signed, level, signedAt, ledgerIndex } = done;
    this.tell({
      kind: 'signed',
      signed: { documentId, version, sha256Signed, level, signedAt, ledgerIndex },
    });
  }

  /** @throws nothing: what fails is a state. A step that was cancelled meanwhile changes nothing any more. */
  private async step(state: SignerState, work: () => Promise<void>): Promise<void> {
    this.facts.error = null;
    this.enter(state);
    try {
      await work();
    } catch (thrown) {
      if (this.isCancelled()) return;
      if (!(thrown instanceof SignerError)) console.error(thrown);
      const error = thrown instanceof SignerError ? thrown : new SignerError('E_NETWORK');
      this.facts.error = error;
      const retryable = remedyOf(error.code, this.value !== null) !== 'leave';
      this.enter('failed');
      this.tell({ kind: 'error', code: error.code, retryable });
    }
  }

  get signedAlready(): boolean {
    return this.value !== null;
  }

  private isCancelled(): boolean {
    return this.state === 'cancelled';
  }

  private forgetKey(): void {
    Object.assign(this.facts, { key: null, checked: null, box: null });
  }

  private enter(state: SignerState): void {
    if (this.isCancelled()) return;
    this.state = state;
    this.stage.enter(state, this.facts);
    this.tell({ kind: 'state', state });
  }
}
