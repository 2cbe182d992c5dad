import type { Augmentation, DocumentRecord } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { AugmentLevel, Draft, DraftVersion } from '../signing/index.ts';
import {
  type AugmentationSource,
  augmentNext,
  isReached,
  placeOfAttachment,
  placeOfVersion,
  readKept,
  recordedOf,
} from './augmented-files.ts';
import type { Caller } from './caller.ts';
import { contentFor } from './content.ts';
import { unknownDraft } from './drafts.ts';
import { subjectOf } from './inbox.ts';
import { asParty } from './parties.ts';
import type { Stations } from './stations.ts';

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
  const { documentId, attachment, level, renew } = request;
  return x.oncePerDocument(`augment|${documentId}|${attachment}|${level}`, async () => {
    const { document } = await contentFor(documentId, caller, x);
    const place = placeOfAttachment(document, attachment);
    const newest = (await recordedOf(place.subject, x)).filter((one) => one.attachment === attachment).at(-1);
    if (newest && isReached(newest.level, level) && !renew) return newest;
    const source: AugmentationSource = {
      newest,
      bytes: newest ? await readKept(newest, x) : await bytesOf(document, attachment, x),
    };
    return (await augmentNext(place, source, level, x)).kept;
  });
}

/** The augmented files of an attachment, oldest first. @throws TrucError `document.unknown` */
export async function augmentationsOf(documentId: string, attachment: number, caller: Caller, x: Stations) {
  await asParty(documentId, caller, x);
  const all = await recordedOf(await subjectOf(documentId, x), x);
  return all.filter((one) => one.attachment === attachment).map(augmentationView);
}

/** One augmented file. @throws TrucError `document.unknown` */
export async function augmentedFile(
  { documentId, attachment, number }: Pick<Augmentation, 'documentId' | 'attachment' | 'number'>,
  caller: Caller,
  x: Stations,
) {
  const { document } = await contentFor(documentId, caller, x);
  const all = await recordedOf(await subjectOf(documentId, x), x);
  const found = all.find((one) => one.attachment === attachment && one.number === number);
  if (!found) throw new TrucError('document.unknown', { documentId, attachment, number });
  const meta = document.attachments[attachment];
  return {
    name: meta?.name ?? 'attachment.pdf',
    contentType: meta?.contentType ?? 'application/pdf',
    bytes: await readKept(found, x),
  };
}

/** The augmented files of a version of a draft, oldest first. */
export async function augmentationsOfVersion(draft: Draft, version: DraftVersion, x: Stations) {
  const { subject, attachment } = placeOfVersion(draft, version);
  return (await recordedOf(subject, x)).filter((one) => one.attachment === attachment).map(augmentationView);
}

/** One of them. @throws TrucError `signing.document-unknown` */
export async function augmentedVersion(draft: Draft, version: DraftVersion, number: number, x: Stations) {
  const { subject, attachment } = placeOfVersion(draft, version);
  const all = await recordedOf(subject, x);
  const found = all.find((one) => one.attachment === attachment && one.number === number);
  if (!found) throw unknownDraft(draft.documentId);
  return readKept(found, x);
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
