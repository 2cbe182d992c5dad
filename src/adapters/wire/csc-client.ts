import { X509Certificate } from 'node:crypto';
import { TrucError } from '../../kernel/index.ts';
import type {
  RemoteCredential,
  RemoteGrant,
  RemoteSigning,
  RemoteVisit,
  SigningErrorCode,
} from '../../signing/index.ts';
import { type Guard, guardedRequest } from './guarded-request.ts';

export interface CscOptions {
  /** Base URI of the service, such as https://rssp.example.vn/csc/v2. */
  url: string;
  clientId: string;
  clientSecret: string;
  guard: Guard;
}

const TIMEOUT_MS = 20_000;
const MOST_OCTETS = 1024 * 1024;
const MOST_CREDENTIALS = 10;
const SHA256 = '2.16.840.1.101.3.4.2.1';
const RSA_WITH_SHA256 = '1.2.840.113549.1.1.11';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** A client of the Cloud Signature Consortium's API, version 2: OAuth with PKCE (§8.3), credentials (§11.4, §11.5), signHash (§11.9). */
export function cscClient(options: CscOptions): RemoteSigning {
  return {
    visit: (wanted) => visitOf(wanted, options),
    credentials: async (grant) => {
      const token = await tokenOf(grant, options);
      const { credentialIDs } = await call('credentials/list', {}, token, options);
      if (!Array.isArray(credentialIDs)) throw refused('credentials/list');
      const ids = credentialIDs.slice(0, MOST_CREDENTIALS).map(String);
      return Promise.all(ids.map((id) => credentialOf(id, token, options)));
    },
    sign: async (grant, credentialId, digests) => {
      const token = await tokenOf(grant, options);
      const { chain } = await credentialOf(credentialId, token, options);
      const isRsa = new X509Certificate(chain[0] as Buffer).publicKey.asymmetricKeyType === 'rsa';
      const request = {
        credentialID: credentialId,
        hashes: digests.map((one) => one.toString('base64')),
        hashAlgorithmOID: SHA256,
        signAlgo: isRsa ? RSA_WITH_SHA256 : ECDSA_WITH_SHA256,
      };
      const { signatures } = await call('signatures/signHash', request, token, options);
      if (!Array.isArray(signatures) || signatures.length !== digests.length)
        throw refused('signatures/signHash');
      return signatures.map((one) => Buffer.from(String(one), 'base64'));
    },
  };
}

function visitOf(wanted: RemoteVisit, { url, clientId }: CscOptions): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: wanted.redirectUri,
    scope: wanted.scope,
    state: wanted.state,
    code_challenge: wanted.codeChallenge,
    code_challenge_method: 'S256',
  });
  if (wanted.credentialId) query.set('credentialID', wanted.credentialId);
  if (wanted.digests) {
    query.set('numSignatures', String(wanted.digests.length));
    query.set('hashes', wanted.digests.map((one) => one.toString('base64url')).join(','));
    query.set('hashAlgorithmOID', SHA256);
  }
  if (wanted.clientData) query.set('clientData', wanted.clientData);
  return `${url}/oauth2/authorize?${query}`;
}

async function tokenOf(
  { code, codeVerifier, redirectUri }: RemoteGrant,
  options: CscOptions,
): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
    client_id: options.clientId,
    client_secret: options.clientSecret,
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { access_token: token } = await post('oauth2/token', Buffer.from(String(form)), headers, options);
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(token)) throw refused('oauth2/token');
  return token;
}

async function credentialOf(id: string, token: string, options: CscOptions): Promise<RemoteCredential> {
  const asked = { credentialID: id, certificates: 'chain' };
  const { cert, multisign } = await call('credentials/info', asked, token, options);
  const { certificates } = (cert ?? {}) as { certificates?: unknown };
  const chain = Array.isArray(certificates)
    ? certificates.map((one) => Buffer.from(String(one), 'base64'))
    : [];
  if (!chain.length || !chain.every(isCertificate)) throw refused('credentials/info');
  return { id, chain, multisign: typeof multisign === 'number' ? multisign : 1 };
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}

function call(path: string, body: object, token: string, options: CscOptions) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return post(path, Buffer.from(JSON.stringify(body)), headers, options);
}

async function post(
  path: string,
  body: Buffer,
  headers: Record<string, string>,
  { url, guard }: CscOptions,
): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = {
    url: `${url}/${path}`,
    method: 'POST',
    headers,
    body,
    guard,
    signal,
    limit: MOST_OCTETS,
  } as const;
  const answer = await guardedRequest(request).catch((error: unknown) => {
    throw new TrucError<SigningErrorCode>('signing.remote-unavailable', { cause: path }, error);
  });
  if ('refused' in answer)
    throw new TrucError<SigningErrorCode>('signing.remote-unavailable', { cause: answer.refused });
  const value = parsed(answer.body);
  if (answer.status === 200 && value && !answer.cut) return value;
  if (answer.status >= 500)
    throw new TrucError<SigningErrorCode>('signing.remote-unavailable', { cause: path });
  throw refused(String(value?.error_description ?? value?.error ?? path).slice(0, 200));
}

function parsed(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function refused(cause: string): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.remote-refused', { cause });
}
