import { type Delivery, type LeaseRequest, shares } from '../../delivery/index.ts';
import type { Priority } from '../../document/index.ts';
import { batcher } from '../../kernel/index.ts';
import type { MongoDatabase, Session } from './database.ts';
import { offersFor } from './delivery-offers.ts';
import { DELIVERIES, type DeliveryRow, deliveryOf, replaceRows, rowOf } from './delivery-rows.ts';

const LEASES_PER_COMMIT = 128;

interface Claim {
  request: LeaseRequest;
  /** What was on offer a moment ago. */
  offers: DeliveryRow[];
}

interface Claimed {
  leased: Delivery[];
  /** Somebody else was faster with some of the offers, so there may be more to be had. */
  outrun: boolean;
}

/** Looks without a write first: most long polls find nothing, and nothing needs no commit. */
export function leaser(mongo: MongoDatabase): (request: LeaseRequest) => Promise<Delivery[]> {
  const claims = batcher<Claim, Claimed>(
    (batch) => mongo.atomically((session) => claim(mongo, batch, session)),
    { maxItems: LEASES_PER_COMMIT },
  );
  return async (request) => {
    const leased: Delivery[] = [];
    for (;;) {
      const rest = { ...request, limit: request.limit - leased.length };
      const offers = await offersFor(mongo, rest);
      if (offers.length === 0) return leased;
      const claimed = await claims.add({ request: rest, offers });
      leased.push(...claimed.leased);
      if (!claimed.outrun || leased.length >= request.limit) return leased;
    }
  };
}

/** Hands out what is still as it was offered. A claim of another node on the same delivery conflicts and comes later. */
async function claim(mongo: MongoDatabase, claims: Claim[], session: Session): Promise<Claimed[]> {
  const ids = [...new Set(claims.flatMap(({ offers }) => offers.map((row) => row._id)))];
  const found = await mongo
    .collection<DeliveryRow>(DELIVERIES)
    .find({ _id: { $in: ids } }, { session })
    .toArray();
  const free = new Map(found.map((row) => [row._id, row]));
  const changes: { before: DeliveryRow; next: DeliveryRow }[] = [];
  const outcomes = claims.map(({ request, offers }) => {
    const left = offers.filter((offer) => free.get(offer._id)?.revision === offer.revision);
    const leased = shared(left, request).map((before) => {
      free.delete(before._id);
      const next = leasedTo(before, request);
      changes.push({ before, next: rowOf(next) });
      return next;
    });
    return { leased, outrun: left.length < offers.length };
  });
  await replaceRows(mongo, changes, session);
  return outcomes;
}

/** A part of the offers, each urgency with its share. */
function shared(offers: readonly DeliveryRow[], { limit, now }: LeaseRequest): DeliveryRow[] {
  const waiting: Record<Priority, number> = { 4: 0, 3: 0, 2: 0, 1: 0, 0: 0 };
  for (const row of offers) waiting[row.priority as Priority]++;
  const taken = shares(waiting, limit, now);
  return offers.filter((row) => taken[row.priority as Priority]-- > 0);
}

function leasedTo(row: DeliveryRow, request: LeaseRequest): Delivery {
  const before = deliveryOf(row);
  return {
    ...before,
    state: 'leased',
    leaseUntil: request.until,
    attempts: before.attempts + 1,
    updatedAt: request.now,
    revision: before.revision + 1,
  };
}
