import type { Endpoint } from '../agency/index.ts';
import type { Courier } from '../delivery/index.ts';
import { duePushes, push, type Stations } from '../exchange/index.ts';
import { sleep } from '../kernel/index.ts';
import type { Worker } from './repeating.ts';

/** Deliveries in flight to one endpoint; each endpoint has a lane of its own, so a slow one holds up nobody else. */
const PER_ENDPOINT = 4;
const IDLE_MS = 1_000;

/** Pushes waiting deliveries to the agencies that have an active endpoint. */
export function deliverWorker(x: Stations, courier: Courier): Worker {
  const stopping = new AbortController();
  const lanes = new Map<string, Promise<void>>();

  async function serve(endpoint: Endpoint): Promise<void> {
    try {
      const due = await duePushes(endpoint, PER_ENDPOINT, x);
      await Promise.all(due.map((delivery) => push(delivery, endpoint, courier, x)));
      if (due.length > 0) x.queue.wake([endpoint.agencyId]);
    } catch (error) {
      x.log.error({ agency: endpoint.agencyId, error: String(error) }, 'push failed');
    } finally {
      lanes.delete(endpoint.agencyId);
    }
  }

  async function round(): Promise<void> {
    const active = (await x.endpoints.list()).filter(({ active, push }) => active && push !== 'office');
    for (const endpoint of active) {
      if (!lanes.has(endpoint.agencyId)) lanes.set(endpoint.agencyId, serve(endpoint));
    }
    const ids = active.map((endpoint) => endpoint.agencyId);
    if (ids.length === 0) await sleep(IDLE_MS, stopping.signal);
    else await x.queue.wait(ids, IDLE_MS, stopping.signal);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await round();
      } catch (error) {
        // A store that is away for a while must not end the process, nor this loop.
        x.log.error({ error: String(error) }, 'endpoints cannot be read');
        await sleep(IDLE_MS, stopping.signal);
      }
    }
    await Promise.all(lanes.values());
  }

  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
