import type { Delivery, DeliveryQuery, DeliveryStore, TransportState } from '../../delivery/index.ts';
import { batcher } from '../../kernel/index.ts';
import { type Collection, GATHER_MS, type MongoDatabase } from './database.ts';
import { leaser } from './delivery-lease.ts';
import { DELIVERIES, DELIVERY_COUNTS, type DeliveryRow, deliveryOf } from './delivery-rows.ts';
import { plan, replace } from './delivery-steps.ts';
import { typedFailures } from './failures.ts';
import type { WriteLane } from './write-lane.ts';

const PLANNED_PER_COMMIT = 1_000;
const STATES: readonly TransportState[] = ['waiting', 'leased', 'done', 'failed', 'cancelled'];

export function deliveryStore(mongo: MongoDatabase, lane: WriteLane): DeliveryStore {
  const rows = mongo.collection<DeliveryRow>(DELIVERIES);
  const replacing = replace(mongo);
  const lease = leaser(mongo);
  const planned = batcher<Delivery, null>((deliveries) => plan(mongo, deliveries), {
    maxItems: PLANNED_PER_COMMIT,
    gatherMs: GATHER_MS,
  });
  return typedFailures<DeliveryStore>({
    plan: async (deliveries) => {
      await Promise.all(deliveries.map((delivery) => planned.add(delivery)));
    },
    lease: (request) => lease(request),
    replace: (next, events) => lane.write(replacing, { next, events }),
    get: async (deliveryId) => {
      const row = await rows.findOne({ _id: deliveryId });
      return row ? deliveryOf(row) : null;
    },
    ofDocument: async (documentId) => {
      const found = rows.find({ documentId }).sort({ createdAt: 1, _id: 1 });
      return (await found.toArray()).map(deliveryOf);
    },
    list: async (query) => (await list(rows, query)).map(deliveryOf),
    count: () => count(mongo),
  });
}

function list(rows: Collection<DeliveryRow>, query: DeliveryQuery): Promise<DeliveryRow[]> {
  const states = { $in: query.state ? [query.state] : STATES };
  const filter = {
    ...(query.recipientId ? { recipientId: query.recipientId, state: states } : {}),
    ...(query.state ? { state: states } : {}),
    ...(query.overdueAt ? { availableAt: { $exists: true }, deadline: { $lte: query.overdueAt } } : {}),
    _id: { $gt: query.after ?? '' },
  };
  return rows.find(filter).sort({ _id: 1 }).limit(query.limit).toArray();
}

async function count(mongo: MongoDatabase): Promise<Record<TransportState, number>> {
  const counts: Record<TransportState, number> = { waiting: 0, leased: 0, done: 0, failed: 0, cancelled: 0 };
  const rows = mongo.collection<Partial<Record<TransportState, number>>>(DELIVERY_COUNTS);
  for (const row of await rows.find().toArray()) for (const state of STATES) counts[state] += row[state] ?? 0;
  return counts;
}
