import {
  daysUntilFull,
  type Measure,
  type Reading,
  type Sample,
  samplesFrom,
  seriesOf,
} from '../alerts/index.ts';
import type { Stations } from '../exchange/index.ts';
import { isoTime, type SteadyClock } from '../kernel/index.ts';
import { parseCheckpoint, verifyConsistency } from '../ledger/index.ts';
import { identityOf } from '../verification/index.ts';
import type { Stores } from './compose.ts';
import type { TimestampWatch } from './timestamp-watch.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Certificates that end later are no news; agencies beyond these are fewer deliveries than theirs. */
const SOON_DAYS = 400;
const MOST_LABELS = 200;

export interface Measured {
  stations: Stations;
  stores: Pick<Stores, 'log' | 'alerts' | 'freeBytes'>;
  clock: Partial<SteadyClock>;
  timestamps: TimestampWatch;
}

type Values = readonly (readonly [label: string, value: number])[];

/** Reads everything that rules are about. What cannot be read, since a store is away, is left out and not measured. */
export function readingsOf(measured: Measured): () => Promise<Sample> {
  const sources = sourcesOf(measured);
  return async () => {
    const at = isoTime(measured.stations.clock.now());
    const all = await Promise.all(
      Object.entries(sources).map(async ([measure, read]) => {
        const values = await read().catch(() => null);
        return { measure: measure as Measure, values };
      }),
    );
    const known = all.filter((one) => one.values !== null);
    return {
      at,
      measured: known.map(({ measure }) => measure),
      readings: known.flatMap(({ measure, values }) =>
        (values ?? []).slice(0, MOST_LABELS).map(([label, value]): Reading => ({ measure, label, value })),
      ),
    };
  };
}

function sourcesOf({
  stations: x,
  stores,
  clock,
  timestamps,
}: Measured): Record<Measure, () => Promise<Values | null>> {
  const { log, freeBytes } = stores;
  const consistent = consistencyWatch(x);
  return {
    'oldest-waiting-seconds': async () => {
      const open = {
        reach: null,
        kind: 'document',
        states: ['waiting', 'leased'],
        order: 'oldest',
        limit: 1,
      } as const;
      const found = await Promise.all(
        ([0, 1, 2, 3, 4] as const).map(async (priority) => (await log.page({ ...open, priority }))[0]),
      );
      return found.map((line, i) => [String(i), line ? since(line.createdAt, x) : 0] as const);
    },
    'dead-letters': async () => {
      const loads = (await log.loads(null, MOST_LABELS)).filter((one) => one.failed > 0);
      return Promise.all(
        loads.map(
          async ({ recipientId, failed }) =>
            [(await x.agencies.get(recipientId))?.code ?? recipientId, failed] as const,
        ),
      );
    },
    'certificate-days': async () => certificatesOf(x),
    'crl-hours': async () => {
      const { trust, at } = x.verification();
      const all = [...trust.anchors, ...trust.intermediates];
      const ends = all.flatMap(({ subject }) => trust.crlsFrom(subject.folded)[0]?.nextUpdate ?? []);
      return ends.length === 0 ? [] : [['', (Math.min(...ends) - at) / HOUR_MS]];
    },
    'tsa-seconds': async () => {
      const seconds = timestamps.seconds();
      return seconds === null ? null : [['', seconds]];
    },
    'clock-apart-seconds': async () => (clock.apartMs ? [['', Math.abs(clock.apartMs()) / 1_000]] : null),
    'disk-free-bytes': async () => (freeBytes ? [['', await freeBytes()]] : null),
    'disk-days': async () => (freeBytes ? diskDays(await freeBytes(), stores, x) : null),
    'ledger-fault': async () => [['', x.ledger.fault() === null ? 0 : 1]],
    'ledger-lag-seconds': async () => {
      const [oldest] = await x.events.pending(1);
      return [['', oldest ? since(oldest.at, x) : 0]];
    },
    'ledger-inconsistent': async () => [['', (await consistent()) ? 0 : 1]],
  };
}

const since = (iso: string, { clock }: Stations) => Math.max(0, (clock.now() - Date.parse(iso)) / 1_000);

/** Each name once, with the certificate that lasts longest: the one before it may end. */
function certificatesOf({ verification }: Stations): Values {
  const { trust, at } = verification();
  const ends = new Map<string, number>();
  for (const certificate of [...trust.anchors, ...trust.intermediates]) {
    const { commonName, subject } = identityOf(certificate);
    const name = commonName ?? subject;
    ends.set(name, Math.max(ends.get(name) ?? 0, certificate.notAfter));
  }
  return [...ends]
    .map(([name, end]) => [name.slice(0, 200), (end - at) / DAY_MS] as const)
    .filter(([, days]) => days < SOON_DAYS);
}

async function diskDays(freeBytes: number, { alerts }: Pick<Stores, 'alerts'>, x: Stations): Promise<Values> {
  const now = x.clock.now();
  const samples = await alerts.samples(samplesFrom(now), 10_000);
  const uses = seriesOf(samples, 'disk-free-bytes', '').map(({ at, value }) => ({ at, freeBytes: value }));
  const days = daysUntilFull([...uses, { at: now, freeBytes }]);
  return days === null ? [] : [['', days]];
}

/** Says whether the log of now continues the one that this process saw at the round before. */
function consistencyWatch({ reader }: Stations): () => Promise<boolean> {
  let seen: { size: number; root: Uint8Array } | null = null;
  let broken = false;
  return async () => {
    const { size, root } = parseCheckpoint(textOf(await reader.checkpoint()));
    const before = seen;
    seen = { size, root };
    if (before) {
      const path =
        before.size < size && before.size > 0 ? await reader.consistencyProof(before.size, size) : [];
      broken ||= !verifyConsistency(before.size, before.root, size, root, path);
    }
    // What was once proven stays proven, until somebody starts the node again.
    return !broken;
  };
}

/** The text of a signed note, without its signatures. */
const textOf = (note: string) => note.slice(0, note.indexOf('\n\n') + 1);
