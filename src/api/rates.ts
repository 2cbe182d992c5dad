import type { RateLimiter } from '../agency/index.ts';
import type { Caller } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';

/** What is counted apart: what makes the axis judge signatures, and everything else. */
export type RateKind = 'submissions' | 'requests';

/** Turns of one system in a minute; 0 = not counted. */
export type Rates = Readonly<Record<RateKind, number>>;

const MINUTE_MS = 60_000;

/**
 * Takes a turn of the caller's system. Its agencies are not told apart: who sends is known only when the body was read.
 * @throws TrucError `api.rate-limited` with `retryAfter` in seconds
 */
export async function takeTurn(
  limiter: RateLimiter,
  rates: Rates,
  kind: RateKind,
  { clientId }: Caller,
): Promise<void> {
  const count = rates[kind];
  if (count === 0) return;
  const wait = await limiter.take(`${kind}:${clientId}`, { count, perMs: MINUTE_MS });
  if (wait > 0) throw new TrucError('api.rate-limited', { retryAfter: Math.ceil(wait / 1_000) });
}
