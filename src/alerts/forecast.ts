import type { Sample } from './measure.ts';

const DAY_MS = 86_400_000;
/** Less than this says nothing of how it goes on. */
const LEAST_MS = 6 * 3_600_000;
/** Farther than this nobody plans. */
const MOST_DAYS = 3_650;

export interface DiskUse {
  /** Milliseconds since 1970 UTC. */
  at: number;
  freeBytes: number;
}

/**
 * Days until the disk is full, by the line of least squares through what was free. Null before six hours of samples.
 * What does not shrink is as far away as can be said.
 */
export function daysUntilFull(uses: readonly DiskUse[]): number | null {
  const [first] = uses;
  const last = uses.at(-1);
  if (!first || !last || last.at - first.at < LEAST_MS) return null;
  const mean = (of: (use: DiskUse) => number) => uses.reduce((sum, use) => sum + of(use), 0) / uses.length;
  const [time, free] = [mean((use) => use.at), mean((use) => use.freeBytes)];
  const spread = mean((use) => (use.at - time) ** 2);
  const slope = mean((use) => (use.at - time) * (use.freeBytes - free)) / spread;
  if (slope >= 0) return MOST_DAYS;
  return Math.min(MOST_DAYS, Math.max(0, last.freeBytes / -slope / DAY_MS));
}

/** Values of one measure over samples. */
export function seriesOf(
  samples: readonly Sample[],
  measure: string,
  label: string,
): { at: number; value: number }[] {
  return samples.flatMap(({ at, readings }) => {
    const found = readings.find((one) => one.measure === measure && one.label === label);
    return found ? [{ at: Date.parse(at), value: found.value }] : [];
  });
}
