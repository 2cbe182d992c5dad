import type { PendingEvent } from '../../document/index.ts';
import type { Delegation, DelegationBook } from '../../signing/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane } from './write-lane.ts';

export const DELEGATIONS = 'delegations';

export interface DelegationRow {
  /** delegationId */
  _id: string;
  /** Absent in rows of earlier programs. */
  agencyId?: string;
  record: string;
}

export const DELEGATION_PLANS: readonly CollectionPlan[] = [
  { name: DELEGATIONS, indexes: [{ key: { agencyId: 1, _id: -1 }, name: 'agency' }] },
];

export function delegationBook(mongo: MongoDatabase, lane: WriteLane): DelegationBook {
  const rows = mongo.collection<DelegationRow>(DELEGATIONS);
  const adding: Step<{ delegation: Delegation; event: PendingEvent }, void> = async (items, session) => {
    await rows.insertMany(
      items.map(({ delegation }) => rowOf(delegation)),
      { session },
    );
    return items.map(({ event }) => ({ result: undefined, events: [event] }));
  };
  return typedFailures<DelegationBook>({
    add: (delegation, event) => lane.write(adding, { delegation, event }),
    get: async (delegationId) => {
      const row = await rows.findOne({ _id: delegationId });
      return row ? (JSON.parse(row.record) as Delegation) : null;
    },
    of: async (agencyId, limit) => {
      const earlier = {
        agencyId: null as never,
        record: { $regex: `"agencyId":${JSON.stringify(agencyId)}` },
      };
      const found = rows
        .find({ $or: [{ agencyId }, earlier] })
        .sort({ _id: -1 })
        .limit(limit);
      return (await found.toArray()).map(({ record }) => JSON.parse(record) as Delegation);
    },
  });
}

export function rowOf(delegation: Delegation): DelegationRow {
  return { _id: delegation.delegationId, agencyId: delegation.agencyId, record: JSON.stringify(delegation) };
}
