import { type Augmentation, type DocumentRecord, periodOf } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import { isoTime, isTrucError, sha256Hex, TrucError } from '../kernel/index.ts';
import { type AugmentLevel, augmentPdf } from '../signing/index.ts';
import type { Caller } from './caller.ts';
import { contentFor } from './content.ts';
import { subjectOf } from './inbox.ts';
import { asParty } from './parties.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

const ORDER: readonly AugmentLevel[] = ['B-T', 'B-LT', 'B-LTA'];

export interface AugmentRequest {
  documentId: string;
  /** Place of the attachment, from 0. */
  attachment: number;
  level: AugmentLevel;
  /** Adds to one that has the level already: a new archive time-stamp before the authority of the last one ends. */
  renew: boolean;
}

/**
 * Adds time-stamps and validation data to the signatures of an attachment. The new file stands beside the bytes as sent,
 * and is in the ledger; asking again for a level that is there gives what is there.
 * @throws TrucError `document.unknown`, `document.destroyed`, `signing.not-augmentable`, `signing.level-not-reached`,
 * `signing.timestamp-unavailable`
 */
export function augmentAttachment(
  request: AugmentRequest,
  caller: Caller,
  x: Stations,
): Promise<Augmentation> {
  const { documentId, attachment } = request;
  return x.oncePerDocument(`augment|${documentId}|${attachment}|${request.level}`, async () => {
    const { document } = await contentFor(documentId, caller, x);
    const own = (await recordedOf(documentId, x)).filter((one) => one.attachment === attachment);
    const newest = own.at(-1);
    const rank = (level: AugmentLevel) => ORDER.indexOf(level);
    if (newest && rank(newest.level) >= rank(request.level) && !request.renew) return newest;
    const pdf = newest ? await readKept(newest, x) : await bytesOf(document, attachment, x);
    const made = await augmented(pdf, request.level, x);
    return keep(document, { attachment, number: (newest?.number ?? 0) + 1, level: request.level }, made, x);
  });
}

/** The augmented files of an attachment, oldest first. @throws TrucError `document.unknown` */
export async function augmentationsOf(documentId: string, attachment: number, caller: Caller, x: Stations) {
  await asParty(documentId, caller, x);
  const all = await recordedOf(documentId, x);
  return all.filter((one) => one.attachment === attachment).map(augmentationView);
}

/** One augmented file. @throws TrucError `document.unknown` */
export async function augmentedFile(
  { documentId, attachment, number }: Pick<Augmentation, 'documentId' | 'attachment' | 'number'>,
  caller: Caller,
  x: Stations,
) {
  const { document } = await contentFor(documentId, caller, x);
  const all = await recordedOf(documentId, x);
  const found = all.find((one) => one.attachment === attachment && one.number === number);
  if (!found) throw new TrucError('document.unknown', { documentId, attachment, number });
  const name = document.attachments[attachment]?.name ?? 'attachment.pdf';
  return { name, bytes: await readKept(found, x) };
}

async function readKept({ documentId, content }: Augmentation, x: Stations): Promise<Buffer> {
  if (content === null) throw new TrucError('document.destroyed', { documentId });
  return x.blobs.read(content);
}

/** Without where the store has it. */
export function augmentationView({ content: _, ...shown }: Augmentation): Omit<Augmentation, 'content'> {
  return shown;
}

async function bytesOf(
  { documentId, original }: DocumentRecord,
  place: number,
  x: Stations,
): Promise<Buffer> {
  if (original === null) throw new TrucError('document.destroyed', { documentId });
  const message = readEdxml(await x.blobs.read(original), x.limits);
  const found = message.kind === 'document' ? message.attachments[place] : undefined;
  if (!found) throw new TrucError('document.unknown', { documentId, attachment: place });
  return found.bytes;
}

async function augmented(pdf: Buffer, level: AugmentLevel, x: Stations): Promise<Buffer> {
  const { timestamp } = x.signing;
  if (!timestamp) throw new TrucError('signing.timestamp-unavailable');
  try {
    return (await augmentPdf({ pdf, level, timestamp, context: () => x.verification() })).bytes;
  } catch (error) {
    if (!isTrucError(error, 'signing.timestamp-unreachable')) throw error;
    throw new TrucError('signing.timestamp-unavailable', {}, error);
  }
}

/** It goes when the bytes as sent go: their time counts for both. */
async function keep(
  { documentId, receivedAt }: DocumentRecord,
  made: Pick<Augmentation, 'attachment' | 'number' | 'level'>,
  bytes: Buffer,
  x: Stations,
): Promise<Augmentation> {
  const sha256 = sha256Hex(bytes);
  const content = await x.blobs.put({ sha256, bytes, period: periodOf(Date.parse(receivedAt)) });
  const at = isoTime(x.clock.now());
  await x.augmentations.add({ documentId, ...made, at, sha256, size: bytes.length, content });
  // Another node may have been faster: what is kept under the number is what counts.
  const kept = (await recordedOf(documentId, x)).find(
    (one) => one.attachment === made.attachment && one.number === made.number,
  );
  return kept as Augmentation;
}

/** All augmented files of a document, each with its entry: one that a crash left without gets it here. */
async function recordedOf(documentId: string, x: Stations): Promise<Augmentation[]> {
  const all = await x.augmentations.of(documentId);
  if (all.length === 0) return all;
  const subject = await subjectOf(documentId, x);
  const events = all.map(({ attachment, number, level, sha256, size, at }) =>
    pendingEvent(
      subject,
      {
        type: 'signature.augmented',
        actorId: null,
        recipientId: null,
        facts: { attachment, number, level, sha256, size },
        distinct: `${attachment}|${number}`,
      },
      Date.parse(at),
    ),
  );
  const known = await x.events.of(documentId);
  const recorded = new Set(known.filter((one) => one.place !== null).map((one) => one.eventId));
  const missing = events.filter((event) => !recorded.has(event.eventId));
  if (missing.length > 0) {
    await x.events.append(missing);
    await putOnRecord(missing, x);
  }
  return all;
}
