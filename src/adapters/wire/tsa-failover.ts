import { type Clock, isTrucError, type Log, TrucError } from '../../kernel/index.ts';
import type { SigningErrorCode, TimestampClient } from '../../signing/index.ts';
import type { Guard } from './guarded-request.ts';
import { tsaClient } from './tsa-client.ts';

/** The official authority gets slow and odd when it is asked more at once. */
const IN_FLIGHT = 4;
/** An authority that failed is asked last for so long. */
const REST_MS = 60_000;

export interface TsaFailoverOptions {
  /** Authorities in order of preference. */
  urls: readonly string[];
  guard: Guard;
  clock: Clock;
  log: Log;
  /** Milliseconds that one authority is waited for; 180,000 where not given. */
  timeout?: number;
  /** What is wrong with a token over this digest, as a verdict would say it; null where it may be used. */
  check(token: Buffer, digest: Buffer): string | null;
}

/**
 * Asks the first authority, and the next one where it fails or gives a token that would not be accepted; at most four
 * requests are in flight, further ones wait for their turn.
 * The client throws TrucError `signing.timestamp-unreachable` with what each authority came to, when none gave a token.
 */
export function tsaFailover(options: TsaFailoverOptions): TimestampClient {
  const turn = turns(IN_FLIGHT);
  const restsUntil = new Map<string, number>();
  const { urls, clock, log } = options;

  async function ask(digest: Buffer, signal?: AbortSignal): Promise<Buffer> {
    const tried: { url: string; code: string; cause: string }[] = [];
    const resting = (url: string) => (restsUntil.get(url) ?? 0) > clock.now();
    const inOrder = [...urls.filter((url) => !resting(url)), ...urls.filter(resting)];
    for (const url of inOrder) {
      if (signal?.aborted) break;
      try {
        const token = await askOne(url, digest, options, signal);
        restsUntil.delete(url);
        return token;
      } catch (error) {
        if (!isTrucError(error)) throw error;
        // Who stopped waiting says nothing about the authority.
        if (signal?.aborted) break;
        restsUntil.set(url, clock.now() + REST_MS);
        const { cause = error.facts.part ?? '' } = error.facts;
        tried.push({ url, code: error.code, cause: String(cause) });
        log.warn({ url, code: error.code, cause }, 'time-stamp authority gave no token');
      }
    }
    throw new TrucError<SigningErrorCode>('signing.timestamp-unreachable', { cause: 'all-failed', tried });
  }
  return (digest, signal) => turn(() => ask(digest, signal));
}

async function askOne(
  url: string,
  digest: Buffer,
  { guard, timeout, check }: TsaFailoverOptions,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const client = tsaClient({ url, guard, ...(timeout === undefined ? {} : { timeout }) });
  const token = await client(digest, signal);
  const fault = check(token, digest);
  if (fault !== null) throw new TrucError<SigningErrorCode>('signing.timestamp-untrusted', { cause: fault });
  return token;
}

/** Runs at most so many at once, in the order in which they came. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
