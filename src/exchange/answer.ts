import type { DocumentRecord, DocumentState, PendingEvent } from '../document/index.ts';
import { buildReceipt, type Receipt } from '../evidence/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Appended } from '../ledger/index.ts';
import type { Caller } from './caller.ts';
import { asParty } from './parties.ts';
import type { Stations } from './stations.ts';

/** The answer to a submission as exact JSON text; the receipt in it proves the `document.submitted` entry. */
export async function answerOf(
  record: DocumentRecord,
  events: readonly PendingEvent[],
  appended: readonly Appended[],
  state: DocumentState,
  x: Stations,
): Promise<string> {
  const { documentId, ledgerKey } = record;
  if (ledgerKey === null) throw new TrucError('document.destroyed', { documentId });
  const receipt = await receiptFor(ledgerKey, events[0] as PendingEvent, appended[0] as Appended, x);
  return JSON.stringify({
    documentId: record.documentId,
    sha256: record.sha256,
    state,
    legalValue: record.legalValue,
    verification: { indication: record.indication },
    receipt,
  });
}

/**
 * A receipt for one event, under the checkpoint of a size that covers it.
 * @param ledgerKey of the commitments of its subject, base64url
 */
export async function receiptFor(
  ledgerKey: string,
  event: PendingEvent,
  { index, entry, size }: Pick<Appended, 'index' | 'entry' | 'size'>,
  x: Stations,
): Promise<Receipt> {
  const [checkpoint, path] = await Promise.all([
    x.reader.checkpoint(size),
    x.reader.inclusionProof(index, size),
  ]);
  return buildReceipt({
    log: x.reader.origin,
    vkey: x.vkey,
    index,
    entry,
    path,
    checkpoint,
    key: Buffer.from(ledgerKey, 'base64url'),
    scope: event.eventId,
    facts: event.facts,
  });
}

/** The receipt of the submission for one of its parties: the one that the sender got, the same bytes for ever. */
export async function receiptOf(documentId: string, caller: Caller, x: Stations): Promise<string> {
  const { document } = await asParty(documentId, caller, x);
  if (document.receipt === null) throw new TrucError('document.unknown', { documentId });
  const answer = JSON.parse(document.receipt) as { receipt: Receipt };
  return JSON.stringify(answer.receipt);
}
