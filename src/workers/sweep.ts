import {
  expireDeliveries,
  expireHeld,
  forgetAttempts,
  forgetCeremonies,
  forgetSessions,
  recover,
} from '../exchange/index.ts';
import { takeSnapshot } from '../reporting/index.ts';
import { closeOldDrafts, recoverWork, type WorkDesk } from '../workflow/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 15_000;
/** Younger documents are still in the hands of the request that brought them. */
const GRACE_MS = 30_000;

/** Drafts are closed after months, and every one that is open is looked at; two nodes at once do no harm. */
const DRAFTS_EVERY_MS = 6 * 3_600_000;

/** Looks again and again for what was left behind: half-finished documents, unrecorded events, passed deadlines. */
export function sweepWorker(x: WorkDesk): Worker {
  let draftsAt = Number.NEGATIVE_INFINITY;
  return repeating({ what: 'sweep', everyMs: EVERY_MS, log: x.log }, async () => {
    const found = await recover(x, GRACE_MS);
    const expired = await expireDeliveries(x);
    const undecided = await expireHeld(x);
    const files = await recoverWork(x, GRACE_MS);
    await forgetCeremonies(x);
    await forgetSessions(x);
    await forgetAttempts(x);
    await takeSnapshot(x);
    if (x.clock.now() - draftsAt >= DRAFTS_EVERY_MS) {
      draftsAt = x.clock.now();
      const closed = await closeOldDrafts(x);
      if (closed > 0) x.log.info({ closed }, 'old drafts closed');
    }
    if (found.documents + found.events + expired + undecided + files > 0)
      x.log.warn({ ...found, expired, undecided, files }, 'sweep finished what was left behind');
  });
}
