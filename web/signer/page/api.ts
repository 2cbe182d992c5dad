import type { Language } from '../protocol.ts';
import { type Bytes, toBase64 } from './checks/bytes.ts';
import type { Prepared } from './checks/checks.ts';
import { errorOfProblem, SignerError } from './errors.ts';
import type { Place } from './placing.ts';

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
  keyProtection: readonly string[];
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

export interface Credential {
  certificate: Bytes;
  chain: readonly Bytes[];
  keyProtection: string;
}

export interface SignatureValue {
  bytes: Bytes;
  /** How an ECDSA value is written; RSA values are the octets. */
  encoding: 'der' | 'ieee-p1363';
}

/** Larger files are not held in a page's memory. */
const MOST_BYTES = 100 * 1024 * 1024;

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
    if (document.size > MOST_BYTES) throw new SignerError('E_FORMAT');
    const answer = await this.call(`${this.path()}/document?documentId=${document.documentId}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** @param place where the signature is drawn; the axis's rules say where there is none */
  async prepare(credential: Credential, documentId: string, place: Place | null): Promise<PreparedDocument> {
    const answer = await this.call(`${this.path()}/prepare`, {
      certificate: toBase64(credential.certificate),
      chain: credential.chain.map(toBase64),
      keyProtection: credential.keyProtection,
      documents: [{ documentId, place }],
    });
    return outcome<PreparedDocument>(await answer.json());
  }

  /** May be repeated with the same value: it is never signed twice. */
  async finalize(prepareId: string, value: SignatureValue): Promise<SignedDocument> {
    const signature = { prepareId, signature: toBase64(value.bytes), encoding: value.encoding };
    const answer = await this.call(`${this.path()}/finalize`, { signatures: [signature] });
    return outcome<SignedDocument>(await answer.json());
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

/** The one document of the answer, or the problem that it failed with. */
function outcome<T>(answer: { documents?: { status?: string; problem?: object }[] }): T {
  const [document] = answer.documents ?? [];
  if (!document) throw new SignerError('E_NETWORK');
  if (document.status === 'failed') throw errorOfProblem(document.problem ?? {});
  return document as T;
}
