import { type Log, sleep } from '../kernel/index.ts';

export interface Worker {
  /** Ends after what is in hand. */
  stop(): Promise<void>;
}

/** Work that is done again and again with a pause before each round; a round that fails is logged, and the next one comes. */
export function repeating(
  { what, everyMs, log }: { what: string; everyMs: number; log: Log },
  round: () => Promise<void>,
): Worker {
  const stopping = new AbortController();

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await round();
      } catch (error) {
        log.error({ error: String(error) }, `${what} failed`);
      }
    }
  }

  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
