/** How often something may be done: `count` times at once, and again so many in `perMs` milliseconds. */
export interface Rate {
  count: number;
  perMs: number;
}

/**
 * Counts what callers do. Over all nodes together where they share a counter; where it is away each node counts alone,
 * for a limit must never be why documents are refused.
 */
export interface RateLimiter {
  /**
   * Takes one turn of the key. @returns 0 when it may be done now, else in how many milliseconds (then no turn was
   * taken). Never rejects.
   */
  take(key: string, rate: Rate): Promise<number>;
}
