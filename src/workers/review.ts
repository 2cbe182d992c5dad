import { reviewDue, type Stations } from '../exchange/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 10_000;
/** Answers about signers come all day; what waits for something else is not judged for each of them. */
const NEW_DATA_EVERY_MS = 30_000;

/**
 * Judges documents again that could not be judged to the end: each in its time, and the first of them when other trust or
 * revocation data are there, also what came while no node ran.
 */
export function reviewWorker(x: Stations): Worker {
  let judgedBy = '';
  let judgedAt = Number.NEGATIVE_INFINITY;
  return repeating({ what: 'review', everyMs: EVERY_MS, log: x.log }, async () => {
    const { id } = x.verification().trust;
    const now = x.clock.now();
    const newData = id !== judgedBy && now - judgedAt >= NEW_DATA_EVERY_MS;
    if (newData) {
      judgedBy = id;
      judgedAt = now;
    }
    const changed = await reviewDue(x, newData);
    if (changed > 0) x.log.info({ changed }, 'documents have another verdict');
  });
}
