import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { openSequencer } from '../../ledger/index.ts';
import { agencyDirectory } from './agency-directory.ts';
import { alertBook } from './alert-book.ts';
import { attemptBook } from './attempt-book.ts';
import { augmentationBook } from './augmentation-book.ts';
import { augmentationSchedule } from './augmentation-schedule.ts';
import { bindingBook } from './binding-book.ts';
import { blobStore } from './blob-store.ts';
import { ceremonyStore } from './ceremony-store.ts';
import { clientBook } from './client-book.ts';
import { openDatabase } from './database.ts';
import { delegationBook } from './delegation-book.ts';
import { deliveryLog } from './delivery-log.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { deliveryStore } from './delivery-store.ts';
import { documentStore } from './document-store.ts';
import { draftStore } from './draft-store.ts';
import { endpointBook } from './endpoint-book.ts';
import { eventBook } from './event-book.ts';
import { exportRows } from './export-rows.ts';
import { openLedgerJournal } from './ledger-journal.ts';
import { personBook } from './person-book.ts';
import { rateLimiter } from './rate-limiter.ts';
import { refusalBook } from './refusal-book.ts';
import { reviewBook } from './review-book.ts';
import { revocationShelf } from './revocation-shelf.ts';
import { sessionStore } from './session-store.ts';
import { signerMemory } from './signer-memory.ts';
import { statusStore } from './status-store.ts';
import { viewBook } from './view-book.ts';
import { workBook } from './work-book.ts';

/** The embedded profile's stores over one data folder. The folder must be held by this process alone. */
export async function openEmbedded(dataDir: string, signerState: string) {
  const database = openDatabase(join(dataDir, 'truc.sqlite'));
  const blobs = await blobStore(join(dataDir, 'blobs'));
  const journal = await openLedgerJournal(join(dataDir, 'ledger'));
  return {
    agencies: agencyDirectory(database),
    bindings: bindingBook(database),
    clients: clientBook(database),
    endpoints: endpointBook(database),
    persons: personBook(database),
    sessions: sessionStore(database),
    documents: documentStore(database),
    events: eventBook(database),
    statuses: statusStore(database),
    refusals: refusalBook(database),
    drafts: draftStore(database),
    delegations: delegationBook(database),
    work: workBook(database),
    ceremonies: ceremonyStore(database),
    reviews: reviewBook(database),
    augmentations: augmentationBook(database),
    augmentationSchedule: augmentationSchedule(database),
    revocation: revocationShelf(database),
    deliveries: deliveryStore(database),
    log: deliveryLog(database),
    attempts: attemptBook(database),
    alerts: alertBook(database),
    views: viewBook(database),
    queue: deliveryQueue(),
    rates: rateLimiter(),
    blobs,
    journal,
    signerMemory: signerMemory(signerState),
    shared: false,
    openSequencer,
    probes: [],
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(dataDir);
      return bavail * bsize;
    },
    check: () => database.check(),
    rows: exportRows(database, journal),
    close: async () => {
      await journal.close();
      await blobs.close();
      await database.close();
    },
  };
}
