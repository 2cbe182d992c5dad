import { Gauge, type Registry } from 'prom-client';
import type { Sample } from '../alerts/index.ts';
import type { Stations } from '../exchange/index.ts';
import { isoTime, type SteadyClock, sleep } from '../kernel/index.ts';
import type { HeldAnswers } from '../verification/index.ts';
import type { Stores } from './compose.ts';
import type { StoreWatch } from './store-watch.ts';

/** A figure that its store does not tell in this time is left out of the answer. */
const BOUND_MS = 2_000;

type Figure = { labels?: Record<string, string>; value: number };

interface Measured {
  /** What the alert rules were judged by last on this node; null while another one watches. */
  watched: () => Sample | null;
  stations: Stations;
  stores: Stores;
  watch: StoreWatch;
  held: HeldAnswers;
  clock: Partial<SteadyClock>;
}

/** Puts the figures of the stores into the registry. They are read when somebody asks for the metrics. */
export function registerGauges(
  registry: Registry,
  { stations, stores, watch, held, clock, watched }: Measured,
): void {
  const gauge = gaugesOf(registry);
  gauge('truc_deliveries', 'Deliveries by transport state.', ['state'], async () =>
    Object.entries(await stations.deliveries.count()).map(([state, value]) => ({ labels: { state }, value })),
  );
  gauge('truc_ledger_size', 'Entries in the ledger under the last signed checkpoint.', [], async () => [
    { value: await stations.reader.size() },
  ]);
  gauge('truc_ledger_writer', '1 on the node that writes the ledger.', [], async () => [
    { value: stations.ledger.writes() ? 1 : 0 },
  ]);
  gauge(
    'truc_augmentations',
    'Documents whose signatures wait for time-stamps or validation data (due), and those where that failed (failing).',
    ['state'],
    async () => {
      const { due, failing } = await stations.augmentationSchedule.count(isoTime(stations.clock.now()));
      return [
        { labels: { state: 'due' }, value: due },
        { labels: { state: 'failing' }, value: failing },
      ];
    },
  );
  const { waitingAppends } = stores;
  if (waitingAppends)
    gauge('truc_ledger_pending', 'Append requests that wait for the node that writes.', [], async () => [
      { value: await waitingAppends() },
    ]);
  const { apartMs } = clock;
  if (apartMs)
    gauge(
      'truc_clock_apart_seconds',
      "How far the stores' clock is ahead of this machine's.",
      [],
      async () => [{ value: apartMs() / 1000 }],
    );
  if (stores.probes.length > 0)
    gauge('truc_store_up', '1 while the store answers this node.', ['store'], async () =>
      watch.up().map(({ store, up }) => ({ labels: { store }, value: up ? 1 : 0 })),
    );
  gauge(
    'truc_watch',
    'What alert rules are judged by, on the node that watches.',
    ['measure', 'label'],
    async () =>
      (watched()?.readings ?? []).map(({ measure, label, value }) => ({ labels: { measure, label }, value })),
  );
  gauge(
    'truc_alerts',
    'Alarms that are not over, by severity and state.',
    ['severity', 'state'],
    async () => {
      const open = await stores.alerts.open();
      return (['warning', 'critical'] as const).flatMap((severity) =>
        (['pending', 'firing'] as const).map((state) => ({
          labels: { severity, state },
          value: open.filter((one) => one.severity === severity && one.state === state).length,
        })),
      );
    },
  );
  registerRevocation(gauge, stations, held);
}

/** Read from what this node's verdicts rest on, in memory. */
function registerRevocation(
  gauge: ReturnType<typeof gaugesOf>,
  { clock, verification }: Stations,
  held: HeldAnswers,
): void {
  const seconds = (ms: number) => [{ value: ms / 1_000 }];
  const lists = () => {
    const { trust } = verification();
    return [...trust.anchors, ...trust.intermediates].flatMap(
      ({ subject }) => trust.crlsFrom(subject.folded)[0] ?? [],
    );
  };
  gauge(
    'truc_crl_oldest_age_seconds',
    'Age of the oldest among the newest CRLs of all authorities.',
    [],
    async () => {
      const all = lists();
      return all.length === 0 ? [] : seconds(clock.now() - Math.min(...all.map((one) => one.thisUpdate)));
    },
  );
  gauge(
    'truc_crl_next_expiry_seconds',
    'Time until the first of them ends; below 0 when one has.',
    [],
    async () => {
      const ends = lists().flatMap(({ nextUpdate }) => nextUpdate ?? []);
      return ends.length === 0 ? [] : seconds(Math.min(...ends) - clock.now());
    },
  );
  gauge('truc_revocation_sources', 'Sources of revocation data by state.', ['state'], async () => {
    const states = held.states();
    const failing = states.filter((one) => one.failures > 0).length;
    return [
      { labels: { state: 'good' }, value: states.length - failing },
      { labels: { state: 'failing' }, value: failing },
    ];
  });
}

function gaugesOf(registry: Registry) {
  return (name: string, help: string, labelNames: string[], read: () => Promise<Figure[]>): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const figures = await inTime(read());
        this.reset();
        // A figure without labels cannot be left out: it is not a number then.
        if (figures === null && labelNames.length === 0) this.set(Number.NaN);
        for (const { labels = {}, value } of figures ?? []) this.set(labels, value);
      },
    });
  };
}

/** Null where a store is away: the other metrics are needed most then. */
async function inTime(reading: Promise<Figure[]>): Promise<Figure[] | null> {
  const over = new AbortController();
  const late = sleep(BOUND_MS, over.signal).then(() => null);
  const figures = await Promise.race([reading.catch(() => null), late]);
  over.abort();
  return figures;
}
