import type { Delivery } from '../delivery/index.ts';
import { addTraceHeader, readEdxml, writeDocument } from '../edxml/index.ts';
import { TrucError, vietnamDateTime } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import { asParty } from './parties.ts';
import type { Stations } from './stations.ts';

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
  const { document } = await asParty(documentId, caller, x);
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
