import type { Stations } from '../exchange/index.ts';
import {
  type FeedCourier,
  figuresDesk,
  monthToTell,
  publicationsOf,
  publishDue,
  pushDue,
} from '../reporting/index.ts';
import type { Turn } from './augment.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 60_000;
/** A centre that is away is asked less and less often, at least so often. */
const LONGEST_PAUSE_MS = 60 * 60_000;
/** Months that are looked through for versions that were not sent. */
const MONTHS_BACK = 24;

/**
 * Publishes the figures of each month once it is over, and brings every version to the command centre where there is one.
 * @param turn where nodes share stores: one of them does it
 */
export function figuresWorker(x: Stations, courier: FeedCourier | null, turn?: Turn): Worker {
  let told = '';
  let pause = EVERY_MS;
  let waitUntil = Number.NEGATIVE_INFINITY;
  const worker = repeating({ what: 'publication of figures', everyMs: EVERY_MS, log: x.log }, async () => {
    if (turn && !(await turn.take())) return;
    const due = monthToTell(x.clock.now());
    if (told !== due) {
      // Counted from the beginning, and dropped again: once a month.
      const known = (await publicationsOf(due, x)).length > 0;
      if (!known) await publishDue(await figuresDesk(x).figures(), x);
      told = due;
    }
    if (courier === null || x.clock.now() < waitUntil) return;
    const { sent, failed } = await pushDue(monthsBefore(due), courier, x);
    pause = failed ? Math.min(2 * pause, LONGEST_PAUSE_MS) : EVERY_MS;
    waitUntil = failed ? x.clock.now() + Math.max(pause, failed.retryAfterMs ?? 0) : Number.NEGATIVE_INFINITY;
    if (sent > 0) x.log.info({ sent }, 'figures sent to the command centre');
    if (failed)
      x.log.warn({ reason: failed.reason, nextInMs: pause }, 'the command centre did not take figures');
  });
  return {
    stop: async () => {
      await worker.stop();
      await turn?.give().catch(() => {});
    },
  };
}

function monthsBefore(last: string): string[] {
  const [year = 0, month = 0] = last.split('-').map(Number);
  return Array.from({ length: MONTHS_BACK }, (_, back) => {
    const n = year * 12 + month - 1 - back;
    return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
  });
}
