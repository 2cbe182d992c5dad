import { dayOf, isPast, type WorkingCalendar, workingDayFrom, workingDaysAfter } from '../document/index.ts';
import type { WorkFile } from './file.ts';
import type { WorkRules } from './rules.ts';

/** By when somebody has to take the next step, and what says so. */
export interface Deadline {
  /** `YYYY-MM-DD`, a working day. */
  day: string;
  /** Article; empty where a person set it. */
  source: string;
}

/**
 * The time limit that a file is under now: the one that the directive set, else the law's for the step that is due.
 * @returns null where there is none
 */
export function deadlineOf(file: WorkFile, rules: WorkRules, calendar: WorkingCalendar): Deadline | null {
  const set = file.kind === 'incoming' ? (file.directive?.dueDate ?? null) : null;
  if (set !== null && ['assigned', 'working'].includes(file.state))
    return { day: workingDayFrom(set, calendar), source: '' };
  const rule = rules.deadlines.find(({ kind, states }) => kind === file.kind && states.includes(file.state));
  if (!rule) return null;
  const from =
    rule.from === 'arrival' ? file.createdAt : file.steps.findLast(({ step }) => step === 'sign')?.at;
  const urgent = (file.kind === 'incoming' ? file.priority : file.letter.priority) > 0;
  const days = urgent ? rule.urgentWorkingDays : rule.workingDays;
  const source = `${rules.source}, ${rule.source}`;
  return from === undefined
    ? null
    : { day: workingDaysAfter(dayOf(Date.parse(from)), days, calendar), source };
}

/** @param now milliseconds since 1970 UTC */
export function isOverdue(deadline: Deadline | null, now: number, calendar: WorkingCalendar): boolean {
  return deadline !== null && isPast(deadline.day, now, calendar);
}
