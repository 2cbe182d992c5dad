import { putOnRecord } from '../exchange/index.ts';
import { isoTime } from '../kernel/index.ts';
import { caughtUp } from './catch-up.ts';
import type { OutgoingFile } from './file.ts';
import { COLLECTOR } from './office.ts';
import { rulesNow, stepped, type WorkDesk } from './take.ts';

const PAGE = 200;
const DAY_MS = 86_400_000;

/**
 * Closes drafts that nobody has signed or changed for as long as the rules say (`draftsKept`), each with an entry. A draft that somebody
 * works on meanwhile is left to them. @returns how many were closed
 */
export async function closeOldDrafts(desk: WorkDesk): Promise<number> {
  const now = desk.clock.now();
  const { draftsKept } = rulesNow(desk);
  const before = isoTime(now - draftsKept.days * DAY_MS);
  let closed = 0;
  for (let after = ''; ; ) {
    const files = await desk.work.list({
      ...{ agencyId: null, kind: 'outgoing', states: ['drafting', 'checking'], before: after, limit: PAGE },
    });
    for (const file of files)
      if (file.kind === 'outgoing' && file.updatedAt <= before && (await close(file, isoTime(now), desk)))
        closed++;
    const last = files.at(-1);
    if (!last || files.length < PAGE) return closed;
    after = last.fileId;
  }
}

async function close(found: OutgoingFile, at: string, desk: WorkDesk): Promise<boolean> {
  // Its draft may have been signed at the signing service alone.
  const file = await caughtUp(found, desk);
  if (file.state !== found.state || file.revision !== found.revision) return false;
  const actor = { id: COLLECTOR, name: '', title: '' };
  const next = stepped(file, 'discard', { actor }, { file: { state: 'discarded', turns: [] } }, at);
  if ((await desk.work.replace(next.file, [next.event])) !== 'replaced') return false;
  await putOnRecord([next.event], desk);
  return true;
}
