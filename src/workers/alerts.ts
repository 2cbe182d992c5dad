import { type Sample, type Watch, watchRound } from '../alerts/index.ts';
import type { Turn } from './augment.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 30_000;

export interface AlertWorker extends Worker {
  /** What was read last by this node; null while another one watches. */
  latest(): Sample | null;
}

/** @param turn where nodes share stores: one of them watches, so that nobody is told twice */
export function alertWorker(
  read: () => Promise<Sample>,
  watch: Watch,
  turn?: Turn,
  everyMs = EVERY_MS,
): AlertWorker {
  let latest: Sample | null = null;
  const worker = repeating({ what: 'alerts', everyMs, log: watch.log }, async () => {
    if (turn && !(await turn.take())) {
      latest = null;
      return;
    }
    latest = await read();
    await watchRound(latest, watch);
  });
  return {
    latest: () => latest,
    stop: async () => {
      await worker.stop();
      // Not given up, it ends by itself.
      await turn?.give().catch(() => {});
    },
  };
}
