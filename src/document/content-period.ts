/** A quarter of a year by UTC, such as `2026-Q4`. Content that came in one quarter lies together and ends together. */
export type ContentPeriod = string;

const PERIOD = /^(\d{4})-Q([1-4])$/;

/** @param ms milliseconds since 1970 UTC */
export function periodOf(ms: number): ContentPeriod {
  const date = new Date(ms);
  return `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

export function isPeriod(text: string): boolean {
  return PERIOD.test(text);
}

/** The first moment after a period, in a later year. @returns milliseconds since 1970 UTC; NaN where it is no period */
export function yearsAfter(period: ContentPeriod, years: number): number {
  const [, year, quarter] = PERIOD.exec(period) ?? [];
  return Date.UTC(Number(year) + years, Number(quarter) * 3);
}
