import { isTrucError, randomBytes, TrucError } from '../../kernel/index.ts';
import {
  readTimestampResponse,
  type SigningErrorCode,
  type TimestampClient,
  timestampRequest,
} from '../../signing/index.ts';
import { type Guard, guardedRequest } from './guarded-request.ts';
import { targetGuard } from './target-guard.ts';

/** Vietnam's official authority has been seen to take 2 to 131 s. */
const DEFAULT_TIMEOUT = 180_000;
/** A token with its certificates is some 6 KB. */
const MAX_RESPONSE = 64 * 1024;

const ANYWHERE: Guard = targetGuard({ allowed: ['0.0.0.0/0', '::/0'], own: () => [] });

export interface TsaClientOptions {
  url: string;
  /** Milliseconds until the whole answer must be there; 180,000 where not given. */
  timeout?: number;
  /** Where the authority may be; anywhere but the addresses that are never a target where not given. */
  guard?: Guard;
}

/**
 * A timestamp client for one authority over HTTP (RFC 3161 §3.4): asks with a nonce and checks that the answer is granted, repeats the
 * nonce and stamps the digest asked for. The token's own signature is judged by verification, not here.
 * The client throws TrucError `signing.timestamp-unreachable` (network, HTTP status, timeout), `-refused` (with status
 * and failure bits), `-malformed`, `-mismatch`.
 */
export function tsaClient(options: TsaClientOptions): TimestampClient {
  return async (digest, signal) => {
    const nonce = randomBytes(8);
    const body = timestampRequest(digest, nonce);
    return readTimestampResponse(await post({ ...options, ...(signal && { signal }) }, body), digest, nonce);
  };
}

function unreachable(cause: string, error?: unknown): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.timestamp-unreachable', { cause }, error);
}

async function post(
  { url, timeout = DEFAULT_TIMEOUT, signal, guard = ANYWHERE }: TsaClientOptions & { signal?: AbortSignal },
  body: Buffer,
): Promise<Buffer> {
  const deadline = AbortSignal.timeout(timeout);
  try {
    const answer = await guardedRequest({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body,
      guard,
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      limit: MAX_RESPONSE,
    });
    if ('refused' in answer) throw unreachable(`target-${answer.refused}`);
    if (answer.status !== 200) throw unreachable(`status ${answer.status}`);
    if (answer.cut) throw new TrucError<SigningErrorCode>('signing.timestamp-malformed', { part: 'size' });
    return answer.body;
  } catch (error) {
    if (isTrucError(error)) throw error;
    throw unreachable(deadline.aborted ? 'timeout' : 'network', error);
  }
}
