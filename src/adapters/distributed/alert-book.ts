import type { Alert, AlertBook, Sample } from '../../alerts/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

const ALERTS = 'alerts';
const SAMPLES = 'alert_samples';

interface AlertRow extends Omit<Alert, 'alertId'> {
  /** alertId */
  _id: string;
}

interface SampleRow extends Omit<Sample, 'at'> {
  /** Its time, RFC 3339 UTC. */
  _id: string;
}

export const ALERT_PLANS: readonly CollectionPlan[] = [
  { name: ALERTS, indexes: [{ key: { state: 1, since: -1, _id: -1 }, name: 'by_state' }] },
  { name: SAMPLES, indexes: [] },
];

const STATES = ['pending', 'firing', 'resolved'] as const;

/** Needs the collections of `ALERT_PLANS`. */
export function alertBook(mongo: MongoDatabase): AlertBook {
  const alerts = mongo.collection<AlertRow>(ALERTS);
  const samples = mongo.collection<SampleRow>(SAMPLES);
  return typedFailures<AlertBook>({
    put: async (all) => {
      if (all.length === 0) return;
      const writes = all.map(({ alertId, acknowledged, ...fields }) => ({
        updateOne: {
          filter: { _id: alertId },
          // What somebody acknowledged meanwhile stays acknowledged.
          update: acknowledged
            ? { $set: { ...fields, acknowledged } }
            : { $set: fields, $setOnInsert: { acknowledged: null } },
          upsert: true,
        },
      }));
      await alerts.bulkWrite(writes);
    },
    open: async () => {
      const found = await alerts.find({ state: { $in: ['pending', 'firing'] } }).toArray();
      const place = (row: AlertRow) => `${row.since} ${row._id}`;
      return found.sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(alertOf);
    },
    list: async (limit) => {
      const told = { state: { $in: [...STATES] }, toldAt: { $type: 'string' } };
      const found = alerts.find(told as object).sort({ since: -1, _id: -1 });
      return (await found.limit(limit).toArray()).map(alertOf);
    },
    acknowledge: async (alertId, by) => {
      const open = { _id: alertId, state: { $in: ['pending', 'firing'] }, acknowledged: null };
      const { modifiedCount } = await alerts.updateOne(open as object, { $set: { acknowledged: by } });
      return modifiedCount === 1;
    },
    sample: async ({ at, measured, readings }) => {
      await samples.updateOne({ _id: at }, { $set: { measured, readings } }, { upsert: true });
    },
    samples: async (from, limit) =>
      (
        await samples
          .find({ _id: { $gte: from } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray()
      ).map(({ _id, ...fields }) => ({ at: _id, ...fields })),
    forget: async (before) => {
      const old = await samples.deleteMany({ _id: { $lt: before } });
      const done = await alerts.deleteMany({ state: 'resolved', since: { $lt: before } });
      return old.deletedCount + done.deletedCount;
    },
  });
}

function alertOf({ _id, ...fields }: AlertRow): Alert {
  return { alertId: _id, ...fields };
}
