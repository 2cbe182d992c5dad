import type {
  EventBook,
  EventQuery,
  LedgerPlace,
  PendingEvent,
  RecordedEvent,
} from '../../document/index.ts';
import { batcher } from '../../kernel/index.ts';
import { GATHER_MS, type MongoDatabase } from './database.ts';
import { EVENTS, type EventRow } from './event-rows.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane } from './write-lane.ts';

const PLACES_PER_WRITE = 1_000;

export function eventBook(mongo: MongoDatabase, lane: WriteLane): EventBook {
  const rows = mongo.collection<EventRow>(EVENTS);
  const settled = batcher<LedgerPlace, null>((places) => settle(mongo, places), {
    maxItems: PLACES_PER_WRITE,
    gatherMs: GATHER_MS,
  });
  return typedFailures<EventBook>({
    append: (events) => lane.write(append, events),
    settle: async (places) => {
      await Promise.all(places.map((place) => settled.add(place)));
    },
    of: async (subjectId) => (await rows.find({ subjectId }).sort({ position: 1 }).toArray()).map(eventOf),
    pending: async (limit) =>
      (await rows.find({ open: 'pending' }).sort({ position: 1 }).limit(limit).toArray()).map(eventOf),
    since: (query) => since(mongo, query),
    acts: async ({ types, before = Number.MAX_SAFE_INTEGER, limit }) => {
      const wanted = { act: { $exists: true, $in: [...types] }, position: { $lt: before } };
      const found = rows
        .find(wanted as object)
        .hint('acts')
        .sort({ position: -1 });
      return (await found.limit(limit).toArray()).map(eventOf);
    },
    placed: async (from, count) => {
      const found = rows.find({ 'place.index': { $gte: from, $lt: from + count } });
      return (await found.sort({ 'place.index': 1 }).toArray()).map(eventOf);
    },
  });
}

const append: Step<readonly PendingEvent[], void> = async (items) =>
  items.map((events) => ({ result: undefined, events }));

/** Needs no transaction: each event is settled by itself, once, and a repeat finds nothing to do. */
async function settle(mongo: MongoDatabase, places: LedgerPlace[]): Promise<null[]> {
  await mongo.collection<EventRow>(EVENTS).bulkWrite(
    places.map(({ eventId, ...place }) => ({
      updateOne: {
        filter: { _id: eventId, open: { $exists: true } },
        update: { $set: { place }, $unset: { open: '' } },
      },
    })),
    { ordered: false },
  );
  return places.map(() => null);
}

/**
 * The feed ends before the first event that the ledger does not have yet: a reader who went past it would miss it when
 * it is settled later.
 */
async function since(mongo: MongoDatabase, query: EventQuery): Promise<RecordedEvent[]> {
  if (query.agencyIds.length === 0) return [];
  const found = await mongo
    .collection<EventRow>(EVENTS)
    .find({ parties: { $in: [...query.agencyIds] }, position: { $gt: query.since } })
    .sort({ position: 1 })
    .limit(query.limit)
    .toArray();
  const end = found.findIndex((row) => row.place === undefined);
  return found.slice(0, end === -1 ? found.length : end).map(eventOf);
}

function eventOf(row: EventRow): RecordedEvent {
  const event = JSON.parse(row.record) as PendingEvent;
  return {
    ...event,
    position: row.position,
    place: row.place ? { eventId: event.eventId, ...row.place } : null,
  };
}
