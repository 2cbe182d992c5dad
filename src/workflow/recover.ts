import { isoTime, isTrucError } from '../kernel/index.ts';
import { tell } from './incoming.ts';
import { sendIssued } from './issue.ts';
import type { WorkDesk } from './take.ts';

const BATCH = 200;

/**
 * Finishes what a crash left between a decision and what follows from it, with the same code as the happy path: documents
 * that were issued and not sent, statuses that were owed and not told. Files changed within `graceMs` are left to whoever works on
 * them. @returns how many were finished
 */
export async function recoverWork(desk: WorkDesk, graceMs: number): Promise<number> {
  const before = isoTime(desk.clock.now() - graceMs);
  const files = await desk.work.unfinished(before, BATCH);
  let finished = 0;
  for (const file of files)
    try {
      if (file.kind === 'outgoing') await sendIssued(file, desk);
      else await tell(file, desk);
      finished++;
    } catch (error) {
      // What the axis refuses is back at the clerk's desk; the others must not wait for it.
      if (!isTrucError(error)) throw error;
      desk.log.warn({ fileId: file.fileId, code: error.code }, 'a file could not be finished');
    }
  return finished;
}
