import type { Figures } from './desk.ts';
import { INDICATORS, type Indicator, type IndicatorCode, type Scope } from './indicators.ts';
import type { Month } from './month.ts';

interface ReportKind {
  /** One line or block of lines for each. */
  codes: readonly IndicatorCode[];
  /** How it can be broken down, the usual way first. */
  by: readonly Scope[];
}

const GROUPS = ['nation', 'level', 'root'] as const;
const DELIVERY_GROUPS = ['nation', 'level'] as const;

/** Reports by the name that their address has. */
export const REPORTS = {
  exchanged: { codes: ['documents.exchanged'], by: GROUPS },
  'leaders-signing': { codes: ['leaders.signing'], by: GROUPS },
  'agencies-processing': { codes: ['agencies.processing'], by: GROUPS },
  'units-connected': { codes: ['units.connected'], by: ['level', 'nation', 'root'] },
  'units-sending': { codes: ['units.sending'], by: ['level', 'nation', 'root'] },
  'units-receiving': { codes: ['units.receiving'], by: ['level', 'nation', 'root'] },
  matrix: { codes: ['matrix.documents'], by: ['pair'] },
  acknowledged: { codes: ['deliveries.acknowledged'], by: DELIVERY_GROUPS },
  'on-time': { codes: ['deliveries.on-time'], by: DELIVERY_GROUPS },
  latency: {
    codes: ['deliveries.latency.p50', 'deliveries.latency.p95', 'deliveries.latency.p99'],
    by: DELIVERY_GROUPS,
  },
  'registered-on-time': { codes: ['deliveries.registered.on-time'], by: GROUPS },
  'submitted-on-time': { codes: ['deliveries.submitted.on-time'], by: GROUPS },
  refusals: { codes: ['documents.refused'], by: ['reason'] },
  recalls: { codes: ['documents.recalled'], by: ['nation'] },
  verdicts: { codes: ['signatures.verdict'], by: ['verdict'] },
} as const satisfies Readonly<Record<string, ReportKind>>;
export type ReportName = keyof typeof REPORTS;

export interface ReportQuery {
  /** First and last month, inclusive; open where not given. */
  from?: Month | undefined;
  to?: Month | undefined;
  /** A way of {@link REPORTS}; the usual one where it is none of the report's. */
  by?: Scope | undefined;
}

export interface ReportRow {
  code: IndicatorCode;
  key: string;
  /** One for each period; null where there is none. */
  values: (number | null)[];
}

/** What a chart draws and a table shows. */
export interface ReportTable {
  name: ReportName;
  unit: string;
  by: Scope;
  periods: Month[];
  rows: ReportRow[];
}

/** Indicators of some months, and of one code where it is given. */
export function selected(
  { indicators }: Pick<Figures, 'indicators'>,
  {
    from = '',
    to = '9999-99',
    code,
  }: { from?: Month | undefined; to?: Month | undefined; code?: string | undefined },
): Indicator[] {
  return indicators.filter(
    (one) => one.period >= from && one.period <= to && (code === undefined || one.code === code),
  );
}

/** One report as a table: a row for each key, a column for each month in which anything was counted. */
export function reportTable(
  figures: Pick<Figures, 'indicators'>,
  name: ReportName,
  query: ReportQuery,
): ReportTable {
  const kind: ReportKind = REPORTS[name];
  const by = kind.by.find((one) => one === query.by) ?? (kind.by[0] as Scope);
  const within = selected(figures, { from: query.from, to: query.to });
  const periods = [...new Set(within.map((one) => one.period))].sort();
  const rows = kind.codes.flatMap((code) => {
    const ofCode = within.filter((one) => one.code === code && one.scope === by);
    const keys = [...new Set(ofCode.map((one) => one.key))].sort();
    return keys.map((key): ReportRow => {
      const values = periods.map(
        (period) => ofCode.find((one) => one.key === key && one.period === period)?.value ?? null,
      );
      return { code, key, values };
    });
  });
  const unit = INDICATORS[kind.codes[0] as IndicatorCode].unit;
  return { name, unit, by, periods, rows };
}
