import { z } from 'zod';
import { isTrucError, parseVietnamTime, TrucError, vietnamDate } from '../kernel/index.ts';
import vietnam from './calendars/vietnam.json' with { type: 'json' };
import type { DocumentErrorCode } from './errors.ts';

const year = z.strictObject({
  source: z.string(),
  /** `YYYY-MM-DD`: holidays beside those of every year, days given for them, and days swapped away. */
  daysOff: z.array(z.iso.date()),
  /** Days of a weekend that are worked in exchange. */
  workingDays: z.array(z.iso.date()),
});

const calendarForm = z.strictObject({
  name: z.string(),
  source: z.string(),
  /** ISO 8601 numbers of the days of the week that are off: 1 = Monday, 7 = Sunday. */
  weekend: z.array(z.number().int().min(1).max(7)).max(6),
  /** `MM-DD`. */
  everyYear: z.array(z.string().regex(/^\d\d-\d\d$/)),
  /** By year, as announced; of a year that is not there only weekends and the holidays of every year are known. */
  years: z.record(z.string().regex(/^\d{4}$/), year),
});

/** Which days are worked, as data: the law's holidays, and what the Government announces for each year. */
export type WorkingCalendar = z.output<typeof calendarForm>;

/** Vietnam's, as far as it has been announced. */
export const VIETNAM_CALENDAR: WorkingCalendar = calendarForm.parse(vietnam);

/**
 * A calendar from the text of a file. @throws TrucError `document.calendar-invalid` with where it is wrong: a day under another
 * year than its own, a day that is both off and worked, JSON of another form
 */
export function workingCalendar(text: string): WorkingCalendar {
  try {
    const calendar = calendarForm.parse(JSON.parse(text));
    for (const [name, { daysOff, workingDays }] of Object.entries(calendar.years)) {
      const stranger = [...daysOff, ...workingDays].find((day) => !day.startsWith(`${name}-`));
      const both = daysOff.find((day) => workingDays.includes(day));
      if (stranger ?? both) throw invalid(`years.${name}: ${stranger ?? both}`);
    }
    return calendar;
  } catch (error) {
    if (isTrucError(error)) throw error;
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    throw invalid(issue ? `${issue.path.join('.')}: ${issue.message}` : String(error));
  }
}

function invalid(cause: string): TrucError {
  return new TrucError<DocumentErrorCode>('document.calendar-invalid', { cause });
}

/** Whether the days off of a year have been announced. @param day `YYYY-MM-DD` */
export function isAnnounced(day: string, calendar: WorkingCalendar): boolean {
  return Object.hasOwn(calendar.years, day.slice(0, 4));
}

/** @param day `YYYY-MM-DD`, Vietnam's */
export function isWorkingDay(day: string, { weekend, everyYear, years }: WorkingCalendar): boolean {
  const told = years[day.slice(0, 4)];
  if (told?.workingDays.includes(day)) return true;
  if (told?.daysOff.includes(day) || everyYear.includes(day.slice(5))) return false;
  // 1970-01-01 was a Thursday.
  return !weekend.includes(((numberOf(day) + 3) % 7) + 1);
}

/** Longer than any row of days off: a calendar that has none at all ends the search. */
const LONGEST_SEARCH = 60;

/**
 * The working day on which a time limit ends that would end on this day: the same, or the next one (Civil Code 91/2015/QH13 art. 148.5).
 */
export function workingDayFrom(day: string, calendar: WorkingCalendar): string {
  for (let n = 0; n < LONGEST_SEARCH; n++) {
    const one = addDays(day, n);
    if (isWorkingDay(one, calendar)) return one;
  }
  return day;
}

/** The last working day before a day. */
export function workingDayBefore(day: string, calendar: WorkingCalendar): string {
  for (let n = 1; n < LONGEST_SEARCH; n++) {
    const one = addDays(day, -n);
    if (isWorkingDay(one, calendar)) return one;
  }
  return addDays(day, -1);
}

/** The n-th working day after a day; with 0 {@link workingDayFrom}. */
export function workingDaysAfter(day: string, n: number, calendar: WorkingCalendar): string {
  let end = workingDayFrom(day, calendar);
  // A limit counts from the day after its event (art. 147.2): one that happened on a day off begins on the working day after.
  for (let i = 0; i < n; i++) end = workingDayFrom(addDays(i === 0 ? day : end, 1), calendar);
  return end;
}

/** Whether a limit that ends with a day is over: days end at 24:00 in Vietnam. @param now milliseconds since 1970 UTC */
export function isPast(day: string, now: number, calendar: WorkingCalendar): boolean {
  return dayOf(now) > workingDayFrom(day, calendar);
}

/**
 * What happened before this time, and was to be done on the day it happened or else on the next working day, is overdue now.
 * @param now milliseconds since 1970 UTC @returns the same
 */
export function sameDayLimit(now: number, calendar: WorkingCalendar): number {
  const last = workingDayBefore(dayOf(now), calendar);
  return parseVietnamTime(addDays(last, 1).replaceAll('-', '/')) ?? 0;
}

/** `YYYY-MM-DD` in Vietnam. @param ms milliseconds since 1970 UTC */
export function dayOf(ms: number): string {
  return vietnamDate(ms).replaceAll('/', '-');
}

const DAY_MS = 86_400_000;

function numberOf(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

function addDays(day: string, n: number): string {
  return new Date((numberOf(day) + n) * DAY_MS).toISOString().slice(0, 10);
}
