import { type Log, newId } from '../../kernel/index.ts';
import type { SequencerOptions } from '../../ledger/index.ts';
import { AGENCY_PLANS, agencyDirectory } from './agency-directory.ts';
import { ALERT_PLANS, alertBook } from './alert-book.ts';
import { ATTEMPT_PLANS, attemptBook } from './attempt-book.ts';
import { AUGMENTATION_PLANS, augmentationBook } from './augmentation-book.ts';
import { AUGMENTATION_SCHEDULE_PLANS, augmentationSchedule } from './augmentation-schedule.ts';
import { BINDING_PLANS, bindingBook } from './binding-book.ts';
import { blobStore } from './blob-store.ts';
import { CEREMONY_PLANS, ceremonyStore } from './ceremony-store.ts';
import { CLIENT_PLANS, clientBook } from './client-book.ts';
import { databaseNameOf, openMongo } from './database.ts';
import { DELEGATION_PLANS, delegationBook } from './delegation-book.ts';
import { deliveryLog } from './delivery-log.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { DELIVERY_PLANS } from './delivery-rows.ts';
import { deliveryStore } from './delivery-store.ts';
import { DOCUMENT_PLANS } from './document-rows.ts';
import { documentStore } from './document-store.ts';
import { DRAFT_PLANS, draftStore } from './draft-store.ts';
import { ENDPOINT_PLANS, endpointBook } from './endpoint-book.ts';
import { eventBook } from './event-book.ts';
import { EVENT_PLANS } from './event-rows.ts';
import { importRows } from './import-rows.ts';
import { KEY_PLANS, keyShelf } from './key-shelf.ts';
import { CONTENT_BY_QUARTERS, importMark, LAYOUT } from './layout.ts';
import { LEDGER_JOURNAL_PLANS, openLedgerJournal } from './ledger-journal.ts';
import { LEASE_PLANS, lease } from './ledger-lease.ts';
import { PENDING_APPEND_PLANS, pendingAppends } from './ledger-pending.ts';
import { type MigrateOptions, migrateLayout } from './migrate.ts';
import { PERSON_PLANS, personBook } from './person-book.ts';
import { rateLimiter } from './rate-limiter.ts';
import { REFUSAL_PLANS, refusalBook } from './refusal-book.ts';
import { REVIEW_PLANS, reviewBook } from './review-book.ts';
import { REVOCATION_PLANS, revocationShelf } from './revocation-shelf.ts';
import { SESSION_PLANS, sessionStore } from './session-store.ts';
import { OFFICE_TIMES, type OfficeTimes, sharedSequencer } from './shared-sequencer.ts';
import { SIGNER_MEMORY_PLANS, signerMemory } from './signer-memory.ts';
import { STATUS_PLANS, statusStore } from './status-store.ts';
import { VIEW_PLANS, viewBook } from './view-book.ts';
import { WORK_PLANS, workBook } from './work-book.ts';
import { writeLane } from './write-lane.ts';

export interface DistributedOptions {
  /** Replica set, with the database's name in the path (`truc` when it has none). */
  mongoUrl: string;
  redisUrl: string;
  /** As for `openS3Bucket`. */
  s3Url: string;
  log: Log;
  officeTimes?: Partial<OfficeTimes>;
  /** The archive that is being imported: opens what a started import of it keeps from everybody else. */
  importing?: string;
}

/** A page of a migration takes a fraction of it. */
const MIGRATION_TTL_MS = 30_000;

const PLANS = [
  ...AGENCY_PLANS,
  ...BINDING_PLANS,
  ...CLIENT_PLANS,
  ...ENDPOINT_PLANS,
  ...PERSON_PLANS,
  ...SESSION_PLANS,
  ...DOCUMENT_PLANS,
  ...EVENT_PLANS,
  ...STATUS_PLANS,
  ...REFUSAL_PLANS,
  ...DRAFT_PLANS,
  ...CEREMONY_PLANS,
  ...DELEGATION_PLANS,
  ...WORK_PLANS,
  ...DELIVERY_PLANS,
  ...ATTEMPT_PLANS,
  ...ALERT_PLANS,
  ...VIEW_PLANS,
  ...LEDGER_JOURNAL_PLANS,
  ...PENDING_APPEND_PLANS,
  ...LEASE_PLANS,
  ...KEY_PLANS,
  ...REVOCATION_PLANS,
  ...REVIEW_PLANS,
  ...AUGMENTATION_PLANS,
  ...AUGMENTATION_SCHEDULE_PLANS,
];

/**
 * One node's stores of the distributed profile: MongoDB, Redis and S3, which any number of nodes share. The signer's memory is a database of
 * its own (`<name>-signer`), so that a restore of the axis's data does not take it back too.
 * @throws TrucError `adapters.store-failed`, `adapters.store-newer`, `adapters.import-unfinished`
 */
export async function openDistributed({
  mongoUrl,
  redisUrl,
  s3Url,
  log,
  officeTimes,
  importing,
}: DistributedOptions) {
  const name = databaseNameOf(mongoUrl);
  const node = newId();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const mongo = await openMongo(mongoUrl, name, PLANS, importing === undefined ? {} : { importing });
    closers.push(mongo.close);
    const memory = await openMongo(mongoUrl, `${name}-signer`, SIGNER_MEMORY_PLANS);
    closers.push(memory.close);
    const blobs = await blobStore({ url: s3Url, byQuarters: mongo.readableFrom >= CONTENT_BY_QUARTERS });
    closers.push(blobs.close);
    const queue = deliveryQueue({ url: redisUrl, channel: `truc:${name}`, log });
    closers.push(queue.close);
    const rates = rateLimiter({ url: redisUrl, prefix: `truc:${name}:rate`, log });
    closers.push(rates.close);
    const journal = await openLedgerJournal(mongo);
    const lane = writeLane(mongo);
    const pending = pendingAppends(mongo);
    const times = { ...OFFICE_TIMES, ...officeTimes };
    return {
      agencies: agencyDirectory(mongo),
      bindings: bindingBook(mongo),
      clients: clientBook(mongo),
      endpoints: endpointBook(mongo),
      persons: personBook(mongo),
      sessions: sessionStore(mongo),
      documents: documentStore(mongo, lane),
      events: eventBook(mongo, lane),
      statuses: statusStore(mongo, lane),
      refusals: refusalBook(mongo, lane),
      drafts: draftStore(mongo, lane),
      ceremonies: ceremonyStore(mongo),
      delegations: delegationBook(mongo, lane),
      work: workBook(mongo, lane),
      reviews: reviewBook(mongo),
      augmentations: augmentationBook(mongo, lane),
      augmentationSchedule: augmentationSchedule(mongo),
      revocation: revocationShelf(mongo),
      deliveries: deliveryStore(mongo, lane),
      log: deliveryLog(mongo),
      attempts: attemptBook(mongo),
      alerts: alertBook(mongo),
      views: viewBook(mongo),
      queue,
      rates,
      blobs,
      journal,
      signerMemory: signerMemory(memory),
      keys: keyShelf(mongo),
      /** True: what one process knows of the ledger is not all. */
      shared: true,
      openSequencer: async (options: SequencerOptions) =>
        sharedSequencer({
          ...options,
          pending,
          lease: lease(mongo, 'ledger', node, times.ttl),
          hints: queue,
          times,
        }),
      /** A lease for what one node does for all. */
      lease: (task: string, ttlMs: number) => lease(mongo, task, node, ttlMs),
      /** Append requests that no node has written yet. */
      waitingAppends: () => pending.count(),
      serverTime: mongo.time,
      /** Of the disk under the database's primary. */
      freeBytes: async () => {
        const { fsTotalSize, fsUsedSize } = await mongo.raw.stats();
        return Number(fsTotalSize) - Number(fsUsedSize);
      },
      /** Redis carries hints only: without it a node is slower and loses nothing. */
      probes: [
        { store: 'mongodb', needed: true, ask: mongo.ping },
        { store: 's3', needed: true, ask: blobs.ping },
        { store: 'redis', needed: false, ask: queue.ping },
      ],
      /** For an import: where an archive's rows go, and the mark that keeps others away meanwhile. */
      moveIn: (archive: string, epoch: number) => ({
        ...importRows(mongo, journal, epoch),
        mark: importMark(mongo.collection(LAYOUT), archive),
      }),
      /** Brings the layout to this program's. Nodes of the version before may serve meanwhile. */
      migrate: (options: Pick<MigrateOptions, 'contract' | 'onProgress'>) =>
        migrateLayout({
          ...options,
          db: mongo.raw,
          lease: lease(mongo, 'migration', node, MIGRATION_TTL_MS),
        }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
