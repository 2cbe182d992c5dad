import { type Delivery, type DeliveryStore, deliveryIdOf } from '../delivery/index.ts';
import type {
  AugmentationBook,
  BlobStore,
  DocumentRecord,
  DocumentStore,
  EventBook,
  RecordedEvent,
  ReviewBook,
} from '../document/index.ts';
import { sha256Hex, sleep } from '../kernel/index.ts';
import { EMPTY_EDGE, edgeRoot, extendEdge, type LedgerJournal, leafHash } from '../ledger/index.ts';
import type { DraftStore } from '../signing/index.ts';
import { draftFaults, draftsOf } from './fsck-drafts.ts';
import { type FileChains, fileFaults, filesOf } from './fsck-files.ts';
import {
  checkAugmentations,
  checkBlob,
  checkChain,
  type Fault,
  type FsckCode,
  type FsckFault,
} from './fsck-parts.ts';
import { subjectOf } from './retention.ts';

export type { FsckCode, FsckFault } from './fsck-parts.ts';

export interface FsckReport {
  documents: number;
  drafts: number;
  /** Files of clerical work. */
  files: number;
  deliveries: number;
  events: number;
  entries: number;
  faults: FsckFault[];
}

export interface FsckStores {
  documents: DocumentStore;
  events: EventBook;
  deliveries: DeliveryStore;
  drafts: DraftStore;
  work?: FileChains;
  blobs: BlobStore;
  reviews: Pick<ReviewBook, 'get'>;
  augmentations: Pick<AugmentationBook, 'of'>;
  journal: LedgerJournal;
  /** True where nodes may be at work on the same stores: what looks wrong in the middle of a step is looked at again. */
  shared?: boolean;
  /** What the store finds wrong with its own files; absent where the store's servers look after that. */
  check?(): string[];
}

const BATCH = 500;
/** Longer than another node takes to finish a step, or to take over the ledger from a dead one. */
const SECOND_LOOKS = 8;
const PAUSE_MS = 2_000;

/**
 * Checks that stores and ledger tell the same story: every document has its content, receipt, entries and deliveries,
 * every entry of a document has its event, every end state has its evidence, every version of a draft and every augmented
 * file its content and entry, and the ledger's root follows from its entries. Reads only. Documents still `received` are unfinished, not faulty.
 */
export async function checkStores(
  stores: FsckStores,
  onProgress: (documents: number) => void = () => {},
): Promise<FsckReport> {
  const report: FsckReport = {
    documents: 0,
    drafts: 0,
    files: 0,
    deliveries: 0,
    events: 0,
    entries: 0,
    faults: [],
  };
  for (const found of stores.check?.() ?? [])
    report.faults.push({ code: 'fsck.database-damaged', facts: { found } });
  if (report.faults.length > 0) return report;
  await checkLedger(stores.journal, report);
  await checkPeriods(stores, report);
  let doubtful: Look[] = [];
  const take = (faults: FsckFault[], again: Look) => {
    if (faults.length > 0 && stores.shared) doubtful.push(again);
    else report.faults.push(...faults);
  };
  for await (const document of documentsOf(stores.documents)) {
    take(await checkDocument(document, stores, report), () => documentAgain(document.documentId, stores));
    onProgress(report.documents);
  }
  for await (const draft of draftsOf(stores.drafts)) {
    report.drafts++;
    take(await draftFaults(draft, stores, report), async () => {
      const now = await stores.drafts.get(draft.documentId);
      return now ? draftFaults(now, stores) : [];
    });
  }
  for await (const file of stores.work ? filesOf(stores.work) : []) {
    report.files++;
    take(await fileFaults(file, stores, report), async () => {
      const now = await stores.work?.get(file.fileId);
      return now ? fileFaults(now, stores) : [];
    });
  }
  for (let look = 1; doubtful.length > 0; look++) {
    await sleep(PAUSE_MS);
    doubtful = await lookAgain(doubtful, report, look === SECOND_LOOKS);
  }
  return report;
}

/** Looks at something once more. @returns its faults of now */
type Look = () => Promise<FsckFault[]>;

async function* documentsOf(documents: DocumentStore): AsyncGenerator<DocumentRecord> {
  for (let after: string | undefined; ; ) {
    const page = await documents.list({
      agencyIds: null,
      direction: 'sent',
      limit: BATCH,
      ...(after ? { after } : {}),
    });
    yield* page;
    if (page.length < BATCH) return;
    after = page.at(-1)?.documentId;
  }
}

/** @returns what another look may still find whole; after the last one the faults are reported */
async function lookAgain(doubtful: Look[], report: FsckReport, last: boolean): Promise<Look[]> {
  const still: Look[] = [];
  for (const look of doubtful) {
    const faults = await look();
    if (faults.length === 0) continue;
    still.push(look);
    if (last) report.faults.push(...faults);
  }
  return last ? [] : still;
}

async function documentAgain(documentId: string, stores: FsckStores): Promise<FsckFault[]> {
  const document = await stores.documents.get(documentId);
  // A withdrawn submission never was one.
  return document ? faultsOf(document, stores) : [];
}

async function checkLedger(journal: LedgerJournal, report: FsckReport): Promise<void> {
  const head = await journal.head();
  let edge = EMPTY_EDGE;
  for (let from = 0; from < head.size; from += BATCH) {
    const count = Math.min(BATCH, head.size - from);
    const leaves = (await journal.entries(from, count)).map(leafHash);
    if (!Buffer.concat(leaves).equals(await journal.hashes(0, from, count)))
      report.faults.push({ code: 'fsck.ledger-hash', facts: { from, count } });
    edge = extendEdge(edge, leaves).edge;
  }
  report.entries = head.size;
  if (!edgeRoot(edge).equals(head.root))
    report.faults.push({ code: 'fsck.ledger-root', facts: { size: head.size } });
}

/** Content may be gone only where the ledger says so. */
async function checkPeriods({ blobs, journal }: FsckStores, report: FsckReport): Promise<void> {
  for (const { period, dropped } of await blobs.periods()) {
    if (!dropped) continue;
    const entries = await journal.docEntries(subjectOf(period).ledgerDoc);
    if (entries.length === 0) report.faults.push({ code: 'fsck.content-dropped', facts: { period } });
  }
}

/** Counts a document and gives its faults. */
async function checkDocument(
  document: DocumentRecord,
  stores: FsckStores,
  report: FsckReport,
): Promise<FsckFault[]> {
  report.documents++;
  return faultsOf(document, stores, report);
}

async function faultsOf(
  document: DocumentRecord,
  stores: FsckStores,
  counts: Pick<FsckReport, 'events' | 'deliveries'> = { events: 0, deliveries: 0 },
): Promise<FsckFault[]> {
  const { documentId } = document;
  const faults: FsckFault[] = [];
  const fault = (code: FsckCode, facts: Record<string, string | number> = {}) =>
    faults.push({ code, facts: { documentId, ...facts } });
  await checkContent(document, stores.blobs, fault);
  if (document.receipt === null) fault('fsck.receipt-missing');
  const events = await stores.events.of(documentId);
  const deliveries = await stores.deliveries.ofDocument(documentId);
  counts.events += events.length;
  counts.deliveries += deliveries.length;
  await checkChain(document.ledgerDoc, events, stores.journal, fault);
  checkReport(document, events, fault);
  await checkLaterReports(documentId, events, stores.reviews, fault);
  await checkAugmentations(documentId, events, stores, fault);
  await checkWaiting(document, deliveries, stores.blobs, fault);
  checkDeliveries(document, deliveries, events, fault);
  return faults;
}

async function checkContent(document: DocumentRecord, blobs: BlobStore, fault: Fault): Promise<void> {
  if (document.original !== null) await checkBlob(blobs, document.original, document.sha256, fault);
}

/** What still has to be handed out; documents share the content that was looked at already. */
async function checkWaiting(
  { original }: DocumentRecord,
  deliveries: Delivery[],
  blobs: BlobStore,
  fault: Fault,
): Promise<void> {
  for (const { deliveryId, state, content, sha256 } of deliveries)
    if ((state === 'waiting' || state === 'leased') && content !== original)
      await checkBlob(blobs, content, sha256, (code) => fault(code, { delivery: deliveryId }));
}

function checkReport(document: DocumentRecord, events: RecordedEvent[], fault: Fault): void {
  const verified = events.find((event) => event.type === 'signature.verified');
  if (document.report !== '' && verified?.facts.reportSha256 !== sha256Hex(document.report))
    fault('fsck.report-altered');
}

/** Every later verdict that the ledger tells of has its report, byte for byte. */
async function checkLaterReports(
  documentId: string,
  events: RecordedEvent[],
  reviews: FsckStores['reviews'],
  fault: Fault,
): Promise<void> {
  const told = events.filter((event) => event.type === 'signature.reverified');
  if (told.length === 0) return;
  const verdicts = (await reviews.get(documentId))?.verdicts ?? [];
  for (const { facts } of told) {
    const kept = verdicts.find((one) => one.number === facts.number);
    if (!kept || sha256Hex(kept.report) !== facts.reportSha256)
      fault('fsck.report-altered', { number: Number(facts.number) });
  }
}

function checkDeliveries(
  document: DocumentRecord,
  deliveries: Delivery[],
  events: RecordedEvent[],
  fault: Fault,
): void {
  const own = deliveries.filter((delivery) => delivery.kind === 'document');
  // A held document that was recalled, refused or is not decided yet was never planned.
  const planned = events.some((event) => event.type === 'delivery.queued');
  if (planned && document.state !== 'released') {
    for (const { agencyId, code } of document.recipients) {
      const mine = own.filter((delivery) => delivery.recipientId === agencyId);
      if (mine.length === 0) fault('fsck.delivery-missing', { recipient: code });
      if (
        mine.length > 1 ||
        (mine[0] && mine[0].deliveryId !== deliveryIdOf('document', document.documentId, agencyId))
      ) {
        fault('fsck.delivery-twice', { recipient: code });
      }
    }
  }
  const evidence = {
    done: 'delivery.acknowledged',
    failed: 'delivery.failed',
    cancelled: 'delivery.cancelled',
  } as const;
  for (const delivery of deliveries) {
    const needed =
      delivery.state === 'waiting' || delivery.state === 'leased' ? null : evidence[delivery.state];
    const has = (type: string) =>
      events.some((event) => event.type === type && event.facts.delivery === delivery.deliveryId);
    if (needed !== null && !has(needed))
      fault('fsck.state-without-evidence', { delivery: delivery.deliveryId, state: delivery.state });
    if (delivery.fetchedAt !== null && !has('delivery.fetched'))
      fault('fsck.state-without-evidence', { delivery: delivery.deliveryId, state: 'fetched' });
  }
}
