import type { AugmentationBook, BlobStore, EventBook } from '../document/index.ts';
import type { LedgerJournal } from '../ledger/index.ts';
import type { Draft, DraftStore } from '../signing/index.ts';
import { checkAugmentations, checkBlob, checkChain, type Fault, type FsckFault } from './fsck-parts.ts';

const BATCH = 500;

export async function* draftsOf(drafts: DraftStore): AsyncGenerator<Draft> {
  for (let after = ''; ; ) {
    const page = await drafts.list({ after, limit: BATCH });
    yield* page;
    if (page.length < BATCH) return;
    after = (page.at(-1) as Draft).documentId;
  }
}

/** Every version of a draft has its bytes and its entry, and the entry tells of these bytes; there is no entry besides. */
export async function draftFaults(
  draft: Draft,
  stores: {
    blobs: BlobStore;
    events: EventBook;
    journal: LedgerJournal;
    augmentations: Pick<AugmentationBook, 'of'>;
  },
  counts: { events: number } = { events: 0 },
): Promise<FsckFault[]> {
  const faults: FsckFault[] = [];
  const { documentId, versions } = draft;
  const fault: Fault = (code, facts = {}) => faults.push({ code, facts: { documentId, ...facts } });
  const events = await stores.events.of(documentId);
  counts.events += events.length;
  await checkChain(draft.ledgerDoc, events, stores.journal, fault);
  for (const [i, { version, content, sha256, eventId }] of versions.entries()) {
    await checkBlob(stores.blobs, content, sha256, (code) => fault(code, { version }));
    const told = events.find((event) => event.eventId === eventId);
    if (version !== i + 1 || told?.facts.sha256 !== sha256)
      fault('fsck.version-without-evidence', { version });
  }
  await checkAugmentations(documentId, events, stores, fault);
  const own = events.filter(({ type }) => type !== 'signature.augmented').length;
  if (own > versions.length) fault('fsck.version-without-evidence', { events: own });
  return faults;
}
