import type { RecordedEvent } from '../document/index.ts';
import {
  pendingEvent,
  publicSubject,
  recordPending,
  type Stations,
  type Subject,
} from '../exchange/index.ts';
import { canonicalJson, type JsonValue } from '../kernel/index.ts';
import type { Figures } from './desk.ts';
import type { Indicator, IndicatorCode, Scope } from './indicators.ts';
import { type Month, monthOf } from './month.ts';

/** A set of indicators (bộ chỉ số). What it holds never changes: another one is another version. */
export interface IndicatorSet {
  name: string;
  version: number;
  codes: readonly IndicatorCode[];
}

/** The sets so far; the last one is published. */
export const SETS: readonly [IndicatorSet, ...IndicatorSet[]] = [
  {
    name: 'truc-van-ban',
    version: 1,
    codes: [
      ...(['documents.exchanged', 'leaders.signing', 'agencies.processing', 'units.connected'] as const),
      ...(['units.sending', 'units.receiving', 'matrix.documents', 'deliveries.acknowledged'] as const),
      ...(['deliveries.on-time', 'deliveries.latency.p50', 'deliveries.latency.p95'] as const),
      ...(['deliveries.latency.p99', 'deliveries.registered.on-time'] as const),
      ...(['deliveries.submitted.on-time', 'documents.refused', 'documents.recalled'] as const),
      'signatures.verdict',
    ],
  },
];

/** Why a version was published: the month ended, the set is another one, or somebody had a reason, said in words. */
export type PublicationReason = 'month-over' | 'set-changed' | 'restated';

/** The figures of a month as they were told once. */
export interface Publication {
  period: Month;
  /** From 1; a higher one takes the place of those before, which stay readable. */
  version: number;
  set: string;
  reason: PublicationReason;
  /** In words, for a restatement; empty for others. */
  note: string;
  source: Omit<Figures, 'indicators'>;
  indicators: Indicator[];
  /** Time and index of its entry; null while it waits for the ledger. */
  at: string | null;
  index: number | null;
}

export type PublishingDesk = Pick<Stations, 'events' | 'clock'> & Partial<Pick<Stations, 'ledger'>>;

/** The ledger's name of a month's publications; it follows from the month, so that all nodes mean the same. */
export function publicationSubject(period: Month): Subject {
  return publicSubject(`figures-${period}`, `figures-month|${period}`);
}

/** Everything that was published of a month, the first version first. */
export async function publicationsOf(
  period: Month,
  { events }: Pick<Stations, 'events'>,
): Promise<Publication[]> {
  const found = (await events.of(publicationSubject(period).id)).filter(
    (one) => one.type === 'figures.published',
  );
  return found.map(publicationOf).sort((a, b) => a.version - b.version);
}

/**
 * Publishes a month, unless the last version says the same already. Safe to repeat, on all nodes: a version is one event.
 * Without a ledger, as on the command line, the entry waits among the pending events.
 * @returns the version in force, and whether it is new; null where nothing was counted of the month
 */
export async function publish(
  figures: Figures,
  { period, reason, note = '' }: { period: Month; reason: PublicationReason; note?: string },
  x: PublishingDesk,
): Promise<{ publication: Publication; isNew: boolean } | null> {
  const set = SETS.at(-1) as IndicatorSet;
  const indicators = figures.indicators.filter(
    (one) => one.period === period && set.codes.includes(one.code),
  );
  if (indicators.length === 0) return null;
  const before = (await publicationsOf(period, x)).at(-1);
  const named = `${set.name}/${set.version}`;
  if (before && before.set === named && same(before.indicators, indicators)) {
    await onRecord(period, x);
    return { publication: before, isNew: false };
  }
  const version = (before?.version ?? 0) + 1;
  const { log, size, checkpoint } = figures;
  const facts = {
    ...{ period, version, set: named, reason, note, log, size, checkpoint },
    indicators: canonicalJson(indicators.map(rowOf)),
  };
  const happening = { type: 'figures.published', actorId: null, recipientId: null, facts } as const;
  const event = pendingEvent(
    publicationSubject(period),
    { ...happening, distinct: String(version) },
    x.clock.now(),
  );
  await x.events.append([event]);
  await onRecord(period, x);
  // Another node may have been faster: what lies there now is this version.
  const publication = (await publicationsOf(period, x)).find((one) => one.version === version) as Publication;
  return { publication, isNew: true };
}

async function onRecord(period: Month, x: PublishingDesk): Promise<void> {
  if (x.ledger) await recordPending(publicationSubject(period).id, { ledger: x.ledger, events: x.events });
}

/** A month is told when it has been over for so long, by which every entry of it has its time. */
const GRACE_MS = 3_600_000;

/** The last month that can be told. */
export function monthToTell(now: number): Month {
  const [year = 0, month = 0] = monthOf(now - GRACE_MS)
    .split('-')
    .map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

/** Publishes every month that is over and was never told, or was told by another set. @returns how many */
export async function publishDue(figures: Figures, x: PublishingDesk): Promise<number> {
  const last = monthToTell(x.clock.now());
  const set = SETS.at(-1) as IndicatorSet;
  let told = 0;
  for (const period of new Set(figures.indicators.map((one) => one.period))) {
    if (period > last) continue;
    const before = (await publicationsOf(period, x)).at(-1);
    if (before?.set === `${set.name}/${set.version}`) continue;
    const reason = before ? 'set-changed' : 'month-over';
    if ((await publish(figures, { period, reason }, x))?.isNew) told++;
  }
  return told;
}

type Row = [IndicatorCode, Scope, string, number | null, number | null, number | null];

function rowOf({ code, scope, key, value, numerator, denominator }: Indicator): Row {
  return [code, scope, key, value, numerator, denominator];
}

function publicationOf({ facts, place }: RecordedEvent): Publication {
  const text = (name: string) => String((facts as Record<string, JsonValue>)[name] ?? '');
  const period = text('period');
  const rows = JSON.parse(text('indicators')) as Row[];
  return {
    ...{ period, version: Number(facts.version), set: text('set'), note: text('note') },
    reason: text('reason') as PublicationReason,
    source: { log: text('log'), size: Number(facts.size), checkpoint: text('checkpoint') },
    indicators: rows.map(([code, scope, key, value, numerator, denominator]) => {
      return { code, period, scope, key, value, numerator, denominator };
    }),
    ...{ at: place?.recordedAt ?? null, index: place?.index ?? null },
  };
}

function same(a: readonly Indicator[], b: readonly Indicator[]): boolean {
  return canonicalJson(a.map(rowOf)) === canonicalJson(b.map(rowOf));
}
