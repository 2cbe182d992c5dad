import { LEVELS } from '../agency/index.ts';
import type { Figures } from './desk.ts';
import { INDICATORS, type Indicator, type IndicatorCode, type Scope, shareOf } from './indicators.ts';
import type { Month } from './month.ts';
import { REPORTS, type ReportName, selected } from './reports.ts';

/** `2026-Q3`: a quarter of the calendar year in UTC+07:00 (QĐ 28/2018 art. 15.1: figures are reported by the quarter). */
export type Quarter = string;

/** One line of a quarter's table. */
export interface QuarterRow {
  code: IndicatorCode;
  key: string;
  /** One for each month; null where there is none. */
  months: (number | null)[];
  /** Of the quarter as a whole; null where months cannot be put together. */
  quarter: number | null;
}

export interface QuarterTable {
  name: ReportName;
  unit: string;
  by: Scope;
  rows: QuarterRow[];
}

export interface QuarterReport {
  quarter: Quarter;
  months: readonly [Month, Month, Month];
  tables: QuarterTable[];
  source: Omit<Figures, 'indicators'>;
}

/** The months of a quarter; null for what is none. */
export function monthsOf(quarter: string): [Month, Month, Month] | null {
  const [, year, number] = /^(\d{4})-Q([1-4])$/.exec(quarter) ?? [];
  if (year === undefined) return null;
  const first = (Number(number) - 1) * 3 + 1;
  const month = (n: number) => `${year}-${String(n).padStart(2, '0')}`;
  return [month(first), month(first + 1), month(first + 2)];
}

/** The quarter that a month lies in. */
export function quarterOf(month: Month): Quarter {
  return `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;
}

/**
 * Everything that is counted of a quarter, each report in each of its ways. Counts are added up. Of shares only those of things that
 * happen once are put together, from their parts; a leader who signs in two months is one leader, so the others stand by the month alone.
 * @returns null for what is no quarter
 */
export function quarterReport(
  figures: Figures,
  quarter: Quarter,
  names: readonly ReportName[] = Object.keys(REPORTS) as ReportName[],
): QuarterReport | null {
  const months = monthsOf(quarter);
  if (months === null) return null;
  const within = selected(figures, { from: months[0], to: months[2] });
  const tables = names.flatMap((name) => REPORTS[name].by.map((by) => tableOf(name, by, months, within)));
  const { log, size, checkpoint } = figures;
  return {
    quarter,
    months,
    tables: tables.filter((one) => one.rows.length > 0),
    source: { log, size, checkpoint },
  };
}

function tableOf(
  name: ReportName,
  by: Scope,
  months: readonly Month[],
  within: readonly Indicator[],
): QuarterTable {
  const codes: readonly IndicatorCode[] = REPORTS[name].codes;
  const rows = codes.flatMap((code) => {
    const ofCode = within.filter((one) => one.code === code && one.scope === by);
    const keys = [...new Set(ofCode.map((one) => one.key))].sort(byLevel);
    return keys.map((key): QuarterRow => {
      const found = months.map((month) => ofCode.find((one) => one.key === key && one.period === month));
      const values = found.map((one) => one?.value ?? null);
      return { code, key, months: values, quarter: together(code, found) };
    });
  });
  return { name, unit: INDICATORS[codes[0] as IndicatorCode].unit, by, rows };
}

/** From the highest; what is no level by its name. */
function byLevel(a: string, b: string): number {
  const place = (key: string) => (LEVELS as readonly string[]).indexOf(key);
  return place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Shares of things that are counted once, in the month in which they happen. */
const ADDED_SHARES: readonly IndicatorCode[] = [
  'deliveries.on-time',
  'deliveries.registered.on-time',
  'deliveries.submitted.on-time',
];

function together(code: IndicatorCode, found: readonly (Indicator | undefined)[]): number | null {
  const known = found.filter((one) => one !== undefined);
  const sum = (of: 'value' | 'numerator' | 'denominator') =>
    known.reduce((total, one) => total + (one[of] ?? 0), 0);
  if (ADDED_SHARES.includes(code)) return shareOf(sum('numerator'), sum('denominator'));
  const { unit } = INDICATORS[code];
  return unit === 'documents' || unit === 'deliveries' ? sum('value') : null;
}
