import { type Log, sleep } from '../kernel/index.ts';

/** How to ask one server whether it is there. */
export interface StoreProbe {
  store: string;
  /** False where the node only loses speed without it. */
  needed: boolean;
  /** Resolves when the server answers. */
  ask(signal: AbortSignal): Promise<void>;
}

export interface StoreWatch {
  /** `<store>-away` for the first needed store that does not answer, else null. */
  away(): string | null;
  /** Whether each store answered lately. */
  up(): readonly { store: string; up: boolean }[];
  stop(): void;
}

export interface StoreWatchOptions {
  probes: readonly StoreProbe[];
  log: Log;
  everyMs?: number;
  /** How long an answer may take. */
  boundMs?: number;
}

const EVERY_MS = 2_000;
const BOUND_MS = 1_500;
/** One late answer is not an outage: all nodes would leave the balancer at once for it. */
const MISSED_IN_A_ROW = 2;

/**
 * Asks the stores again and again, so that nobody who asks whether the node is ready waits for them. A store is away
 * after two questions in a row without an answer, and back with the first answer.
 */
export function watchStores(options: StoreWatchOptions): StoreWatch {
  const { probes, log, everyMs = EVERY_MS, boundMs = BOUND_MS } = options;
  const stopping = new AbortController();
  const missed = new Map<StoreProbe, number>(probes.map((probe) => [probe, 0]));
  const isAway = (probe: StoreProbe) => (missed.get(probe) ?? 0) >= MISSED_IN_A_ROW;

  async function watch(probe: StoreProbe): Promise<void> {
    while (!stopping.signal.aborted) {
      const before = isAway(probe);
      const fault = await answers(probe, boundMs, stopping.signal);
      if (stopping.signal.aborted) return;
      missed.set(probe, fault === null ? 0 : (missed.get(probe) ?? 0) + 1);
      const { store } = probe;
      if (!before && isAway(probe)) log.error({ store, error: String(fault) }, 'a store does not answer');
      if (before && !isAway(probe)) log.warn({ store }, 'a store answers again');
      await sleep(everyMs, stopping.signal);
    }
  }

  for (const probe of probes) void watch(probe);
  return {
    away: () => {
      const found = probes.find((probe) => probe.needed && isAway(probe));
      return found ? `${found.store}-away` : null;
    },
    up: () => probes.map((probe) => ({ store: probe.store, up: !isAway(probe) })),
    stop: () => stopping.abort(),
  };
}

/** Null, or what went wrong; never later than the bound, whatever the driver does. */
async function answers(probe: StoreProbe, boundMs: number, stopping: AbortSignal): Promise<unknown> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, stopping]);
  const late = sleep(boundMs, signal).then(() => 'no answer in time');
  const asked = probe.ask(signal).then(
    () => null,
    (error: unknown) => error ?? 'failed',
  );
  const fault = await Promise.race([asked, late]);
  over.abort();
  return fault;
}
