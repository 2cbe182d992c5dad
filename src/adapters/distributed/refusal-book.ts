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
  record: string;
}

export const REFUSAL_PLANS: readonly CollectionPlan[] = [
  { name: REFUSALS, indexes: [{ key: { once: 1 }, name: 'once', unique: true }] },
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
  const { refusalId, count } = refusal;
  return { _id: refusalId, once: onceOf(refusal), count, record: JSON.stringify(refusal) };
}

function onceOf({ senderId, code, fingerprint }: RefusalRecord): string {
  return `${senderId}|${code}|${fingerprint}`;
}

function refusalOf(row: RefusalRow): RefusalRecord {
  return { ...(JSON.parse(row.record) as RefusalRecord), count: row.count };
}
