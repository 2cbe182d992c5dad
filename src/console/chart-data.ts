import { LEVELS, type Level } from '../agency/index.ts';
import type { LogFilter, LogLine } from '../delivery/index.ts';
import { vietnamDate } from './chart-day.ts';
import type { ConsoleDesk } from './desk.ts';
import type { LogView } from './log-query.ts';
import { pageOf } from './log-read.ts';

/** So many of the newest lines are drawn: a chart of a million would keep its reader waiting. */
export const MOST_DRAWN = 10_000;
const PAGE = 1_000;

export const DAY_STATES = ['done', 'open', 'failed', 'cancelled'] as const;
export type DayState = (typeof DAY_STATES)[number];

/** What the charts show, counted in one walk over the lines of a view. */
export interface ChartData {
  total: number;
  /** There are more than were counted. */
  more: boolean;
  /** By Vietnamese day (`2026-03-16`), oldest first. */
  days: ReadonlyMap<string, Readonly<Record<DayState, number>>>;
  /** By `from>to`. */
  levels: ReadonlyMap<string, number>;
  /** Of failed ones by reason, most first. */
  reasons: readonly (readonly [reason: string, count: number])[];
}

/** Counts the newest lines of a view. Every line is within the filters, and so within reach of who looks. */
export async function chartDataOf(filters: readonly LogFilter[], desk: ConsoleDesk): Promise<ChartData> {
  const days = new Map<string, Record<DayState, number>>();
  const levels = new Map<string, number>();
  const reasons = new Map<string, number>();
  let total = 0;
  let after: string | undefined;
  for (;;) {
    const view: LogView = after === undefined ? {} : { after };
    const { lines, more } = await pageOf(filters, view, Math.min(PAGE, MOST_DRAWN - total), desk);
    for (const line of lines) count(line, days, levels, reasons);
    total += lines.length;
    const last = lines.at(-1);
    if (!more || !last || total >= MOST_DRAWN)
      return {
        ...{ total, more, levels },
        days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))),
        reasons: [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
      };
    after = `${last.createdAt}_${last.deliveryId}`;
  }
}

function count(
  line: LogLine,
  days: Map<string, Record<DayState, number>>,
  levels: Map<string, number>,
  reasons: Map<string, number>,
): void {
  const { state, createdAt, senderLevel, recipientLevel, failure } = line;
  const day = vietnamDate(createdAt);
  const of = days.get(day) ?? { done: 0, open: 0, failed: 0, cancelled: 0 };
  of[state === 'waiting' || state === 'leased' ? 'open' : state]++;
  days.set(day, of);
  if (senderLevel && recipientLevel) add(levels, `${senderLevel}>${recipientLevel}`);
  if (state === 'failed' && failure !== null) add(reasons, failure);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Levels that occur, in the order of the administration. */
export function levelsIn({ levels }: ChartData): Level[] {
  const seen = new Set([...levels.keys()].flatMap((pair) => pair.split('>')));
  return LEVELS.filter((level) => seen.has(level));
}
