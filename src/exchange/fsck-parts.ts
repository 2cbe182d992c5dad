import type { BlobStore, RecordedEvent } from '../document/index.ts';
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
  | 'fsck.version-without-evidence';

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
