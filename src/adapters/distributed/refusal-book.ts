import type { PendingEvent, RefusalBook, RefusalRecord } from '../../document/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const REFUSALS = 'refusals';

export interface RefusalRow {
  /** refusalId */
  _id: string;
  /** What identical refusals have in common. */
  once: string;
  count: number;
  /** For lists (layout 3). */
  senderId: string;
  at: string;
  sha256: string | null;
  record: string;
}

export const REFUSAL_PLANS: readonly CollectionPlan[] = [
  {
    name: REFUSALS,
    indexes: [
      { key: { once: 1 }, name: 'once', unique: true },
      { key: { at: -1, _id: -1 }, name: 'by_time' },
      { key: { senderId: 1, at: -1, _id: -1 }, name: 'by_sender' },
      { key: { sha256: 1 }, name: 'by_digest', partialFilterExpression: { sha256: { $type: 'string' } } },
    ],
  },
];

interface Refusing {
  refusal: RefusalRecord;
  event: PendingEvent;
}
type Refused = Awaited<ReturnType<RefusalBook['record']>>;

export function refusalBook(mongo: MongoDatabase, lane: WriteLane): RefusalBook {
  const rows = mongo.collection<RefusalRow>(REFUSALS);
  const step = record(rows);
  return typedFailures<RefusalBook>({
    record: (refusal, event) => lane.write(step, { refusal, event }),
    get: async (refusalId) => {
      const row = await rows.findOne({ _id: refusalId });
      return row ? refusalOf(row) : null;
    },
    list: async ({ senderIds, from, to, id, after, limit }) => {
      const place = after && [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.refusalId } }];
      const filter = {
        ...(senderIds === null ? {} : { senderId: { $in: [...senderIds] } }),
        // Rows of before layout 3 have no time until they are migrated.
        at: { $type: 'string', ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) },
        $and: [
          ...(id === undefined ? [] : [{ $or: [{ _id: id }, { sha256: id }] }]),
          ...(place ? [{ at: { $lte: after.at } }, { $or: place }] : []),
          {},
        ],
      };
      const found = rows.find(filter as object).sort({ at: -1, _id: -1 });
      return (await found.limit(limit).toArray()).map(refusalOf);
    },
  });
}

function record(rows: Collection<RefusalRow>): Step<Refusing, Refused> {
  return async (items, session) => {
    const wanted = [...new Set(items.map(({ refusal }) => onceOf(refusal)))];
    const known = await rows.find({ once: { $in: wanted } }, { session }).toArray();
    const before = new Map(known.map((row) => [row.once, row.count]));
    const now = new Map(known.map((row) => [row.once, row]));
    const outcomes = items.map(({ refusal, event }): Written<Refused> => {
      const once = onceOf(refusal);
      const row = now.get(once);
      if (row) {
        row.count++;
        return { result: { first: refusalOf(row), repeated: true } };
      }
      now.set(once, rowOf({ ...refusal, count: 1 }));
      return { result: { first: refusal, repeated: false }, events: [event] };
    });
    await rows.bulkWrite(
      [...now.values()].map((row) =>
        before.has(row.once)
          ? { updateOne: { filter: { _id: row._id }, update: { $set: { count: row.count } } } }
          : { insertOne: { document: row } },
      ),
      { session },
    );
    return outcomes;
  };
}

export function rowOf(refusal: RefusalRecord): RefusalRow {
  const { refusalId, count, senderId, at, sha256 } = refusal;
  const listed = { senderId, at, sha256 };
  return { _id: refusalId, once: onceOf(refusal), count, ...listed, record: JSON.stringify(refusal) };
}

function onceOf({ senderId, code, fingerprint }: RefusalRecord): string {
  return `${senderId}|${code}|${fingerprint}`;
}

function refusalOf(row: RefusalRow): RefusalRecord {
  return { ...(JSON.parse(row.record) as RefusalRecord), count: row.count };
}
