import type { Delivery } from '../../delivery/index.ts';
import type { PendingEvent } from '../../document/index.ts';
import type { Collection, MongoDatabase, Session } from './database.ts';
import { countMoves, DELIVERIES, type DeliveryRow, replaceRows, rowOf } from './delivery-rows.ts';
import { hopefully } from './hopefully.ts';
import type { Step, Written } from './write-lane.ts';

/** Stores what is not known yet; deliveries of many documents share one transaction. */
export async function plan(mongo: MongoDatabase, deliveries: readonly Delivery[]): Promise<null[]> {
  const rows = mongo.collection<DeliveryRow>(DELIVERIES);
  const wanted = new Map(deliveries.map((one): [string, Delivery] => [one.deliveryId, one]).reverse());
  await hopefully(mongo, async (session, hopeful) => {
    const taken = hopeful ? new Set() : await knownOf(rows, [...wanted.keys()], session);
    const fresh = [...wanted.values()].filter((one) => !taken.has(one.deliveryId)).map(rowOf);
    if (fresh.length === 0) return;
    await rows.insertMany(fresh, { session });
    await countMoves(
      mongo,
      fresh.map(({ state }) => ({ state, by: 1 })),
      session,
    );
  });
  return deliveries.map(() => null);
}

async function knownOf(rows: Collection<DeliveryRow>, ids: string[], session: Session): Promise<Set<string>> {
  const known = rows.find({ _id: { $in: ids } }, { session, projection: { _id: 1 } });
  return new Set((await known.toArray()).map((row) => row._id));
}

interface Replacing {
  next: Delivery;
  events: readonly PendingEvent[];
}

/** Of several steps on one revision the first is taken. */
export function replace(mongo: MongoDatabase): Step<Replacing, boolean> {
  const rows = mongo.collection<DeliveryRow>(DELIVERIES);
  return async (items, session) => {
    const ids = [...new Set(items.map(({ next }) => next.deliveryId))];
    const found = await rows.find({ _id: { $in: ids } }, { session }).toArray();
    const before = new Map(found.map((row) => [row._id, row]));
    const now = new Map<string, DeliveryRow>();
    const outcomes = items.map(({ next, events }): Written<boolean> => {
      const current = now.get(next.deliveryId) ?? before.get(next.deliveryId);
      if (!current || current.revision !== next.revision - 1) return { result: false };
      now.set(next.deliveryId, rowOf(next));
      return { result: true, events };
    });
    const changes = [...now.values()].map((row) => ({
      before: before.get(row._id) as DeliveryRow,
      next: row,
    }));
    await replaceRows(mongo, changes, session);
    return outcomes;
  };
}
