import type mongoose from 'mongoose';
import { type Batcher, batcher } from '../../kernel/index.ts';
import { GATHER_MS, type MongoDatabase } from './database.ts';

/** One kind of look-up by key, made for many keys at once. */
export interface LookUp<Key, Row, Found> {
  collection: string;
  /** Rows of all these keys; an index must serve it. */
  match(keys: readonly Key[]): object;
  /** Fields of a row that are read. */
  fields: Readonly<Record<string, 1>>;
  /** What each key comes to, in order. */
  answer(rows: readonly Row[], keys: readonly Key[]): Found[];
}

type AnyLookUp = LookUp<unknown, mongoose.mongo.Document, unknown>;
interface Asked {
  kind: AnyLookUp;
  key: unknown;
}
type Outcome = { found: unknown } | { error: unknown };

const KEYS_PER_TRIP = 256;
const lanes = new WeakMap<MongoDatabase, Batcher<Asked, Outcome>>();

/**
 * Look-ups by key that share round trips, whatever their kind: while one is under way the next one gathers. Every look-up
 * sees what was there at a moment after it was asked for.
 */
export function sharedReads<Key, Row, Found>(
  mongo: MongoDatabase,
  kind: LookUp<Key, Row, Found>,
): (key: Key) => Promise<Found> {
  const lane = lanes.get(mongo) ?? laneOf(mongo);
  lanes.set(mongo, lane);
  return async (key) => {
    const outcome = await lane.add({ kind: kind as unknown as AnyLookUp, key });
    if ('error' in outcome) throw outcome.error;
    return outcome.found as Found;
  };
}

function laneOf(mongo: MongoDatabase): Batcher<Asked, Outcome> {
  return batcher((asked: Asked[]) => outcomes(mongo, asked), {
    maxItems: KEYS_PER_TRIP,
    gatherMs: GATHER_MS,
  });
}

/** A key that the server cannot take must not take the others with it. */
async function outcomes(mongo: MongoDatabase, asked: readonly Asked[]): Promise<Outcome[]> {
  try {
    return await read(mongo, asked);
  } catch (error) {
    if (asked.length === 1) return [{ error }];
    return (await Promise.all(asked.map((one) => outcomes(mongo, [one])))).flat();
  }
}

async function read(mongo: MongoDatabase, asked: readonly Asked[]): Promise<Outcome[]> {
  const groups = [...Map.groupBy(asked, ({ kind }) => kind)].map(([kind, ofKind], no) => ({
    kind,
    keys: ofKind.map(({ key }) => key),
    no,
  }));
  const [first, ...others] = groups as [(typeof groups)[0], ...typeof groups];
  const unions = others.map((group) => ({
    $unionWith: { coll: group.kind.collection, pipeline: stagesOf(group) },
  }));
  const rows = await mongo
    .collection(first.kind.collection)
    .aggregate<{ no: number; row: mongoose.mongo.Document }>([...stagesOf(first), ...unions])
    .toArray();
  const answers = new Map(
    groups.map(({ kind, keys, no }) => {
      const own = rows.filter((one) => one.no === no).map((one) => one.row);
      return [kind, kind.answer(own, keys).values()];
    }),
  );
  return asked.map(({ kind }) => ({ found: answers.get(kind)?.next().value }));
}

/** The rows of one kind, marked as such. */
function stagesOf({ kind, keys, no }: { kind: AnyLookUp; keys: unknown[]; no: number }): object[] {
  const row = Object.fromEntries(Object.keys(kind.fields).map((name) => [name, `$${name}`]));
  return [{ $match: kind.match(keys) }, { $project: { _id: 0, no: { $literal: no }, row } }];
}
