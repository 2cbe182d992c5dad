const SOONEST_MS = 60_000;
const FIRST_RETRY_MS = 30_000;
const LATEST_RETRY_MS = 30 * 60_000;
/** Longest that a server's Retry-After is followed. */
const LONGEST_REST_MS = 6 * 3_600_000;

/**
 * When to ask again after an answer: every `everyMs`, since authorities publish a revocation before its time; and always
 * early enough to try several times before the answer ends.
 * @param nextUpdate of the answer, milliseconds; null: not stated
 * @param random a number in [0, 1), so that nodes and installations do not ask at one moment
 * @returns milliseconds since 1970
 */
export function nextFetch(nextUpdate: number | null, now: number, everyMs: number, random: number): number {
  const half = nextUpdate === null ? everyMs : (nextUpdate - now) / 2;
  const pause = Math.min(everyMs, Math.max(SOONEST_MS, half));
  return now + Math.round(pause * (0.9 + 0.2 * random));
}

/** When to ask again after so many failures in a row; never before the server wants it. */
export function nextAttempt(
  failures: number,
  now: number,
  retryAfterMs: number | null,
  random: number,
): number {
  const pause = Math.min(LATEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
  const jittered = Math.round(pause * (0.75 + 0.5 * random));
  return now + Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_REST_MS));
}
