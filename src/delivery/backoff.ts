/** Why an attempt failed, in the classes that decide what happens next. */
export type FailureClass = 'network' | 'server' | 'throttled' | 'contract' | 'recipient';

const STEPS_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
const JITTER = 0.2;
const THROTTLED_FLOOR_MS = 60_000;

/**
 * Milliseconds until the next attempt: 5 s, 30 s, 2 min, 10 min, 30 min, then hourly, ± 20 %. A Retry-After of the
 * other side is honoured between the step and an hour beyond it.
 * @param attempts attempts made so far, at least 1
 * @param random a number in [0, 1)
 */
export function retryDelay(
  attempts: number,
  failure: FailureClass,
  random: number,
  retryAfterMs: number | null = null,
): number {
  const step = STEPS_MS[Math.min(attempts, STEPS_MS.length) - 1] ?? (STEPS_MS.at(-1) as number);
  const base = failure === 'throttled' ? Math.max(step, THROTTLED_FLOOR_MS) : step;
  const jittered = Math.round(base * (1 - JITTER + 2 * JITTER * random));
  if (retryAfterMs === null) return jittered;
  return Math.min(Math.max(jittered, retryAfterMs), base + 3_600_000);
}

/** A contract error (4xx other than 408, 425, 429) will not heal by itself: stop and tell the sender. */
export function mayRetry(failure: FailureClass): boolean {
  return failure !== 'contract';
}
