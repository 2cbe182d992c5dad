import type { PendingEvent } from '../../document/index.ts';
import type { Delegation, DelegationBook } from '../../signing/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

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

interface Withdrawal {
  delegationId: string;
  withdrawnAt: string;
  event: PendingEvent;
}
type Withdrawn = Awaited<ReturnType<DelegationBook['withdraw']>>;

export function delegationBook(mongo: MongoDatabase, lane: WriteLane): DelegationBook {
  const rows = mongo.collection<DelegationRow>(DELEGATIONS);
  const adding: Step<{ delegation: Delegation; event: PendingEvent }, void> = async (items, session) => {
    await rows.insertMany(
      items.map(({ delegation }) => rowOf(delegation)),
      { session },
    );
    return items.map(({ event }) => ({ result: undefined, events: [event] }));
  };
  const withdrawing: Step<Withdrawal, Withdrawn> = async (items, session) => {
    const ids = [...new Set(items.map(({ delegationId }) => delegationId))];
    const known = await rows.find({ _id: { $in: ids } }, { session }).toArray();
    const now = new Map(known.map(({ _id, record }) => [_id, JSON.parse(record) as Delegation]));
    const changed = new Set<string>();
    const outcomes = items.map(({ delegationId, withdrawnAt, event }): Written<Withdrawn> => {
      const delegation = now.get(delegationId);
      if (!delegation) return { result: null };
      if (delegation.withdrawnAt !== undefined) return { result: { delegation, withdrawn: false } };
      const after = { ...delegation, withdrawnAt };
      now.set(delegationId, after);
      changed.add(delegationId);
      return { result: { delegation: after, withdrawn: true }, events: [event] };
    });
    const writes = [...changed].map((_id) => {
      const { record } = rowOf(now.get(_id) as Delegation);
      return { updateOne: { filter: { _id }, update: { $set: { record } } } };
    });
    if (writes.length > 0) await rows.bulkWrite(writes, { session });
    return outcomes;
  };
  return typedFailures<DelegationBook>({
    add: (delegation, event) => lane.write(adding, { delegation, event }),
    withdraw: (delegationId, withdrawnAt, event) =>
      lane.write(withdrawing, { delegationId, withdrawnAt, event }),
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
