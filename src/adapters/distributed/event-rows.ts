import { ACT_TYPES, type LedgerPlace, type PendingEvent, type RecordedEvent } from '../../document/index.ts';
import type { CollectionPlan, MongoDatabase, Session } from './database.ts';
import { type EventSubject, subjectsOf } from './event-subjects.ts';

export const EVENTS = 'events';
const COUNTERS = 'counters';

/** An event as stored. The record is text: facts have names of their own choosing, and come back exactly. */
export interface EventRow {
  /** eventId */
  _id: string;
  subjectId: string;
  position: number;
  /** Agencies whose feed shows it. */
  parties: string[];
  /** Gone once the ledger has it; `hidden` while its document is `received`. */
  open?: 'hidden' | 'pending';
  place?: Omit<LedgerPlace, 'eventId'>;
  /** Its type, where it is an act of an administrator (layout 3). */
  act?: string;
  record: string;
}

export const EVENT_PLANS: readonly CollectionPlan[] = [
  {
    name: EVENTS,
    indexes: [
      { key: { subjectId: 1, position: 1 }, name: 'by_subject' },
      { key: { parties: 1, position: 1 }, name: 'by_party' },
      {
        key: { 'place.index': 1 },
        name: 'by_place',
        partialFilterExpression: { 'place.index': { $exists: true } },
      },
      {
        key: { position: -1, act: 1 },
        name: 'acts',
        partialFilterExpression: { act: { $exists: true } },
      },
      {
        key: { open: 1, position: 1 },
        name: 'open',
        partialFilterExpression: { open: { $exists: true } },
      },
    ],
  },
  { name: COUNTERS, indexes: [] },
];

export interface Told {
  event: PendingEvent;
  subject?: EventSubject | undefined;
}

/**
 * Puts events in as pending, inside the transaction of the write that they belong to; known ones stay as they are.
 * @param hopeful none of them is known
 */
export async function insertEvents(
  mongo: MongoDatabase,
  told: readonly Told[],
  session: Session,
  hopeful = false,
): Promise<void> {
  const first = new Map(told.map((one) => [one.event.eventId, one]).reverse() as [string, Told][]);
  const once = [...new Set(told.map((one) => first.get(one.event.eventId) as Told))];
  const news = hopeful ? once : await unknownOf(mongo, once, session);
  if (news.length === 0) return;
  const looked = await subjectsOf(mongo, unknownSubjects(news), session);
  const position = await takePositions(mongo, news.length, session);
  await mongo.collection<EventRow>(EVENTS).insertMany(
    news.map(({ event, subject }, i) => rowOf(event, position + i, subject ?? looked.get(event.subjectId))),
    { session },
  );
}

async function unknownOf(mongo: MongoDatabase, told: readonly Told[], session: Session): Promise<Told[]> {
  if (told.length === 0) return [];
  const known = await mongo
    .collection<EventRow>(EVENTS)
    .find({ _id: { $in: told.map((one) => one.event.eventId) } }, { session, projection: { _id: 1 } })
    .toArray();
  const ids = new Set(known.map((row) => row._id));
  return told.filter((one) => !ids.has(one.event.eventId));
}

function unknownSubjects(told: readonly Told[]): string[] {
  return [...new Set(told.filter((one) => !one.subject).map((one) => one.event.subjectId))];
}

/**
 * Numbers are taken inside the transaction, so they grow in the order of commits: a reader of the feed who has seen
 * one has seen, or will never see, every lower one. Two nodes that commit at once conflict here and one does it again.
 */
async function takePositions(mongo: MongoDatabase, count: number, session: Session): Promise<number> {
  const row = await mongo
    .collection<{ _id: string; value: number }>(COUNTERS)
    .findOneAndUpdate(
      { _id: 'positions' },
      { $inc: { value: count } },
      { session, upsert: true, returnDocument: 'after' },
    );
  return (row?.value ?? count) - count + 1;
}

function rowOf(event: PendingEvent, position: number, subject: EventSubject | undefined): EventRow {
  return {
    _id: event.eventId,
    subjectId: event.subjectId,
    position,
    parties: partiesOf(event, subject),
    open: subject?.state === 'received' ? 'hidden' : 'pending',
    ...actOf(event),
    record: JSON.stringify(event),
  };
}

/** What makes an act of an administrator found. */
export function actOf({ type }: Pick<PendingEvent, 'type'>): Pick<EventRow, 'act'> {
  return ACT_TYPES.some((one) => one === type) ? { act: type } : {};
}

/** The row of an event that comes from another installation, with the position that it has there. */
export function movedRow(moved: RecordedEvent, subject: EventSubject | undefined): EventRow {
  const { position, place, ...event } = moved;
  const { open, ...row } = rowOf(event, position, subject);
  if (place === null) return { ...row, ...(open ? { open } : {}) };
  const { eventId: _, ...where } = place;
  return { ...row, place: where };
}

/** The next position is greater than this one. */
export async function raisePositions(mongo: MongoDatabase, position: number): Promise<void> {
  await mongo
    .collection<{ _id: string; value: number }>(COUNTERS)
    .updateOne({ _id: 'positions' }, { $max: { value: position } }, { upsert: true });
}

/** The sender sees all; a recipient sees what concerns everybody and its own steps. */
function partiesOf(event: PendingEvent, subject: EventSubject | undefined): string[] {
  if (!subject) return [];
  const others = event.recipientId === null ? subject.recipientIds : [event.recipientId];
  return [...new Set([subject.senderId, ...others])];
}
