import type { Clock } from './clock.ts';

export interface SteadyClock extends Clock {
  /**
   * Takes a reading of another machine's clock.
   * @param theirs milliseconds since 1970 UTC
   * @param withinMs how exact the reading is
   */
  compare(theirs: number, withinMs: number): void;
  /** How far the other machine's clock was ahead of this one's at the last reading, milliseconds. */
  apartMs(): number;
}

/** Two machines that keep time are closer than this. */
const MOST_APART_MS = 5_000;

/**
 * A clock that does not jump. It follows this machine's clock as long as another machine's says the same. While the two
 * disagree nobody knows which is right, and it runs on from the last moment at which they agreed, by a counter that
 * nobody sets. So neither a machine whose clock is set wrongly nor a server whose clock is can move it.
 * @param wall this machine's clock
 * @param counterMs milliseconds since any moment, never set back
 */
export function steadyClock(wall: Clock, counterMs: () => number = () => performance.now()): SteadyClock {
  let base = wall.now();
  let since = counterMs();
  let apart = 0;
  return {
    now: () => Math.floor(base + counterMs() - since),
    compare: (theirs, withinMs) => {
      const ours = wall.now();
      apart = theirs - ours;
      if (!(Math.abs(apart) <= MOST_APART_MS + withinMs)) return;
      base = ours;
      since = counterMs();
    },
    apartMs: () => apart,
  };
}

/** True when two clocks are so far apart that one of them is wrong. */
export function areApart(apartMs: number): boolean {
  return !(Math.abs(apartMs) <= MOST_APART_MS);
}
