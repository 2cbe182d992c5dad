import { z } from 'zod';
import { LEVELS } from '../agency/index.ts';
import type { LogFilter, LogPlace } from '../delivery/index.ts';
import { type Priority, sameDayLimit, type WorkingCalendar } from '../document/index.ts';
import { isoTime, parseVietnamTime } from '../kernel/index.ts';

const DAY_MS = 86_400_000;
const VIETNAM_MS = 7 * 3_600_000;

/** `2026-03-16`, a day in Vietnam, or a time. */
const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/**
 * Everything that a view of the log is: its address. What is empty is not asked for; a value that is none of its kind is left
 * out and named, so that a mistyped address shows more and says so, never less in silence.
 */
const FIELDS = {
  q: z.string().trim().max(500),
  kind: z.enum(['document', 'status', 'notice']),
  from: when,
  to: when,
  state: z.enum(['waiting', 'leased', 'open', 'done', 'failed', 'cancelled', 'held', 'refused']),
  business: z.enum(['none', '01', '02', '03', '04', '05', '06']),
  sender: z.string().trim().max(100),
  receiver: z.string().trim().max(100),
  fromLevel: z.enum(LEVELS),
  toLevel: z.enum(LEVELS),
  urgency: z.enum(['0', '1', '2', '3', '4']),
  overdue: z.enum(['1']),
  reason: z.string().trim().max(200),
  sort: z.enum(['newest', 'oldest']),
  after: z.string().max(200),
} as const;

export type LogField = keyof typeof FIELDS;
export type LogView = { [Field in LogField]?: string };

export const LOG_FIELDS = Object.keys(FIELDS) as LogField[];

export interface ReadView {
  view: LogView;
  /** Fields of the address that were left out. */
  ignored: string[];
}

/** Reads the query of an address. */
export function readView(query: Readonly<Record<string, unknown>>): ReadView {
  const view: LogView = {};
  const ignored: string[] = [];
  for (const field of LOG_FIELDS) {
    const given = query[field];
    if (given === undefined || given === '') continue;
    const parsed = FIELDS[field].safeParse(given);
    if (parsed.success && parsed.data !== '') view[field] = parsed.data;
    else if (!parsed.success) ignored.push(field);
  }
  if (view.after !== undefined && placeOf(view.after) === null) {
    delete view.after;
    ignored.push('after');
  }
  return { view, ignored };
}

/** The address of a view, the fields always in one order; changes that are undefined take a field away. */
export function viewPath(
  path: string,
  view: LogView,
  change: { [Field in LogField]?: string | undefined } = {},
): string {
  const values = new URLSearchParams();
  for (const field of LOG_FIELDS) {
    const value = field in change ? change[field] : view[field];
    if (value !== undefined && value !== '') values.set(field, value);
  }
  const text = values.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** What of a view needs no look into the registry. @param now milliseconds since 1970 UTC */
export function filterOf(
  view: LogView,
  reach: readonly string[] | null,
  now: number,
  calendar: WorkingCalendar,
): LogFilter {
  const overdue = view.overdue === '1';
  const to = earliest(
    view.to && isoTime(endOf(view.to)),
    overdue ? isoTime(sameDayLimit(now, calendar)) : undefined,
  );
  const states =
    view.state === 'open' || (overdue && view.state === undefined)
      ? (['waiting', 'leased'] as const)
      : view.state === undefined
        ? undefined
        : // What was held or refused has no deliveries.
          [view.state as 'waiting'].filter((one) => !['held', 'refused'].includes(one));
  return {
    reach,
    kind: (view.kind as LogFilter['kind'] | undefined) ?? 'document',
    ...(view.from ? { from: isoTime(startOf(view.from)) } : {}),
    ...(to ? { to } : {}),
    ...(states ? { states } : {}),
    ...(view.business ? { business: view.business } : {}),
    ...(view.fromLevel ? { senderLevel: view.fromLevel as (typeof LEVELS)[number] } : {}),
    ...(view.toLevel ? { recipientLevel: view.toLevel as (typeof LEVELS)[number] } : {}),
    ...(view.urgency ? { priority: Number(view.urgency) as Priority } : {}),
    ...(view.reason ? { failure: view.reason } : {}),
  };
}

/** 00:00 in Vietnam of the day of a time. */
export function startOfDay(ms: number): number {
  return Math.floor((ms + VIETNAM_MS) / DAY_MS) * DAY_MS - VIETNAM_MS;
}

const isDay = (text: string) => text.length === 10;
const dayOf = (text: string) => parseVietnamTime(text.replaceAll('-', '/')) ?? 0;
const startOf = (text: string) => (isDay(text) ? dayOf(text) : Date.parse(text));
const endOf = (text: string) => (isDay(text) ? dayOf(text) + DAY_MS : Date.parse(text));

function earliest(...times: (string | undefined)[]): string | undefined {
  return times.filter((time): time is string => Boolean(time)).sort()[0];
}

/** A place in the log as an address carries it. */
export function placeText({ createdAt, deliveryId }: LogPlace): string {
  return `${createdAt}_${deliveryId}`;
}

/** @returns null for what is no place */
export function placeOf(text: string): LogPlace | null {
  const [, createdAt, deliveryId] = /^(\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)_([0-9a-f-]{36})$/.exec(text) ?? [];
  return createdAt && deliveryId ? { createdAt, deliveryId } : null;
}
