import type { Rate } from '../agency/index.ts';

export interface LocalRates {
  /** As the port's, at once. */
  take(key: string, rate: Rate): number;
}

/** Keys beyond which those that have their whole rate again are forgotten. */
const KEPT = 10_000;

/**
 * Turns of this process, by the generic cell rate algorithm (ITU-T I.371, Annex A): one time per key, from which on its
 * rate is whole again. Unlike a count per minute it does not let twice the rate through around the minute's end.
 * @param now milliseconds of a clock that never goes back
 */
export function localRates(now: () => number = () => performance.now()): LocalRates {
  const wholeAt = new Map<string, number>();

  function forget(at: number): void {
    for (const [key, whole] of wholeAt) if (whole <= at) wholeAt.delete(key);
  }

  return {
    take: (key, { count, perMs }) => {
      const at = now();
      const next = Math.max(wholeAt.get(key) ?? at, at) + perMs / count;
      const wait = next - perMs - at;
      // A thousandth of a millisecond is rounding.
      if (wait > 0.001) return wait;
      if (wholeAt.size >= KEPT) forget(at);
      wholeAt.set(key, next);
      return 0;
    },
  };
}
