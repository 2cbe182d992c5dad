import { feedCourier } from '../adapters/wire/feed-courier.ts';
import type { CourierOptions } from '../adapters/wire/http-courier.ts';
import { spanCollector } from '../adapters/wire/span-collector.ts';
import type { Stations } from '../exchange/index.ts';
import { figuresWorker, traceWorker, type Worker } from '../workers/index.ts';
import type { Stores } from './compose.ts';
import type { Config } from './config.ts';

/** Longer than a round of counting and sending. */
const FIGURES_LEASE_MS = 30 * 60_000;
/** Some rounds; when its holder dies, another node goes on after it. */
const TRACES_LEASE_MS = 60_000;

/** What tells others by itself: figures to the command centre, traces to a collector, where there are any. */
export function outwardWorkers(
  { commandCentreUrl, otlpUrl }: Pick<Config, 'commandCentreUrl' | 'otlpUrl'>,
  stations: Stations,
  stores: Pick<Stores, 'lease'>,
  wires: CourierOptions,
): Worker[] {
  const courier = commandCentreUrl === null ? null : feedCourier(commandCentreUrl, wires);
  const figures = figuresWorker(stations, courier, stores.lease?.('figures', FIGURES_LEASE_MS));
  if (otlpUrl === null) return [figures];
  const collector = spanCollector(otlpUrl, wires.guard);
  return [figures, traceWorker(stations, collector, stores.lease?.('traces', TRACES_LEASE_MS))];
}
