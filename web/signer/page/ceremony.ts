import type { SignerState, ToElement } from '../protocol.ts';
import type { Session, SignatureValue, SignedDocument, SigningApi } from './api.ts';
import { codeOf, fetchAll, prepareAll, signItems } from './batch.ts';
import type { Bytes } from './checks/bytes.ts';
import { isSentAgain, remedyOf, SignerError } from './errors.ts';
import { type Facts, type Item, newFacts, readyItems } from './facts.ts';
import { type Box, boxOf, type Place, placeOf, type View } from './placing.ts';
import { type Credential, mustBeReady, type SignProvider } from './providers/provider.ts';

/** What the screen does for the ceremony. */
export interface Stage {
  /** Shows a PDF. @returns number of its pages. @throws SignerError `E_UNREADABLE` */
  show(bytes: Bytes): Promise<number>;
  /** Brings the place of the signature into view. */
  reveal(box: Box): Promise<void>;
  /** Room that a document leaves for this person's signature. */
  roomFor(name: string, bytes: Bytes): Promise<Place | null>;
  /** What is shown of a page. */
  viewOf(page: number): Promise<View>;
  /** Is told of every state, with what there is to say about it. */
  enter(state: SignerState, facts: Facts): void;
}

/** From ticket to receipt. The order of the steps is the protocol's: no key is touched before the checks. */
export class Ceremony {
  private readonly api: SigningApi;
  private readonly stage: Stage;
  private readonly tell: (message: ToElement) => void;
  private readonly facts: Facts = newFacts();
  private parentOrigin = '';
  /** How the window was opened, as long as it has not succeeded: kept to try again where the network failed. */
  private opening: (() => Promise<void>) | null = null;
  private state: SignerState = 'idle';
  private provider: SignProvider | null = null;
  private values: SignatureValue[] = [];
  private aborter = new AbortController();

  constructor(api: SigningApi, stage: Stage, tell: (message: ToElement) => void) {
    this.api = api;
    this.stage = stage;
    this.tell = tell;
  }

  async open(ticket: string, parentOrigin: string, user: string | null): Promise<void> {
    this.parentOrigin = parentOrigin;
    this.opening = () => this.load(() => this.api.open(ticket, parentOrigin, user));
    await this.opening();
  }

  private async load(openSession: () => Promise<Session>): Promise<void> {
    await this.step('loading', async () => {
      const session = this.facts.session ?? (await openSession());
      this.facts.session = session;
      if (session.providers.length === 0) throw new SignerError('E_PROVIDER_NONE');
      this.facts.items = await fetchAll(session.documents, this.api);
      await this.showCurrent((pages, { document: { documentId, sha256 } }) =>
        this.tell({ kind: 'ready', documentId, sha256, pages }),
      );
      this.opening = null;
      this.enter('reviewing');
    });
  }

  /** Another document of the batch on screen: as it is now, or as it will be signed. */
  async look(index: number): Promise<void> {
    if (!this.facts.items[index] || !['reviewing', 'confirming', 'signed'].includes(this.state)) return;
    const { state } = this;
    this.facts.current = index;
    await this.step('loading', async () => {
      if (state === 'confirming') return this.confirmCurrent();
      await this.showCurrent();
      this.enter(state);
    });
  }

  want(index: number, isWanted: boolean): void {
    const item = this.facts.items[index];
    if (this.state === 'reviewing' && item?.isSeen) item.isWanted = isWanted;
  }

  /** The official has chosen a way of signing; only now something is connected to. */
  async choose(provider: SignProvider): Promise<void> {
    if (this.state !== 'reviewing') return provider.dispose();
    if (!this.facts.items.some(({ isWanted }) => isWanted)) return provider.dispose();
    this.provider?.dispose();
    this.provider = provider;
    if (provider.kind === 'file') return this.signByAgent(provider);
    await this.step('connecting', async () => {
      const { signal } = this.aborter;
      const purpose = this.facts.session?.purpose ?? 'person';
      await mustBeReady(provider, signal);
      const credentials = await provider.listCredentials({ purpose, signal });
      this.facts.credentials = credentials;
      const [only, ...more] = credentials;
      if (!only) throw new SignerError('E_NO_TOKEN');
      if (more.length > 0) this.enter('choosing');
      else await this.prepareWith(only);
    });
  }

  /** The agent shows the document in its own window, signs it there and brings it back: the axis judges what came, not this page. */
  private async signByAgent(provider: SignProvider): Promise<void> {
    const [item] = this.facts.items;
    if (!item) return;
    await this.step('connecting', async () => {
      const { signal } = this.aborter;
      await mustBeReady(provider, signal);
      const { uploadId, ...addresses } = await this.api.files(item.document.documentId);
      this.enter('signing');
      const action = this.facts.session?.action ?? '';
      const failed = await provider
        .signFile?.({ ...addresses, action, signal })
        .catch((error: unknown) => error);
      // An agent that failed behind its upload has brought the file all the same.
      const done = await this.api.fileOutcome(uploadId);
      if (!done) throw failed ?? new SignerError('E_AGENT_REPLY');
      this.facts.isSigned = true;
      this.signed(item, done);
      this.forgetKey();
      this.enter('signed');
    });
  }

  private signed(item: Item, done: SignedDocument): void {
    item.signed = done;
    const { documentId, version, sha256: sha256Signed, level, signedAt, ledgerIndex } = done;
    this.tell({
      kind: 'signed',
      signed: { documentId, version, sha256Signed, level, signedAt, ledgerIndex },
    });
  }

  async chooseCredential(id: string): Promise<void> {
    const credential = this.facts.credentials.find((one) => one.id === id);
    if (this.state === 'choosing' && credential)
      await this.step('preparing', () => this.prepareWith(credential));
  }

  /** The signature goes elsewhere: prepared, checked and shown anew. */
  async place(box: Box): Promise<void> {
    const { credential, items, current } = this.facts;
    const item = items[current];
    if (this.state !== 'confirming' || !credential || !item) return;
    await this.step('preparing', async () => {
      const place = placeOf(box, await this.stage.viewOf(box.page));
      const places = new Map(items.flatMap((one) => placed(one)));
      await this.prepareAt(credential, places.set(item.document.documentId, place));
    });
  }

  /** The official has seen the code and confirms. */
  async sign(): Promise<void> {
    const { credential } = this.facts;
    const items = readyItems(this.facts.items);
    if (this.state !== 'confirming' || !credential || !this.provider || items.length === 0) return;
    if (items.some(({ prepared }) => (prepared?.goodUntil ?? 0) <= performance.now()))
      return this.renew(credential);
    const provider = this.provider;
    await this.step('signing', async () => {
      const request = { credential, items: await signItems(items), display: this.display(items) };
      const { values, encoding } = await provider.sign({ ...request, signal: this.aborter.signal });
      if (values.length !== items.length) throw new SignerError('E_SIGNATURE');
      if (this.isCancelled()) return;
      this.values = items.map(({ prepared }, i) => ({
        prepareId: prepared?.prepareId ?? '',
        bytes: values[i] as Bytes,
        encoding,
      }));
      this.facts.isSigned = true;
      this.enter('signing');
      await this.finish();
    });
  }

  /** No key is used for what would not be taken any more: it is prepared anew, with a code to be confirmed anew. */
  private async renew(credential: Credential): Promise<void> {
    const places = new Map(this.facts.items.flatMap((one) => placed(one)));
    await this.step('preparing', () => this.prepareAt(credential, places, true));
  }

  /** The same values once more, where the answer was lost or the time-stamp missing. */
  async sendAgain(): Promise<void> {
    if (this.state === 'failed' && this.facts.isSigned) await this.step('signing', () => this.finish());
  }

  /** Back to the choice of a key; what was prepared is left to expire. */
  async back(): Promise<void> {
    if (this.facts.isSigned || !['choosing', 'confirming', 'failed'].includes(this.state)) return;
    this.forgetKey();
    if (this.opening) return this.opening();
    await this.step('loading', async () => {
      await this.showCurrent();
      this.enter('reviewing');
    });
  }

  cancel(by: 'user' | 'host'): void {
    if (this.state === 'signed' || this.isCancelled() || this.facts.isSigned) return;
    this.aborter.abort();
    this.forgetKey();
    this.enter('cancelled');
    this.tell({ kind: 'cancelled', by });
  }

  /** What a provider has to say while it works. */
  says(change: Partial<Pick<Facts, 'pairingCode' | 'visit'>>): void {
    Object.assign(this.facts, change);
    this.stage.enter(this.state, this.facts);
  }

  private display(items: readonly Item[]) {
    const { session, credential, code } = this.facts;
    return {
      origin: this.parentOrigin,
      title: items[0]?.document.title ?? '',
      code,
      signer: credential?.holder ?? '',
      capacity: session?.capacity ?? '',
      count: items.length,
    };
  }

  private async showCurrent(shown?: (pages: number, item: Item) => void): Promise<void> {
    const item = this.facts.items[this.facts.current];
    if (!item) return;
    const pages = await this.stage.show(item.checked?.bytes ?? item.bytes);
    if (!item.isSeen) Object.assign(item, { isSeen: true, isWanted: true });
    shown?.(pages, item);
  }

  /** Shows the document as it will be signed, and where. */
  private async confirmCurrent(): Promise<void> {
    await this.showCurrent();
    const item = this.facts.items[this.facts.current];
    const place = item?.prepared?.place;
    if (item) item.box = place ? boxOf(place, await this.stage.viewOf(place.page)) : null;
    this.enter('confirming');
    if (item?.box) await this.stage.reveal(item.box);
  }

  private async prepareWith(credential: Credential): Promise<void> {
    this.enter('preparing');
    const places = new Map<string, Place>();
    const { items } = this.facts;
    // A seal, initials and the corner of copies have places by other rules, which the axis knows.
    if (this.facts.session?.action === 'approve')
      for (const item of items.filter(({ isWanted }) => isWanted)) {
        const room = await this.stage.roomFor(credential.holder, item.bytes);
        if (room) places.set(item.document.documentId, room);
      }
    await this.prepareAt(credential, places);
  }

  private async prepareAt(
    credential: Credential,
    places: ReadonlyMap<string, Place>,
    isRenewed = false,
  ): Promise<void> {
    const { items } = this.facts;
    await prepareAll(items, credential, places, this.api);
    const ready = readyItems(items);
    const first = items[this.facts.current];
    if (first && !ready.includes(first)) this.facts.current = items.indexOf(ready[0] as Item);
    Object.assign(this.facts, { credential, isRenewed, code: await codeOf(ready) });
    await this.confirmCurrent();
  }

  /** @throws SignerError where a document may still be finished by the same value */
  private async finish(): Promise<void> {
    const open = this.values.filter(({ prepareId }) => !this.itemOf(prepareId)?.signed);
    let unfinished: SignerError | null = null;
    for (const { prepareId, outcome } of await this.api.finalize(open)) {
      const item = this.itemOf(prepareId);
      if (!item) continue;
      item.error = 'error' in outcome ? outcome.error : null;
      if ('done' in outcome) {
        this.signed(item, outcome.done);
      } else if (isSentAgain(outcome.error.code)) unfinished = outcome.error;
    }
    if (unfinished) throw unfinished;
    const refused = this.facts.items.find(({ error, prepared }) => error && prepared)?.error;
    if (refused && !this.facts.items.some(({ signed }) => signed)) {
      // Nothing came of these values and nothing will: the way back is open.
      this.facts.isSigned = refused.code !== 'E_PREPARED_EXPIRED';
      throw refused;
    }
    this.forgetKey();
    this.enter('signed');
  }

  private itemOf(prepareId: string): Item | undefined {
    return this.facts.items.find(({ prepared }) => prepared?.prepareId === prepareId);
  }

  /** @throws nothing: what fails is a state. A step that was cancelled meanwhile changes nothing any more. */
  private async step(state: SignerState, work: () => Promise<void>): Promise<void> {
    this.facts.error = null;
    this.aborter = new AbortController();
    this.enter(state);
    try {
      await work();
    } catch (thrown) {
      if (this.isCancelled()) return;
      if (!(thrown instanceof SignerError)) console.error(thrown);
      const error = thrown instanceof SignerError ? thrown : new SignerError('E_NETWORK');
      this.facts.error = error;
      const failing = this.provider?.id;
      const isProviders = remedyOf(error.code, false) === 'other-way';
      if (failing && isProviders) this.facts.failedProviders = [...this.facts.failedProviders, failing];
      Object.assign(this.facts, { pairingCode: null, visit: null });
      this.enter('failed');
      const retryable = remedyOf(error.code, this.facts.isSigned) !== 'leave';
      this.tell({ kind: 'error', code: error.code, retryable });
    }
  }

  private isCancelled(): boolean {
    return this.state === 'cancelled';
  }

  private forgetKey(): void {
    this.provider?.dispose();
    this.provider = null;
    Object.assign(this.facts, {
      credential: null,
      credentials: [],
      code: '',
      pairingCode: null,
      visit: null,
    });
    if (!this.facts.isSigned)
      for (const item of this.facts.items)
        Object.assign(item, { prepared: null, checked: null, box: null, error: null });
  }

  private enter(state: SignerState): void {
    if (this.isCancelled()) return;
    this.state = state;
    this.stage.enter(state, this.facts);
    this.tell({ kind: 'state', state });
  }
}

function placed({ document, prepared }: Item): [string, Place][] {
  return prepared?.place ? [[document.documentId, prepared.place]] : [];
}
