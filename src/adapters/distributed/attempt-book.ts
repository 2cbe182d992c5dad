import { ATTEMPTS_KEPT, type AttemptBook, type PushAttempt } from '../../delivery/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

const ATTEMPTS = 'push_attempts';

interface AttemptRow extends Omit<PushAttempt, 'attemptId'> {
  /** attemptId */
  _id: string;
}

export const ATTEMPT_PLANS: readonly CollectionPlan[] = [
  {
    name: ATTEMPTS,
    indexes: [
      { key: { deliveryId: 1, _id: 1 }, name: 'by_delivery' },
      { key: { documentId: 1, _id: 1 }, name: 'by_document' },
      { key: { at: 1 }, name: 'by_time' },
    ],
  },
];

/** Needs the collections of `ATTEMPT_PLANS`. */
export function attemptBook(mongo: MongoDatabase): AttemptBook {
  const rows = mongo.collection<AttemptRow>(ATTEMPTS);
  return typedFailures<AttemptBook>({
    add: async ({ attemptId, ...fields }) => {
      await rows.updateOne({ _id: attemptId }, { $setOnInsert: fields }, { upsert: true });
      await removeBeyond(rows, fields.deliveryId);
    },
    ofDocument: async (documentId, limit) =>
      (await rows.find({ documentId }).sort({ _id: -1 }).limit(limit).toArray()).map(
        ({ _id, ...fields }) => ({ attemptId: _id, ...fields }),
      ),
    forget: async (before, limit) => {
      const old = await rows
        .find({ at: { $lt: before } }, { projection: { _id: 1 } })
        .sort({ at: 1 })
        .limit(limit)
        .toArray();
      if (old.length === 0) return 0;
      return (await rows.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } })).deletedCount;
    },
  });
}

async function removeBeyond(rows: Collection<AttemptRow>, deliveryId: string): Promise<void> {
  const [last] = await rows
    .find({ deliveryId }, { projection: { _id: 1 } })
    .sort({ _id: -1 })
    .skip(ATTEMPTS_KEPT)
    .limit(1)
    .toArray();
  if (last) await rows.deleteMany({ deliveryId, _id: { $lte: last._id } });
}
