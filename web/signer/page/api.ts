import type { Language } from '../protocol.ts';
import { type Bytes, toBase64 } from './checks/bytes.ts';
import type { Prepared } from './checks/checks.ts';
import { errorOfProblem, SignerError } from './errors.ts';
import type { Place } from './placing.ts';
import type { Credential, KeyProtection, ProviderOffer } from './providers/provider.ts';

/** The signing service as this page calls it: docs/spec/signing.md is the contract. */
export interface Session {
  sessionId: string;
  accessToken: string;
  expiresAt: string;
  action: string;
  purpose: 'person' | 'agency';
  capacity: string;
  label: string | null;
  agency: { code: string; name: string };
  keyProtection: readonly KeyProtection[];
  /** Ways of signing, in the order that the agency prefers. */
  providers: readonly ProviderOffer[];
  documents: readonly SessionDocument[];
}

export interface SessionDocument {
  documentId: string;
  title: string;
  format: string;
  version: number;
  sha256: string;
  size: number;
  ledgerIndex: number;
}

export interface PreparedDocument extends Prepared {
  documentId: string;
  prepareId: string;
  /** Where the signature is drawn. */
  place: Place | null;
  /** Where an agent gets the prepared bytes itself. */
  preparedUrl?: string;
  expiresAt: string;
  /** The same on this page's own clock, milliseconds: the official's machine may think that it is another day. */
  goodUntil: number;
}

export interface SignedDocument {
  documentId: string;
  version: number;
  sha256: string;
  level: string;
  signedAt: string;
  ledgerIndex: number;
  receipt: unknown;
}

/** What came of one document of a batch. */
export type Outcome<T> = { done: T } | { error: SignerError };

export interface SignatureValue {
  prepareId: string;
  bytes: Bytes;
  /** How an ECDSA value is written; RSA values are the octets. */
  encoding: 'der' | 'ieee-p1363';
}

/** Whoever confirms later than that before the end is too late with a token and a PIN. */
const LATEST_MS = 60_000;

/** All calls throw SignerError: the service's own reason, or `E_NETWORK` where there is no answer. */
export class SigningApi {
  private readonly language: Language;
  private session: Session | null = null;

  constructor(language: Language) {
    this.language = language;
  }

  /** @param parentOrigin origin of the page that brought the ticket, as the browser says */
  async open(ticket: string, parentOrigin: string, user: string | null): Promise<Session> {
    const answer = await this.call('/v1/sign/sessions', { ticket, parentOrigin, user });
    this.session = (await answer.json()) as Session;
    return this.session;
  }

  async bytesOf(document: SessionDocument): Promise<Bytes> {
    const answer = await this.call(`${this.path()}/document?documentId=${document.documentId}`);
    const bytes = await answer.arrayBuffer().catch(() => {
      throw new SignerError('E_NETWORK');
    });
    return new Uint8Array(bytes);
  }

  /** @param places by documentId, where signatures are drawn; the axis's rules say where for the others */
  async prepare(
    credential: Credential,
    places: ReadonlyMap<string, Place>,
  ): Promise<{ documentId: string; outcome: Outcome<PreparedDocument> }[]> {
    const answer = await this.call(`${this.path()}/prepare`, {
      certificate: toBase64(credential.certificate),
      chain: credential.chain.map(toBase64),
      keyProtection: credential.keyProtection,
      documents: Array.from(places, ([documentId, place]) => ({ documentId, place })),
    });
    const now = performance.now();
    const serverNow = Date.parse(answer.headers.get('date') ?? '');
    const { documents } = (await json(answer)) as Answers<PreparedDocument>;
    return documents.map((one) => {
      const rest = Date.parse(one.expiresAt) - serverNow;
      const goodUntil = Number.isNaN(rest) ? Number.POSITIVE_INFINITY : now + rest - LATEST_MS;
      return { documentId: one.documentId, outcome: outcomeOf({ ...one, goodUntil }) };
    });
  }

  /** May be repeated with the same values: nothing is ever signed twice. */
  async finalize(
    values: readonly SignatureValue[],
  ): Promise<{ prepareId: string; outcome: Outcome<SignedDocument> }[]> {
    const signatures = values.map(({ prepareId, bytes, encoding }) => ({
      prepareId,
      signature: toBase64(bytes),
      encoding,
    }));
    const answer = await this.call(`${this.path()}/finalize`, { signatures });
    const { documents } = (await json(answer)) as Answers<SignedDocument & { prepareId: string }>;
    return documents.map((one) => ({ prepareId: one.prepareId, outcome: outcomeOf(one) }));
  }

  /** Addresses for an agent that signs the file itself; each works once. */
  async files(documentId: string): Promise<{ uploadId: string; downloadUrl: string; uploadUrl: string }> {
    const answer = await this.call(`${this.path()}/files`, { documentId });
    return (await answer.json()) as { uploadId: string; downloadUrl: string; uploadUrl: string };
  }

  /** What came back of it; null where nothing was taken. */
  async fileOutcome(uploadId: string): Promise<SignedDocument | null> {
    const answer = await this.call(`${this.path()}/files/${uploadId}`);
    const outcome = (await answer.json().catch(() => ({}))) as SignedDocument & { status?: string };
    return outcome.status === 'signed' ? outcome : null;
  }

  /** A step of remote signing: the service is spoken with by the axis. */
  async remote(step: 'visit' | 'credentials' | 'sign', body: object): Promise<Record<string, unknown>> {
    const answer = await this.call(`${this.path()}/remote/${step}`, body);
    return (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  }

  private path(): string {
    return `/v1/sign/sessions/${this.session?.sessionId}`;
  }

  private async call(path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = { 'accept-language': this.language };
    if (this.session) headers.authorization = `Bearer ${this.session.accessToken}`;
    if (body) headers['content-type'] = 'application/json';
    const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    const answer = await fetch(path, { ...request, credentials: 'omit', redirect: 'error' }).catch(() => {
      throw new SignerError('E_NETWORK');
    });
    if (answer.ok) return answer;
    throw errorOfProblem(await answer.json().catch(() => ({})));
  }
}

interface Answers<T> {
  documents: (T & { status?: string; problem?: object })[];
}

/** @throws SignerError `E_NETWORK` where the connection broke within the answer, or it is none of ours */
async function json(answer: Response): Promise<{ documents: unknown[] }> {
  const body = (await answer.json().catch(() => null)) as { documents?: unknown } | null;
  if (!Array.isArray(body?.documents)) throw new SignerError('E_NETWORK');
  return { documents: body.documents };
}

function outcomeOf<T extends { status?: string; problem?: object }>(document: T): Outcome<T> {
  return document.status === 'failed'
    ? { error: errorOfProblem(document.problem ?? {}) }
    : { done: document };
}
