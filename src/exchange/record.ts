import type { EventType, PendingEvent } from '../document/index.ts';
import { idOf, isoTime, type JsonValue, newId, randomBytes, sha256, sha256Hex } from '../kernel/index.ts';
import { type Appended, commitFacts } from '../ledger/index.ts';
import type { Stations } from './stations.ts';

/** Whose chain of entries an event belongs to. */
export interface Subject {
  /** documentId, refusalId or personId. */
  id: string;
  ledgerDoc: string;
  /** base64url, 32 bytes. */
  ledgerKey: string;
}

/** One that nobody finds or opens without being told of it. */
export function freshSubject(id: string): Subject {
  return { id, ledgerDoc: newId(), ledgerKey: randomBytes(32).toString('base64url') };
}

/** One that follows from a name that is no secret: all nodes mean the same, and anybody finds its chain and opens its commitments. */
export function publicSubject(id: string, name: string): Subject {
  const digest = sha256(name);
  return { id, ledgerDoc: idOf(digest), ledgerKey: digest.toString('base64url') };
}

export interface Happening {
  type: EventType;
  actorId: string | null;
  recipientId: string | null;
  facts: Readonly<Record<string, JsonValue>>;
  /** Tells events of the same type about the same subject apart (a recipient, a status id); empty for one-time ones. */
  distinct: string;
}

/** Event names of ETSI EN 319 522-1 for our steps; a step without a counterpart there has none. */
const ERDS: Readonly<Record<string, string>> = {
  'document.submitted': 'SubmissionAcceptance',
  'document.refused': 'SubmissionRejection',
  'delivery.queued': 'ContentConsignment',
  'delivery.fetched': 'ContentAccessTracking',
  'delivery.acknowledged': 'ContentHandover',
  'delivery.failed': 'ContentHandoverFailure',
  'status.02': 'ConsignmentRejection',
  'status.03': 'ConsignmentAcceptance',
};

export function pendingEvent(subject: Subject, happening: Happening, at: number): PendingEvent {
  const eventId = sha256Hex(`${subject.id}|${happening.type}|${happening.distinct}`);
  const { commit } = commitFacts(Buffer.from(subject.ledgerKey, 'base64url'), eventId, happening.facts);
  return {
    eventId,
    subjectId: subject.id,
    ledgerDoc: subject.ledgerDoc,
    type: happening.type,
    erds: ERDS[happening.type] ?? null,
    actorId: happening.actorId,
    recipientId: happening.recipientId,
    facts: happening.facts,
    commit,
    at: isoTime(at),
  };
}

/**
 * Puts stored events into the ledger and notes where they stand. Committed on return: durable, integrated and covered
 * by a signed checkpoint. Repeating it changes nothing, since the ledger knows each eventId.
 */
export async function putOnRecord(
  events: readonly PendingEvent[],
  x: Pick<Stations, 'ledger' | 'events'>,
): Promise<Appended[]> {
  const appended = await x.ledger.append(
    events.map((event) => ({
      idem: Buffer.from(event.eventId, 'hex'),
      doc: event.ledgerDoc,
      type: event.type,
      erds: event.erds,
      commit: event.commit,
    })),
  );
  await x.events.settle(
    events.map((event, i) => {
      const { index, seq, at } = appended[i] as Appended;
      return { eventId: event.eventId, index, seq, recordedAt: at };
    }),
  );
  return appended;
}

/**
 * Puts on record what an earlier attempt has stored and not brought into the ledger. Whoever repeats a step gets its answer
 * only when its entry is there, and before the entries of later steps.
 */
export async function recordPending(
  subjectId: string,
  x: Pick<Stations, 'ledger' | 'events'>,
): Promise<void> {
  const pending = (await x.events.of(subjectId)).filter((event) => event.place === null);
  if (pending.length > 0) await putOnRecord(pending, x);
}
