import { type Bytes, sha256, toBase64 } from '../../checks/bytes.ts';
import { SignerError } from '../../errors.ts';

/** A page of the service that the official has to visit, and how the answer may be brought back by hand. */
export interface Visit {
  url: string;
  /** Takes what the last page shows, where the browser lets the two windows not speak with each other. */
  paste(text: string): void;
}

/** Proof that this page asked (RFC 7636), and the code that the service gave. */
export interface VisitResult {
  code: string;
  codeVerifier: string;
}

const PERSON_MS = 300_000;

/**
 * Sends the official to the service by a link, which no popup blocker minds, and waits for the code. Nothing is stored: state and verifier
 * live in this call.
 * @param urlOf asks the axis for the page's address
 * @throws SignerError `E_USER_CANCELLED`, `E_USER_TIMEOUT`, `E_REMOTE`
 */
export async function visit(
  urlOf: (query: { state: string; codeChallenge: string }) => Promise<string>,
  show: (visit: Visit | null) => void,
  signal: AbortSignal,
): Promise<VisitResult> {
  const [state, codeVerifier] = [secret(), secret()];
  const challenge = await sha256(new TextEncoder().encode(codeVerifier));
  const url = await urlOf({ state, codeChallenge: base64url(challenge) });
  const { promise, resolve, reject } = Promise.withResolvers<VisitResult>();
  const take = (query: string) => {
    const answer = new URLSearchParams(query.trim());
    if (answer.get('state') !== state) return;
    const code = answer.get('code');
    if (code) resolve({ code, codeVerifier });
    else reject(new SignerError(answer.get('error') === 'access_denied' ? 'E_USER_CANCELLED' : 'E_REMOTE'));
  };
  const heard = ({ origin, data }: MessageEvent<unknown>) => {
    if (origin === location.origin && typeof data === 'string') take(data);
  };
  const cancelled = () => reject(new SignerError('E_USER_CANCELLED'));
  const timer = setTimeout(() => reject(new SignerError('E_USER_TIMEOUT')), PERSON_MS);
  addEventListener('message', heard);
  signal.addEventListener('abort', cancelled);
  show({ url, paste: take });
  return promise.finally(() => {
    clearTimeout(timer);
    removeEventListener('message', heard);
    signal.removeEventListener('abort', cancelled);
    show(null);
  });
}

function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Bytes): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
