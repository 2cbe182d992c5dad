import type { Clock } from '../kernel/index.ts';
import type { TimestampClient } from '../signing/index.ts';

/** How the time-stamp authority has been answering this node. */
export interface TimestampWatch {
  client: TimestampClient | null;
  /** What the last one took, and a minute for each failure since; null before the first. */
  seconds(): number | null;
}

const PER_FAILURE_SECONDS = 60;

/** Watches a client as it is used; nobody is asked for the sake of watching. */
export function watchTimestamps(client: TimestampClient | null, clock: Clock): TimestampWatch {
  let last: number | null = null;
  let failures = 0;
  if (!client) return { client: null, seconds: () => null };
  return {
    client: async (digest, signal) => {
      const began = clock.now();
      try {
        const token = await client(digest, signal);
        last = Math.max(0, clock.now() - began) / 1_000;
        failures = 0;
        return token;
      } catch (error) {
        // Given up by us says nothing of the authority.
        if (!signal?.aborted) failures++;
        throw error;
      }
    },
    seconds: () => (last === null && failures === 0 ? null : (last ?? 0) + failures * PER_FAILURE_SECONDS),
  };
}
