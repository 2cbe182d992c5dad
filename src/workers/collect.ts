import { sleep } from '../kernel/index.ts';
import { officesThatCollect, takeArrivals, type WorkDesk } from '../workflow/index.ts';
import type { Worker } from './repeating.ts';

const IDLE_MS = 1_000;
/** Deliveries leased at once: as many as are surely done before their lease ends. */
const AT_ONCE = 20;

/**
 * Takes in what comes for the agencies that have their documents collected by themselves. Every node does it: a delivery is leased
 * to one of them, and what a node that ended had in hand is offered again.
 */
export function collectWorker(desk: WorkDesk): Worker {
  const stopping = new AbortController();

  async function round(): Promise<void> {
    const offices = await officesThatCollect(desk);
    if (offices.length === 0) return sleep(IDLE_MS, stopping.signal);
    const taken = await takeArrivals(offices, AT_ONCE, desk, stopping.signal);
    if (taken === 0) await desk.queue.wait(offices, IDLE_MS, stopping.signal);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (error) {
        // A store that is away for a while must not end the process, nor this loop.
        desk.log.error({ error: String(error) }, 'arrivals cannot be collected');
        await sleep(IDLE_MS, stopping.signal);
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
