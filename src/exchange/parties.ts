import type { DocumentRecord } from '../document/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import type { Stations } from './stations.ts';

/** A document as one of its parties may see it. */
export interface PartyView {
  document: DocumentRecord;
  /** The caller is (also) the sender and sees all recipients. */
  isSender: boolean;
  /** Agencies of the caller among the recipients; a recipient sees only its own lines. */
  ownRecipients: readonly string[];
}

/**
 * A document whose acceptance broke off after its deliveries were planned is in the ledger: its recipients, who may have
 * taken it, see it; its sender sees it once the answer is made.
 * @throws TrucError `document.unknown` when there is none, when it is not recorded yet, or when the caller is no party
 * of it: the three look the same from outside.
 */
export async function asParty(documentId: string, caller: Caller, x: Stations): Promise<PartyView> {
  const document = await x.documents.get(documentId);
  if (!document || !(await isRecorded(document, x))) throw new TrucError('document.unknown', { documentId });
  const isSender = document.state !== 'received' && speaksFor(caller, document.key.senderId);
  const ownRecipients = (await openToRecipients(document, x))
    ? document.recipients.map((line) => line.agencyId).filter((agencyId) => speaksFor(caller, agencyId))
    : [];
  if (!isSender && ownRecipients.length === 0) throw new TrucError('document.unknown', { documentId });
  return { document, isSender, ownRecipients };
}

/** Whether the entries of a document are committed: nothing is planned before. */
export async function isRecorded(document: DocumentRecord, x: Stations): Promise<boolean> {
  return document.state !== 'received' || hasDeliveries(document, x);
}

async function hasDeliveries(document: DocumentRecord, x: Stations): Promise<boolean> {
  return (await x.deliveries.ofDocument(document.documentId)).some((one) => one.kind === 'document');
}

/** Recipients see nothing of a document that never left its hold, not even after its sender took it back. */
export async function openToRecipients(document: DocumentRecord, x: Stations): Promise<boolean> {
  if (['held', 'released', 'refused'].includes(document.state)) return false;
  if (!document.hold || document.state === 'accepted') return true;
  return hasDeliveries(document, x);
}
