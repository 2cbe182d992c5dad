import {
  businessStatus,
  type PendingEvent,
  type StatusRecord,
  type StatusStore,
} from '../../document/index.ts';
import type { CollectionPlan, MongoDatabase, Session } from './database.ts';
import { DELIVERIES, type DeliveryRow } from './delivery-rows.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const STATUSES = 'statuses';
export const TALKS = 'recall_talks';

/** Recall requests and answers may come more than once in a document's life; steps of the work only once. */
const REPEATABLE = ['13', '15', '16'];

export interface StatusRow {
  /** statusId */
  _id: string;
  documentId: string;
  /** What messages that are the same act have in common. */
  once: string;
  repeats: number;
  record: string;
}

/** Who spoke last between the sender and one recipient about taking a document back. */
export interface TalkRow {
  _id: string;
  turn: number;
  lastWord: string;
}

export const STATUS_PLANS: readonly CollectionPlan[] = [
  {
    name: STATUSES,
    indexes: [
      { key: { once: 1 }, name: 'once', unique: true },
      { key: { documentId: 1, _id: 1 }, name: 'by_document' },
    ],
  },
  { name: TALKS, indexes: [] },
];

interface Reporting {
  status: StatusRecord;
  event: PendingEvent;
}
type Reported = Awaited<ReturnType<StatusStore['record']>>;

export function statusStore(mongo: MongoDatabase, lane: WriteLane): StatusStore {
  const rows = mongo.collection<StatusRow>(STATUSES);
  const step = record(mongo);
  return typedFailures<StatusStore>({
    record: (status, event) => lane.write(step, { status, event }),
    of: async (documentId) => (await rows.find({ documentId }).sort({ _id: 1 }).toArray()).map(statusOf),
  });
}

function record(mongo: MongoDatabase): Step<Reporting, Reported> {
  const rows = mongo.collection<StatusRow>(STATUSES);
  return async (items, session) => {
    const keys = await onceKeys(
      mongo,
      items.map((one) => one.status),
      session,
    );
    const known = await rows.find({ once: { $in: [...new Set(keys)] } }, { session }).toArray();
    const before = new Set(known.map((row) => row._id));
    const now = new Map(known.map((row) => [row.once, row]));
    const outcomes = items.map(({ status, event }, i): Written<Reported> => {
      const once = keys[i] as string;
      const row = now.get(once);
      if (row) {
        row.repeats++;
        return { result: { first: statusOf(row), repeated: true } };
      }
      const { statusId, documentId } = status;
      now.set(once, { _id: statusId, documentId, once, repeats: 0, record: JSON.stringify(status) });
      return { result: { first: status, repeated: false }, events: [event] };
    });
    await rows.bulkWrite(
      [...now.values()].map((row) =>
        before.has(row._id)
          ? { updateOne: { filter: { _id: row._id }, update: { $set: { repeats: row.repeats } } } }
          : { insertOne: { document: row } },
      ),
      { session },
    );
    await tellLog(
      mongo,
      items.filter((_, i) => !outcomes[i]?.result.repeated).map(({ status }) => status),
      session,
    );
    return outcomes;
  };
}

/** The furthest step is shown beside the delivery in the log; the codes of steps are in their order. */
export async function tellLog(
  mongo: MongoDatabase,
  news: readonly StatusRecord[],
  session?: Session,
): Promise<void> {
  const steps = news.filter(({ code }) => businessStatus([code]) !== null);
  if (steps.length === 0) return;
  await mongo.collection<DeliveryRow>(DELIVERIES).bulkWrite(
    steps.map(({ documentId, reporterId, code }) => ({
      updateOne: {
        filter: { documentId, recipientId: reporterId, kind: 'document' as const },
        update: { $max: { business: code } },
      },
    })),
    session ? { session } : {},
  );
}

/**
 * The same key for messages that are the same act. Between two answers (or two requests) a repeat is the same act;
 * after the other word was spoken it is a new one, with a turn of its own.
 */
async function onceKeys(mongo: MongoDatabase, statuses: StatusRecord[], session: Session): Promise<string[]> {
  const talking = statuses.filter((status) => REPEATABLE.includes(status.code));
  const talks = await talksOf(mongo, talking.map(talkOf), session);
  const keys = statuses.map((status) => {
    const { once, talk } = actOf(status, talks);
    if (talk) talks.set(talk._id, talk);
    return once;
  });
  if (talks.size > 0)
    await mongo.collection<TalkRow>(TALKS).bulkWrite(
      [...talks.values()].map(({ _id, turn, lastWord }) => ({
        updateOne: { filter: { _id }, update: { $set: { turn, lastWord } }, upsert: true },
      })),
      { session },
    );
  return keys;
}

/** What messages of the same act have in common, and the talk after it where it is one of those that repeat. */
export function actOf(
  status: StatusRecord,
  talks: ReadonlyMap<string, TalkRow>,
): { once: string; talk: TalkRow | null } {
  const word = `${status.documentId}|${status.reporterId}|${status.code}`;
  if (!REPEATABLE.includes(status.code)) return { once: word, talk: null };
  const _id = talkOf(status);
  const before = talks.get(_id) ?? { _id, turn: 0, lastWord: '' };
  const talk = before.lastWord === word ? before : { _id, turn: before.turn + 1, lastWord: word };
  return { once: `${word}|${status.addresseeId}|${talk.turn}`, talk };
}

async function talksOf(mongo: MongoDatabase, ids: string[], session: Session): Promise<Map<string, TalkRow>> {
  if (ids.length === 0) return new Map();
  const found = await mongo
    .collection<TalkRow>(TALKS)
    .find({ _id: { $in: ids } }, { session })
    .toArray();
  const silent = ids.map((_id): [string, TalkRow] => [_id, { _id, turn: 0, lastWord: '' }]);
  return new Map([...silent, ...found.map((row): [string, TalkRow] => [row._id, row])]);
}

function talkOf({ documentId, code, addresseeId, reporterId }: StatusRecord): string {
  return `${documentId}|${code === '13' ? addresseeId : reporterId}`;
}

export function statusOf(row: StatusRow): StatusRecord {
  return JSON.parse(row.record) as StatusRecord;
}
