import type { DocumentRecord, PendingEvent, ResultTag } from '../document/index.ts';
import { isoTime } from '../kernel/index.ts';
import { answerOf } from './answer.ts';
import type { Caller } from './caller.ts';
import { deliver } from './deliver.ts';
import { judge } from './judge.ts';
import { received } from './received.ts';
import { putOnRecord } from './record.ts';
import { refuse } from './refuse.ts';
import { eventsOf, recordOf } from './register.ts';
import { acceptedBefore, ordinalFor, repeatOf, sameActOrConflict, sameTagOrConflict } from './repeat.ts';
import { openReview } from './review.ts';
import type { Stations } from './stations.ts';

export interface Submitted {
  documentId: string;
  /** The answer for the sender, exact JSON text: the same bytes for every repeat. */
  answer: string;
  /** True when these bytes had been accepted before. */
  repeated: boolean;
}

/** What is said of a document beside its bytes. */
export interface Extras {
  result?: ResultTag | undefined;
}

/**
 * Takes one submission through all stations: intake → once → verification → store → ledger → deliveries → receipt.
 * On return it is committed: durable, in the ledger and covered by a signed checkpoint.
 * @throws TrucError with an `intake.…` code; the refusal is on record too
 */
export async function submit(
  bytes: Buffer,
  caller: Caller,
  x: Stations,
  { result }: Extras = {},
): Promise<Submitted> {
  try {
    const submission = await received(bytes, caller, x);
    const earlier = await repeatOf(submission, x);
    if (earlier) return await again(sameTagOrConflict(result, earlier), x);

    const judged = await judge(submission, x);
    const ordinal = await ordinalFor(submission, x);
    const original = await x.blobs.put({ sha256: submission.sha256, bytes });
    const record = recordOf({ submission, judged, original, ordinal, caller, result }, x);
    const events = eventsOf(record);
    const registration = await x.documents.register(record, events);
    if (registration.outcome === 'exists')
      return await again(sameTagOrConflict(result, sameActOrConflict(submission, registration.existing)), x);

    const accepted = await x.oncePerDocument(record.documentId, () => finish(record, x, events));
    return { documentId: accepted.documentId, answer: accepted.receipt as string, repeated: false };
  } catch (error) {
    const earlier = await acceptedBefore(error, bytes, caller, x);
    if (earlier) return await again(sameTagOrConflict(result, earlier), x);
    throw await refuse(error, bytes, caller, x);
  }
}

/**
 * Carries a registered document to its end; recovery calls the same function after a crash. Every step may be
 * repeated: the ledger knows the events, the deliveries have fixed ids, and only the first answer is kept.
 * @param events those of the record, where the caller has made them already
 */
export async function finish(
  record: DocumentRecord,
  x: Stations,
  events: readonly PendingEvent[] = eventsOf(record),
): Promise<DocumentRecord> {
  const appended = await putOnRecord(events, x);
  const held = events.some((event) => event.type === 'document.held');
  if (!held) await deliver(record, x);
  await openReview(record, x);
  const state = held ? 'held' : 'accepted';
  const receipt = await answerOf(record, events, appended, state, x);
  const acceptedAt = isoTime(x.clock.now());
  const { documentId } = record;
  const first = await x.documents.change({
    documentId,
    from: ['received'],
    to: state,
    receipt,
    acceptedAt,
    events: [],
  });
  if (!held) x.queue.wake(record.recipients.map((line) => line.agencyId));
  if (first) return { ...record, state, receipt, acceptedAt };
  // A concurrent twin has finished it: the stored answer is the one that everybody gets.
  return (await x.documents.get(documentId)) as DocumentRecord;
}

/** The answer for a repeat; a twin that is still on its way is carried to its end first. */
async function again(existing: DocumentRecord, x: Stations): Promise<Submitted> {
  const done =
    existing.state === 'received'
      ? await x.oncePerDocument(existing.documentId, () => finish(existing, x))
      : existing;
  return { documentId: done.documentId, answer: done.receipt as string, repeated: true };
}
