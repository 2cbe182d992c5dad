import { vietnamDate } from '../kernel/index.ts';

/** `2026-03`: a calendar month in UTC+07:00. */
export type Month = string;

/** The month of a moment, milliseconds since 1970 UTC. */
export function monthOf(at: number): Month {
  return dayOf(at).slice(0, 7);
}

/** `2026-03-16`: the calendar day of a moment in UTC+07:00. */
export function dayOf(at: number): string {
  return vietnamDate(at).replaceAll('/', '-');
}
