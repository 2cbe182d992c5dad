import type { Delivery } from '../delivery/index.ts';
import { addTraceHeader, readEdxml, writeDocument } from '../edxml/index.ts';
import { TrucError, vietnamDateTime } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import { takeContent } from './inbox.ts';
import { asParty, type PartyView } from './parties.ts';
import type { Stations } from './stations.ts';

/**
 * A document whose content the caller takes now. A recipient takes it from its delivery, by whatever address: the first
 * time is recorded as fetched, and what was taken back before stays closed.
 * @throws TrucError `document.unknown`, `delivery.cancelled`
 */
export async function contentFor(documentId: string, caller: Caller, x: Stations): Promise<PartyView> {
  const view = await asParty(documentId, caller, x);
  if (view.isSender) return view;
  const own = (await x.deliveries.ofDocument(documentId)).filter(
    (one) => one.kind === 'document' && view.ownRecipients.includes(one.recipientId),
  );
  const delivery = own.find((one) => one.state !== 'cancelled') ?? own[0];
  if (!delivery) throw new TrucError('document.unknown', { documentId });
  await takeContent(delivery.deliveryId, caller, x);
  return view;
}

/** Our writer's copy of a document, with a trace header of the axis; the bytes as sent stay as they are. */
export async function canonicalCopy(delivery: Delivery, x: Stations): Promise<Buffer> {
  const message = readEdxml(await x.blobs.read(delivery.content), x.limits);
  if (message.kind !== 'document')
    throw new TrucError('document.unknown', { documentId: delivery.documentId });
  const traced = addTraceHeader(message.document, {
    organId: x.axisCode,
    timestamp: vietnamDateTime(Date.parse(delivery.createdAt)),
  });
  return writeDocument(traced, message.attachments);
}

/**
 * One attachment of a document, decoded, by its place (from 0).
 * @throws TrucError `document.unknown` when there is no such place
 */
export async function attachmentOf(documentId: string, place: number, caller: Caller, x: Stations) {
  const { document } = await contentFor(documentId, caller, x);
  if (document.original === null) throw new TrucError('document.destroyed', { documentId });
  const meta = document.attachments[place];
  const message = readEdxml(await x.blobs.read(document.original), x.limits);
  const found = message.kind === 'document' ? message.attachments[place] : undefined;
  if (!meta || !found) throw new TrucError('document.unknown', { documentId, attachment: place });
  return { name: found.name, contentType: meta.contentType, bytes: found.bytes };
}

/** The verification report as stored: exact JSON text. */
export async function documentReport(documentId: string, caller: Caller, x: Stations): Promise<string> {
  const { document } = await asParty(documentId, caller, x);
  if (document.report === '') throw new TrucError('document.destroyed', { documentId });
  return document.report;
}
