import type { CollectionPlan, MongoDatabase } from './database.ts';

/** A right that one node has at a time, for as long as it says again in time that it is there. */
export interface Lease {
  /** Takes or keeps it. False when another node has it. */
  take(): Promise<boolean>;
  /** Gives it up, so that another node need not wait for its end. */
  give(): Promise<void>;
}

interface LeaseRow {
  _id: string;
  holder: string;
  until: Date;
  /** What its holder takes it for at once, milliseconds. */
  ttl: number;
}

const LEASES = 'leases';

export const LEASE_PLANS: readonly CollectionPlan[] = [{ name: LEASES, indexes: [] }];

/**
 * A lease in MongoDB, by the clock of its server alone: what the nodes' clocks show does not matter. It gives
 * liveness, never safety: whoever writes under it must be fenced by what is written (the ledger's epoch).
 * @param holder name of this node, different at every start
 */
export function lease(mongo: MongoDatabase, name: string, holder: string, ttlMs: number): Lease {
  const rows = mongo.collection<LeaseRow>(LEASES);
  return {
    take: async () => {
      // One look that changes nothing where another node has it; a field that is not there is before any time.
      // Nobody has taken it for longer than its time: where it says so, the server's clock was ahead and is not any more.
      const beyond = {
        $gt: ['$until', { $add: ['$$NOW', { $multiply: [2, { $ifNull: ['$ttl', ttlMs] }] }] }],
      };
      const free = { $or: [{ $eq: ['$holder', holder] }, { $lte: ['$until', '$$NOW'] }, beyond] };
      const after = await rows.findOneAndUpdate(
        { _id: name },
        [
          {
            $set: {
              until: { $cond: [free, { $add: ['$$NOW', ttlMs] }, '$until'] },
              holder: { $cond: [free, holder, '$holder'] },
              ttl: { $cond: [free, ttlMs, '$ttl'] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      return after?.holder === holder;
    },
    give: async () => {
      await rows.updateOne({ _id: name, holder }, [{ $set: { until: '$$NOW' } }]);
    },
  };
}
