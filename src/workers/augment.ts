import { augmentDue, type Stations } from '../exchange/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 60_000;
/** An authority that is away is asked less and less often, at least so often. */
const LONGEST_PAUSE_MS = 30 * 60_000;

/** A right that one node at a time has. */
export interface Turn {
  take(): Promise<boolean>;
  give(): Promise<void>;
}

/**
 * Adds to stored signatures what proves them for longer, ahead of the end of what they have (policy rule `augmentation`).
 * @param turn where nodes share stores: one of them does it, so that all together ask the authority no more than one would
 */
export function augmentWorker(x: Stations, turn?: Turn): Worker {
  const stopping = new AbortController();
  let pause = EVERY_MS;
  let waitUntil = Number.NEGATIVE_INFINITY;
  const worker = repeating({ what: 'augmentation', everyMs: EVERY_MS, log: x.log }, async () => {
    if (x.clock.now() < waitUntil) return;
    const mine = turn ? () => turn.take() : async () => true;
    const { made, failed, away } = await augmentDue(x, { signal: stopping.signal, mine });
    pause = away ? Math.min(2 * pause, LONGEST_PAUSE_MS) : EVERY_MS;
    waitUntil = away ? x.clock.now() + pause : Number.NEGATIVE_INFINITY;
    if (made + failed > 0) x.log.info({ made, failed, away }, 'signatures augmented');
  });
  return {
    stop: async () => {
      stopping.abort();
      await worker.stop();
      // Not given up, it ends by itself.
      await turn?.give().catch(() => {});
    },
  };
}
