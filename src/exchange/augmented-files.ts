import { type Augmentation, type ContentPeriod, type DocumentRecord, periodOf } from '../document/index.ts';
import { isoTime, isTrucError, sha256Hex, TrucError } from '../kernel/index.ts';
import { type AugmentLevel, augmentFile, type Draft, type DraftVersion } from '../signing/index.ts';
import type { FileReport } from '../verification/index.ts';
import { pendingEvent, putOnRecord, type Subject } from './record.ts';
import type { Stations } from './stations.ts';

const ORDER: readonly string[] = ['B-B', 'B-T', 'B-LT', 'B-LTA'];

/** Where augmented files belong: an attachment of a document, or a version of a draft. */
export interface AugmentedPlace {
  subject: Subject;
  attachment: number;
  /** With which quarter's content they end. */
  period: ContentPeriod;
}

/** What the next file is made of: the newest augmented one, or the bytes as they came. */
export interface AugmentationSource {
  newest: Augmentation | undefined;
  bytes: Buffer;
}

export interface MadeAugmentation {
  /** What is kept under the number: another node may have been faster. */
  kept: Augmentation;
  /** The verdict on what was made here. */
  report: FileReport;
}

/** An augmented file goes when the bytes as sent go: their time counts for both. @throws TrucError `document.destroyed` */
export function placeOfAttachment(document: DocumentRecord, attachment: number): AugmentedPlace {
  const { documentId, ledgerDoc, ledgerKey, receivedAt } = document;
  if (ledgerKey === null) throw new TrucError('document.destroyed', { documentId });
  return {
    subject: { id: documentId, ledgerDoc, ledgerKey },
    attachment,
    period: periodOf(Date.parse(receivedAt)),
  };
}

export function placeOfVersion(draft: Draft, { version, at }: DraftVersion): AugmentedPlace {
  const { documentId, ledgerDoc, ledgerKey } = draft;
  const subject = { id: documentId, ledgerDoc, ledgerKey };
  return { subject, attachment: version, period: periodOf(Date.parse(at)) };
}

export function isReached(level: string, wanted: AugmentLevel): boolean {
  return ORDER.indexOf(level) >= ORDER.indexOf(wanted);
}

/**
 * Makes the next augmented file of a place, and keeps it with its entry in the ledger.
 * @param worth says of the verdict on it whether it is kept; where not, the newest one stays
 * @throws TrucError `signing.not-augmentable`, `signing.level-not-reached`, `signing.timestamp-unavailable`
 */
export async function augmentNext(
  place: AugmentedPlace,
  { newest, bytes }: AugmentationSource,
  level: AugmentLevel,
  x: Stations,
  { signal, worth = () => true }: { signal?: AbortSignal; worth?(report: FileReport): boolean } = {},
): Promise<MadeAugmentation> {
  const made = await augmented(bytes, level, x, signal);
  if (newest && !worth(made.report)) return { kept: newest, report: made.report };
  const number = (newest?.number ?? 0) + 1;
  return { kept: await keep(place, { number, level }, made.bytes, x), report: made.report };
}

async function augmented(file: Buffer, level: AugmentLevel, x: Stations, signal: AbortSignal | undefined) {
  const { timestamp } = x.signing;
  if (!timestamp) throw new TrucError('signing.timestamp-unavailable');
  try {
    const context = () => x.verification();
    return await augmentFile({ file, level, timestamp, context, ...(signal && { signal }) });
  } catch (error) {
    if (!isTrucError(error, 'signing.timestamp-unreachable')) throw error;
    throw new TrucError('signing.timestamp-unavailable', {}, error);
  }
}

async function keep(
  { subject, attachment, period }: AugmentedPlace,
  made: Pick<Augmentation, 'number' | 'level'>,
  bytes: Buffer,
  x: Stations,
): Promise<Augmentation> {
  const sha256 = sha256Hex(bytes);
  const content = await x.blobs.put({ sha256, bytes, period });
  const row: Augmentation = {
    ...{ documentId: subject.id, attachment, ...made, at: isoTime(x.clock.now()) },
    ...{ sha256, size: bytes.length, content },
  };
  await x.augmentations.add(row, eventOf(subject, row));
  const kept = (await recordedOf(subject, x)).find(
    (one) => one.attachment === attachment && one.number === made.number,
  );
  return kept as Augmentation;
}

function eventOf(subject: Subject, { attachment, number, level, sha256, size, at }: Augmentation) {
  const facts = { attachment, number, level, sha256, size };
  const happening = { actorId: null, recipientId: null, facts, distinct: `${attachment}|${number}` };
  return pendingEvent(subject, { type: 'signature.augmented', ...happening }, Date.parse(at));
}

/**
 * All augmented files of a document or draft, each with its entry: one that a crash kept from the ledger, or that a version
 * before this one left without an event, gets it here.
 */
export async function recordedOf(subject: Subject, x: Stations): Promise<Augmentation[]> {
  const all = await x.augmentations.of(subject.id);
  if (all.length === 0) return all;
  const known = await x.events.of(subject.id);
  const recorded = new Set(known.filter((one) => one.place !== null).map((one) => one.eventId));
  const missing = all.map((one) => eventOf(subject, one)).filter((event) => !recorded.has(event.eventId));
  if (missing.length > 0) {
    await x.events.append(missing);
    await putOnRecord(missing, x);
  }
  return all;
}

/** @throws TrucError `document.destroyed` */
export async function readKept({ documentId, content }: Augmentation, x: Stations): Promise<Buffer> {
  if (content === null) throw new TrucError('document.destroyed', { documentId });
  return x.blobs.read(content);
}
