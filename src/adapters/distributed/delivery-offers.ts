import type { LeaseRequest } from '../../delivery/index.ts';
import type { Priority } from '../../document/index.ts';
import type { Collection, MongoDatabase } from './database.ts';
import { DELIVERIES, type DeliveryRow } from './delivery-rows.ts';

const PRIORITIES: readonly Priority[] = [4, 3, 2, 1, 0];

/** Deliveries that may be handed out now: the oldest of each urgency, at most `limit` of each. */
export async function offersFor(mongo: MongoDatabase, request: LeaseRequest): Promise<DeliveryRow[]> {
  if (request.limit <= 0 || request.recipientIds?.length === 0) return [];
  const rows = mongo.collection<DeliveryRow>(DELIVERIES);
  // Most inboxes hold no more than is asked for: then one question has the answer for every urgency.
  const first = await page(rows, request, {}, 0, request.limit + 1);
  if (first.length <= request.limit) return withoutBlocked(rows, first);
  return (await Promise.all(PRIORITIES.map((priority) => ofUrgency(rows, request, priority)))).flat();
}

/** Reads on only past what waits for another delivery. */
async function ofUrgency(
  rows: Collection<DeliveryRow>,
  request: LeaseRequest,
  priority: Priority,
): Promise<DeliveryRow[]> {
  const { limit } = request;
  const free: DeliveryRow[] = [];
  for (let skip = 0; ; skip += limit) {
    const found = await page(rows, request, { priority }, skip, limit);
    free.push(...(await withoutBlocked(rows, found)));
    if (found.length < limit || free.length >= limit) return free.slice(0, limit);
  }
}

function page(
  rows: Collection<DeliveryRow>,
  { recipientIds, purpose, now }: LeaseRequest,
  urgency: { priority?: Priority },
  skip: number,
  limit: number,
): Promise<DeliveryRow[]> {
  const open = { ...urgency, availableAt: { $lte: now } };
  const cursor =
    recipientIds === null
      ? rows.find({ ...open, notified: { $in: purpose === 'push' ? [false] : [false, true] } })
      : rows.find({
          ...open,
          recipientId: { $in: [...recipientIds] },
          ...(purpose === 'push' ? { notified: false } : {}),
        });
  return cursor
    .sort({ priority: -1, createdAt: 1, _id: 1 })
    .skip(skip)
    .limit(limit)
    .hint(recipientIds === null ? 'offer_to_all' : 'offer')
    .toArray();
}

/** What comes after another delivery is not on offer while that one is open. */
async function withoutBlocked(rows: Collection<DeliveryRow>, found: DeliveryRow[]): Promise<DeliveryRow[]> {
  const earlier = found.flatMap(({ afterId }) => (afterId === undefined ? [] : [afterId]));
  if (earlier.length === 0) return found;
  const open = await rows
    .find({ _id: { $in: earlier }, availableAt: { $exists: true } }, { projection: { _id: 1 } })
    .toArray();
  const blocking = new Set(open.map((row) => row._id));
  return found.filter(({ afterId }) => afterId === undefined || !blocking.has(afterId));
}
