import { type DocumentRecord, type ResultTag, sameTag } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import type { Submission } from '../intake/index.ts';
import { isTrucError, sha256Hex, TrucError } from '../kernel/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import type { Stations } from './stations.ts';

/**
 * The earlier acceptance of these very bytes, or null when the key is free for them.
 * @throws TrucError `intake.conflict` when other bytes stand under the key of a one-time act
 */
export async function repeatOf(submission: Submission, x: Stations): Promise<DocumentRecord | null> {
  const acts = await sameKind(submission, x);
  const same = acts.find((act) => act.sha256 === submission.sha256);
  if (same) return same;
  const taken = acts.at(-1);
  if (taken && !isRepeatable(submission)) throw conflict(submission, taken);
  return null;
}

/** Refusals that come from what the registry says today. */
const OF_TODAY = ['intake.unknown-recipient', 'intake.closed-recipient'] as const;

/**
 * The acceptance of these very bytes before a recipient was locked, ended or lost its code: what was accepted keeps its
 * answer. Null for every other refusal.
 */
export async function acceptedBefore(
  refusal: unknown,
  bytes: Buffer,
  caller: Caller,
  x: Stations,
): Promise<DocumentRecord | null> {
  if (!isTrucError(refusal, ...OF_TODAY)) return null;
  const message = readEdxml(bytes, x.limits);
  if (message.kind !== 'document') return null;
  const { from, documentId } = message.document;
  const sender = await x.agencies.resolve(from.organId, x.clock.now());
  if (!sender || !speaksFor(caller, sender.id)) return null;
  const sha256 = sha256Hex(bytes);
  const acts = await x.documents.byEdxmlId(sender.id, documentId);
  return acts.find((act) => act.sha256 === sha256) ?? null;
}

/**
 * Which update or recall of its document this is, from 1.
 * @throws TrucError `intake.act-open` while recipients still have the earlier one to answer
 */
export async function ordinalFor(submission: Submission, x: Stations): Promise<number> {
  if (!isRepeatable(submission)) return 1;
  const last = (await sameKind(submission, x)).at(-1);
  if (!last) return 1;
  const deliveries = await x.deliveries.ofDocument(last.documentId);
  const open =
    last.state === 'received' ||
    last.state === 'held' ||
    last.state === 'released' ||
    deliveries.some((one) => ['waiting', 'leased'].includes(one.state));
  if (open) throw new TrucError('intake.act-open', { existing: last.documentId });
  return last.key.ordinal + 1;
}

/** The twin that took the key first. @throws TrucError `intake.conflict` when it has other bytes */
export function sameActOrConflict(submission: Submission, existing: DocumentRecord): DocumentRecord {
  if (existing.sha256 === submission.sha256) return existing;
  throw conflict(submission, existing);
}

/** The same bytes are the result of one case only. @throws TrucError `intake.conflict` when they were tagged otherwise */
export function sameTagOrConflict(result: ResultTag | undefined, existing: DocumentRecord): DocumentRecord {
  if (sameTag(result, existing.result)) return existing;
  const { documentId, key } = existing;
  throw new TrucError('intake.conflict', {
    existing: documentId,
    difference: 'result',
    edxmlId: key.edxmlId,
  });
}

function conflict(submission: Submission, existing: DocumentRecord): TrucError {
  const difference = existing.contentSha256 === submission.contentSha256 ? 'envelope' : 'content';
  return new TrucError('intake.conflict', {
    existing: existing.documentId,
    difference,
    edxmlId: existing.key.edxmlId,
  });
}

/** Updates and recalls may come again with other bytes; new and replacing documents may not. */
function isRepeatable(submission: Submission): boolean {
  return submission.summary.businessType === 1 || submission.summary.businessType === 2;
}

async function sameKind(submission: Submission, x: Stations): Promise<DocumentRecord[]> {
  const acts = await x.documents.byEdxmlId(submission.sender.id, submission.summary.edxmlId);
  return acts
    .filter((act) => act.key.businessType === submission.summary.businessType)
    .sort((a, b) => a.key.ordinal - b.key.ordinal);
}
