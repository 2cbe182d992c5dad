import type { LogFilter, LogLine, LogPlace } from '../delivery/index.ts';
import { type OperatorAct, retryDelivery } from '../exchange/index.ts';
import { isoTime, isTrucError } from '../kernel/index.ts';
import type { ConsoleDesk } from './desk.ts';

/** What a bulk replay is about: dead letters of this filter as they were at a moment. */
export interface Replay {
  /** Names the batch in the ledger. */
  batch: string;
  filter: LogFilter;
  /** Only those that had failed by then, RFC 3339 UTC: what fails again meanwhile is not sent a second time. */
  asOf: string;
}

export interface ReplayPreview {
  count: number;
  oldest: string | null;
  newest: string | null;
}

/** More would keep one person's browser busy for longer than anybody watches. */
export const MOST_REPLAYED = 20_000;
/** Deliveries of one step, and how many of them at once: they share the ledger's batches. */
const PER_STEP = 200;
const AT_ONCE = 50;

/** Counts what a replay would send again. @returns null when there are more than {@link MOST_REPLAYED} */
export async function previewOf(replay: Replay, desk: ConsoleDesk): Promise<ReplayPreview | null> {
  let count = 0;
  let oldest: string | null = null;
  let newest: string | null = null;
  for await (const lines of pagesOf(replay, null, desk)) {
    count += lines.length;
    oldest ??= lines[0]?.createdAt ?? null;
    newest = lines.at(-1)?.createdAt ?? newest;
    if (count > MOST_REPLAYED) return null;
  }
  return { count, oldest, newest };
}

export interface ReplayStep {
  sent: number;
  /** Moved meanwhile: fetched, cancelled or sent again by somebody else. */
  skipped: number;
  /** Where the next step goes on; null at the end. */
  next: LogPlace | null;
}

/** Sends the next part again. Done twice it sends nothing twice: only what is still failed, as it was, is sent. */
export async function replayStep(
  replay: Replay,
  after: LogPlace | null,
  act: Omit<OperatorAct, 'batch'>,
  desk: ConsoleDesk,
): Promise<ReplayStep> {
  const step: ReplayStep = { sent: 0, skipped: 0, next: null };
  for await (const lines of pagesOf(replay, after, desk)) {
    for (let i = 0; i < lines.length; i += AT_ONCE) {
      const outcomes = await Promise.all(
        lines.slice(i, i + AT_ONCE).map((line) => sendAgain(line, { ...act, batch: replay.batch }, desk)),
      );
      step.sent += outcomes.filter(Boolean).length;
      step.skipped += outcomes.filter((sent) => !sent).length;
    }
    const last = lines.at(-1);
    if (!last) continue;
    step.next = { createdAt: last.createdAt, deliveryId: last.deliveryId };
    if (step.sent + step.skipped >= PER_STEP) return step;
  }
  return { ...step, next: null };
}

const OF_THE_RACE = ['delivery.not-failed', 'delivery.changed-meanwhile', 'document.destroyed'];

async function sendAgain(
  { deliveryId }: LogLine,
  act: OperatorAct,
  { stations: x }: ConsoleDesk,
): Promise<boolean> {
  try {
    await retryDelivery(deliveryId, x, act);
    return true;
  } catch (error) {
    if (isTrucError(error, ...OF_THE_RACE)) return false;
    throw error;
  }
}

async function* pagesOf(
  { filter, asOf }: Replay,
  from: LogPlace | null,
  { log }: ConsoleDesk,
): AsyncGenerator<LogLine[]> {
  let after = from;
  for (;;) {
    const page = await log.page({
      ...filter,
      states: ['failed'],
      order: 'oldest',
      limit: PER_STEP,
      ...(after ? { after } : {}),
    });
    yield page.filter((line) => line.updatedAt <= asOf);
    const last = page.at(-1);
    if (!last || page.length < PER_STEP) return;
    after = { createdAt: last.createdAt, deliveryId: last.deliveryId };
  }
}

/** Now, as a replay's moment. */
export function asOfNow({ stations: x }: ConsoleDesk): string {
  return isoTime(x.clock.now());
}
