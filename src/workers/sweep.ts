import { expireDeliveries, expireHeld, recover, type Stations } from '../exchange/index.ts';
import { sleep } from '../kernel/index.ts';
import type { Worker } from './deliver.ts';

const EVERY_MS = 15_000;
/** Younger documents are still in the hands of the request that brought them. */
const GRACE_MS = 30_000;

/** Looks again and again for what was left behind: half-finished documents, unrecorded events, passed deadlines. */
export function sweepWorker(x: Stations): Worker {
  const stopping = new AbortController();

  async function round(): Promise<void> {
    try {
      const found = await recover(x, GRACE_MS);
      const expired = await expireDeliveries(x);
      const undecided = await expireHeld(x);
      if (found.documents + found.events + expired + undecided > 0)
        x.log.warn({ ...found, expired, undecided }, 'sweep finished what was left behind');
    } catch (error) {
      x.log.error({ error: String(error) }, 'sweep failed');
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(EVERY_MS, stopping.signal);
      if (!stopping.signal.aborted) await round();
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
