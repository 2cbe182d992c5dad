import type { EventBook } from '../document/index.ts';
import type { LedgerJournal } from '../ledger/index.ts';
import { checkChain, type Fault, type FsckFault } from './fsck-parts.ts';

/** What is looked at of a file of clerical work, which is a record of a later room. */
export interface FileChain {
  fileId: string;
  ledgerDoc: string;
  steps: readonly { eventId: string }[];
}

/** Where the files are found; absent where an installation has none. */
export interface FileChains {
  get(fileId: string): Promise<FileChain | null>;
  /** Newest first; of all agencies for null. */
  list(query: { agencyId: null; before: string; limit: number }): Promise<readonly FileChain[]>;
}

const BATCH = 500;

export async function* filesOf(files: FileChains): AsyncGenerator<FileChain> {
  for (let before = ''; ; ) {
    const page = await files.list({ agencyId: null, before, limit: BATCH });
    yield* page;
    if (page.length < BATCH) return;
    before = (page.at(-1) as FileChain).fileId;
  }
}

/** Every step of a file has its entry, and there is no entry besides. */
export async function fileFaults(
  { fileId, ledgerDoc, steps }: FileChain,
  stores: { events: EventBook; journal: LedgerJournal },
  counts: { events: number } = { events: 0 },
): Promise<FsckFault[]> {
  const faults: FsckFault[] = [];
  const fault: Fault = (code, facts = {}) => faults.push({ code, facts: { fileId, ...facts } });
  const events = await stores.events.of(fileId);
  counts.events += events.length;
  await checkChain(ledgerDoc, events, stores.journal, fault);
  const told = new Set(events.map(({ eventId }) => eventId));
  for (const [i, { eventId }] of steps.entries())
    if (!told.delete(eventId)) fault('fsck.step-without-evidence', { step: i + 1 });
  if (told.size > 0) fault('fsck.step-without-evidence', { events: told.size });
  return faults;
}
