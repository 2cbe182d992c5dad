import { reviewDue, type Stations } from '../exchange/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 10_000;

/**
 * Judges documents again that could not be judged to the end: each in its time, and all of them when other trust or
 * revocation data are there, also what came while no node ran.
 */
export function reviewWorker(x: Stations): Worker {
  let judgedBy = '';
  return repeating({ what: 'review', everyMs: EVERY_MS, log: x.log }, async () => {
    const { id } = x.verification().trust;
    const changed = await reviewDue(x, id !== judgedBy);
    judgedBy = id;
    if (changed > 0) x.log.info({ changed }, 'documents have another verdict');
  });
}
