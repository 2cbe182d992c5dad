import type { AugmentationBook, BlobStore, RecordedEvent } from '../document/index.ts';
import { isTrucError, sha256Hex } from '../kernel/index.ts';
import { type LedgerJournal, parseEntry } from '../ledger/index.ts';

export type FsckCode =
  | 'fsck.database-damaged'
  | 'fsck.ledger-root'
  | 'fsck.ledger-hash'
  | 'fsck.content-missing'
  | 'fsck.content-altered'
  | 'fsck.content-dropped'
  | 'fsck.receipt-missing'
  | 'fsck.report-altered'
  | 'fsck.event-not-recorded'
  | 'fsck.event-differs'
  | 'fsck.entry-without-event'
  | 'fsck.delivery-missing'
  | 'fsck.delivery-twice'
  | 'fsck.state-without-evidence'
  | 'fsck.version-without-evidence'
  | 'fsck.step-without-evidence'
  | 'fsck.augmentation-without-evidence';

export interface FsckFault {
  code: FsckCode;
  facts: Readonly<Record<string, string | number>>;
}

/** Notes a fault of the subject that is looked at. */
export type Fault = (code: FsckCode, facts?: Record<string, string | number>) => void;

/** Content is there, and is what its digest says. */
export async function checkBlob(blobs: BlobStore, ref: string, sha256: string, fault: Fault): Promise<void> {
  try {
    if (sha256Hex(await blobs.read(ref)) !== sha256) fault('fsck.content-altered');
  } catch (error) {
    // Its whole quarter went when its time was over; the ledger's entry of that is looked for once.
    if (isTrucError(error, 'document.content-expired')) return;
    if (!isTrucError(error, 'document.blob-missing')) throw error;
    fault('fsck.content-missing');
  }
}

/** A subject's chain in the ledger and its events are the same set, entry for entry. */
export async function checkChain(
  ledgerDoc: string,
  events: RecordedEvent[],
  journal: LedgerJournal,
  fault: Fault,
): Promise<void> {
  const indices = new Set(await journal.docEntries(ledgerDoc));
  for (const event of events) {
    if (event.place === null) {
      fault('fsck.event-not-recorded', { type: event.type });
      continue;
    }
    const { index } = event.place;
    if (!indices.delete(index)) {
      fault('fsck.event-differs', { type: event.type, index });
      continue;
    }
    const [bytes] = await journal.entries(index, 1);
    const entry = parseEntry(bytes as Buffer);
    if (entry.type !== event.type || entry.commit !== event.commit || entry.seq !== event.place.seq)
      fault('fsck.event-differs', { type: event.type, index });
  }
  for (const index of indices) fault('fsck.entry-without-event', { index });
}

/**
 * Every augmented file of a document or draft has its bytes and its entry, and the entry tells of these bytes; they are
 * numbered without gaps, and there is no entry besides.
 */
export async function checkAugmentations(
  subjectId: string,
  events: readonly RecordedEvent[],
  { augmentations, blobs }: { augmentations: Pick<AugmentationBook, 'of'>; blobs: BlobStore },
  fault: Fault,
): Promise<void> {
  const told = new Map(
    events
      .filter(({ type }) => type === 'signature.augmented')
      .map(({ facts }) => [`${facts.attachment}|${facts.number}`, facts.sha256]),
  );
  const last = new Map<number, number>();
  for (const { attachment, number, sha256, content } of await augmentations.of(subjectId)) {
    const name = { attachment, number };
    const inOrder = number === (last.get(attachment) ?? 0) + 1;
    last.set(attachment, number);
    if (!inOrder || told.get(`${attachment}|${number}`) !== sha256)
      fault('fsck.augmentation-without-evidence', name);
    told.delete(`${attachment}|${number}`);
    if (content !== null) await checkBlob(blobs, content, sha256, (code) => fault(code, name));
  }
  for (const name of told.keys()) {
    const [attachment, number] = name.split('|').map(Number);
    fault('fsck.augmentation-without-evidence', {
      attachment: attachment as number,
      number: number as number,
    });
  }
}
