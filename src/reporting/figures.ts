import { type Indicator, type IndicatorCode, percentile, type Scope, shareOf } from './indicators.ts';
import type { Month } from './month.ts';
import type { MonthTally, Promptness, Snapshot, Tally } from './tally.ts';

/** A unit of the registry that figures are broken down by. */
interface Place {
  level: string;
  root: string;
}

const UNKNOWN: Place = { level: 'unknown', root: 'unknown' };

/** All indicators of all months that were counted, in a fixed order. */
export function figuresOf({ months, snapshots }: Pick<Tally, 'months' | 'snapshots'>): Indicator[] {
  return [...months.keys()].sort().flatMap((month) => {
    const snapshot = snapshotFor(month, snapshots);
    return ofMonth(month, months.get(month) as MonthTally, snapshot).sort(byName);
  });
}

/** The month's own, or the last one before it; figures of months before the first have no denominators. */
function snapshotFor(month: Month, snapshots: ReadonlyMap<Month, Snapshot>): Snapshot | null {
  const before = [...snapshots.keys()].filter((one) => one <= month).sort();
  return snapshots.get(before.at(-1) ?? '') ?? null;
}

function byName(a: Indicator, b: Indicator): number {
  const [x, y] = [`${a.code} ${a.scope} ${a.key}`, `${b.code} ${b.scope} ${b.key}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function ofMonth(period: Month, month: MonthTally, snapshot: Snapshot | null): Indicator[] {
  const places = placesOf(snapshot);
  const placeOf = (code: string) => places.get(code) ?? UNKNOWN;
  const group = grouping(period, placeOf);
  const living = [...places.keys()];
  const leaders = (snapshot?.leaders ?? []).map(([agency, official]) => `${agency} ${official}`);
  const sends = (code: string) => month.exchanged.has(code);
  const receives = (code: string) => month.receivers.has(code);
  const agencyOf = (leader: string) => leader.split(' ')[0] as string;
  return [
    ...group.sums('documents.exchanged', month.exchanged),
    ...group.shares('leaders.signing', leaders, agencyOf, (leader) => month.officials.has(leader)),
    ...group.shares('agencies.processing', living, own, (code) => month.processing.has(code)),
    ...group.shares('units.connected', living, own, (code) => sends(code) && receives(code)),
    ...group.shares('units.sending', living, own, sends),
    ...group.shares('units.receiving', living, own, receives),
    ...matrix(period, month, placeOf),
    ...deliveries(period, month, placeOf),
    ...prompt(period, 'deliveries.registered.on-time', month.registered, placeOf),
    ...prompt(period, 'deliveries.submitted.on-time', month.submitted, placeOf),
    ...counts(period, 'documents.refused', 'reason', month.refused),
    single(period, 'documents.recalled', 'nation', '', month.recalled),
    ...counts(period, 'signatures.verdict', 'verdict', month.verdicts),
  ];
}

const own = (code: string) => code;

/** Level and root of every agency of a snapshot: the root is the topmost agency above it. */
function placesOf(snapshot: Snapshot | null): Map<string, Place> {
  const parents = new Map((snapshot?.agencies ?? []).map(([code, , parent]) => [code, parent]));
  const rootOf = (code: string): string => {
    let top = code;
    // A registry with a circle would never end.
    for (let steps = 0; steps < 16; steps++) {
      const parent = parents.get(top) ?? null;
      if (parent === null || !parents.has(parent)) return top;
      top = parent;
    }
    return top;
  };
  return new Map((snapshot?.agencies ?? []).map(([code, level]) => [code, { level, root: rootOf(code) }]));
}

/** Breaks figures down by nation, level and root. */
function grouping(period: Month, placeOf: (code: string) => Place) {
  const groupsOf = (code: string): [Scope, string][] => [
    ['nation', ''],
    ['level', placeOf(code).level],
    ['root', placeOf(code).root],
  ];
  const sums = (code: IndicatorCode, values: ReadonlyMap<string, number>): Indicator[] => {
    const totals = new Map<string, number>();
    for (const [agency, value] of values)
      for (const [scope, key] of groupsOf(agency)) add(totals, `${scope} ${key}`, value);
    return [...totals].map(([name, total]) => single(period, code, ...scoped(name), total));
  };
  /** Of the things counted, how many are so, in the groups of their agencies. */
  const shares = (
    code: IndicatorCode,
    things: readonly string[],
    agencyOf: (thing: string) => string,
    isSo: (thing: string) => boolean,
  ): Indicator[] => {
    const parts = new Map<string, { numerator: number; denominator: number }>();
    for (const thing of things)
      for (const [scope, key] of groupsOf(agencyOf(thing))) {
        const name = `${scope} ${key}`;
        const part = parts.get(name) ?? { numerator: 0, denominator: 0 };
        part.denominator++;
        if (isSo(thing)) part.numerator++;
        parts.set(name, part);
      }
    return [...parts].map(([name, part]) => share(period, code, ...scoped(name), part));
  };
  return { sums, shares };
}

function matrix(period: Month, { pairs }: MonthTally, placeOf: (code: string) => Place): Indicator[] {
  const totals = new Map<string, number>();
  for (const [pair, value] of pairs) {
    const [from = '', to = ''] = pair.split(' ');
    add(totals, `${placeOf(from).level}>${placeOf(to).level}`, value);
  }
  return counts(period, 'matrix.documents', 'pair', totals);
}

function deliveries(
  period: Month,
  { acknowledged }: MonthTally,
  placeOf: (code: string) => Place,
): Indicator[] {
  const groups = new Map<string, { onTime: number; total: number; seconds: Map<number, number> }>();
  for (const [recipient, { onTime, late, seconds }] of acknowledged)
    for (const name of ['nation ', `level ${placeOf(recipient).level}`]) {
      const group = groups.get(name) ?? { onTime: 0, total: 0, seconds: new Map<number, number>() };
      group.onTime += onTime;
      group.total += onTime + late;
      for (const [value, often] of seconds) add(group.seconds, value, often);
      groups.set(name, group);
    }
  return [...groups].flatMap(([name, { onTime, total, seconds }]) => {
    const [scope, key] = scoped(name);
    const at = (code: IndicatorCode, percent: number) =>
      single(period, code, scope, key, percentile(seconds, percent));
    return [
      single(period, 'deliveries.acknowledged', scope, key, total),
      share(period, 'deliveries.on-time', scope, key, { numerator: onTime, denominator: total }),
      at('deliveries.latency.p50', 50),
      at('deliveries.latency.p95', 95),
      at('deliveries.latency.p99', 99),
    ];
  });
}

/** Of what was done, how much in time: by nation, level and root. */
function prompt(
  period: Month,
  code: IndicatorCode,
  done: Promptness,
  placeOf: (code: string) => Place,
): Indicator[] {
  const parts = new Map<string, { numerator: number; denominator: number }>();
  for (const [agency, { onTime, late }] of done)
    for (const name of ['nation ', `level ${placeOf(agency).level}`, `root ${placeOf(agency).root}`]) {
      const part = parts.get(name) ?? { numerator: 0, denominator: 0 };
      parts.set(name, {
        numerator: part.numerator + onTime,
        denominator: part.denominator + onTime + late,
      });
    }
  return [...parts].map(([name, part]) => share(period, code, ...scoped(name), part));
}

function counts(
  period: Month,
  code: IndicatorCode,
  scope: Scope,
  values: ReadonlyMap<string, number>,
): Indicator[] {
  return [...values].map(([key, value]) => single(period, code, scope, key, value));
}

function single(
  period: Month,
  code: IndicatorCode,
  scope: Scope,
  key: string,
  value: number | null,
): Indicator {
  return { code, period, scope, key, value, numerator: null, denominator: null };
}

function share(
  period: Month,
  code: IndicatorCode,
  scope: Scope,
  key: string,
  { numerator, denominator }: { numerator: number; denominator: number },
): Indicator {
  const value = shareOf(numerator, denominator);
  return { code, period, scope, key, value, numerator, denominator };
}

function scoped(name: string): [Scope, string] {
  const [scope = '', key = ''] = name.split(' ');
  return [scope as Scope, key];
}

function add<Key>(totals: Map<Key, number>, key: Key, value: number): void {
  totals.set(key, (totals.get(key) ?? 0) + value);
}
