import type { Delivery } from '../delivery/index.ts';
import type { LaterVerdict } from '../document/index.ts';
import { addTraceHeader, readEdxml, writeDocument } from '../edxml/index.ts';
import { sha256Hex, TrucError, vietnamDateTime } from '../kernel/index.ts';
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

/**
 * The verification report, JSON text. Where a later judgement came to another verdict, the first report's fields stay as
 * they were, `latest` names the newest and `later` has all of them.
 * @param number 0: the first report alone, n: the n-th later one, each byte for byte as the ledger has its digest
 * @throws TrucError `document.unknown` when there is no such report, `document.destroyed`
 */
export async function documentReport(
  documentId: string,
  caller: Caller,
  x: Stations,
  number?: number,
): Promise<string> {
  const { document } = await asParty(documentId, caller, x);
  if (document.report === '') throw new TrucError('document.destroyed', { documentId });
  const later = await laterVerdicts(documentId, x);
  if (number === 0 || (number === undefined && later.length === 0)) return document.report;
  if (number !== undefined) {
    const wanted = later[number - 1];
    if (!wanted) throw new TrucError('document.unknown', { documentId, report: number });
    return wanted.report;
  }
  const shown = later.map(({ report, ...verdict }) => ({
    ...verdict,
    reportSha256: sha256Hex(report),
    report: JSON.parse(report) as object,
  }));
  const { report: _, ...latest } = shown.at(-1) as (typeof shown)[0];
  return JSON.stringify({ ...(JSON.parse(document.report) as object), latest, later: shown });
}

/** Those that are in the ledger, oldest first. */
export async function laterVerdicts(documentId: string, x: Stations): Promise<LaterVerdict[]> {
  const review = await x.reviews.get(documentId);
  return review?.verdicts.slice(0, review.announced) ?? [];
}
