import {
  expireDeliveries,
  expireHeld,
  forgetAttempts,
  forgetCeremonies,
  forgetSessions,
  recover,
} from '../exchange/index.ts';
import { takeSnapshot } from '../reporting/index.ts';
import { recoverWork, type WorkDesk } from '../workflow/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 15_000;
/** Younger documents are still in the hands of the request that brought them. */
const GRACE_MS = 30_000;

/** Looks again and again for what was left behind: half-finished documents, unrecorded events, passed deadlines. */
export function sweepWorker(x: WorkDesk): Worker {
  return repeating({ what: 'sweep', everyMs: EVERY_MS, log: x.log }, async () => {
    const found = await recover(x, GRACE_MS);
    const expired = await expireDeliveries(x);
    const undecided = await expireHeld(x);
    const files = await recoverWork(x, GRACE_MS);
    await forgetCeremonies(x);
    await forgetSessions(x);
    await forgetAttempts(x);
    await takeSnapshot(x);
    if (found.documents + found.events + expired + undecided + files > 0)
      x.log.warn({ ...found, expired, undecided, files }, 'sweep finished what was left behind');
  });
}
