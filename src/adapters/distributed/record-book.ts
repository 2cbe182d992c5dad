import { batcher } from '../../kernel/index.ts';
import type { Collection } from './database.ts';

/** One record per key. */
export interface RecordRow<Value> {
  _id: string;
  record: Value;
}

/** Records by key; each write replaces the whole record. Writes that wait share one round trip and its disk sync. */
export interface RecordBook<Value> {
  get(key: string): Promise<Value | null>;
  put(key: string, record: Value): Promise<void>;
  /** In order of the keys. */
  all(): Promise<Value[]>;
}

const WRITES_PER_TRIP = 512;

export function recordBook<Value>(rows: Collection<RecordRow<Value>>): RecordBook<Value> {
  const writes = batcher<RecordRow<Value>, void>(
    async (batch) => {
      await rows.bulkWrite(batch.map(replacing));
      return batch.map(() => undefined);
    },
    { maxItems: WRITES_PER_TRIP },
  );
  return {
    get: async (key) => (await rows.findOne({ _id: key } as never))?.record ?? null,
    put: (key, record) => writes.add({ _id: key, record }),
    all: async () =>
      (await rows.find().hint('_id_').sort({ _id: 1 }).toArray()).map((row) => row.record) as Value[],
  };
}

/** In order, so that of two writes of one key in a batch the later one stays. */
function replacing<Value>(row: RecordRow<Value>) {
  return {
    replaceOne: {
      filter: { _id: row._id } as never,
      replacement: { record: row.record } as never,
      upsert: true,
    },
  };
}
