/** What is in hand now, and whether any of it comes to an end. */
export interface Progress {
  /** The same promise; it counts as in hand until it settles. */
  of<T>(work: Promise<T>): Promise<T>;
  /** How long nothing has ended although something is in hand, milliseconds; 0 when nothing is. */
  stuckMs(): number;
}

export function progress(): Progress {
  let inHand = 0;
  let since = 0;
  return {
    of: async (work) => {
      if (inHand === 0) since = performance.now();
      inHand++;
      try {
        return await work;
      } finally {
        inHand--;
        since = performance.now();
      }
    },
    stuckMs: () => (inHand === 0 ? 0 : performance.now() - since),
  };
}
