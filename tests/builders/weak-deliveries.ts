import {
  type Delivery,
  type DeliveryStore,
  type LeaseRequest,
  shares,
  type TransportState,
} from '../../src/delivery/index.ts';
import type { Priority } from '../../src/document/index.ts';
import { byText, slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

export function weakDeliveries(shelf: Shelf): DeliveryStore {
  const find = (deliveryId: string) => shelf.deliveries.find((one) => one.deliveryId === deliveryId);
  const byId = byText<Delivery>((one) => one.deliveryId);
  return slowPort<DeliveryStore>({
    plan: (deliveries) => {
      for (const delivery of deliveries) if (!find(delivery.deliveryId)) shelf.deliveries.push(delivery);
    },
    lease: (request) => lease(shelf, request),
    replace: (next, events) => {
      const known = find(next.deliveryId);
      if (known?.revision !== next.revision - 1) return false;
      Object.assign(known, next);
      shelve(shelf, events);
      return true;
    },
    get: (deliveryId) => find(deliveryId) ?? null,
    ofDocument: (documentId) => shelf.deliveries.filter((one) => one.documentId === documentId).sort(byId),
    list: ({ state, recipientId, overdueAt, after, limit }) =>
      shelf.deliveries
        .filter((one) => after === undefined || one.deliveryId > after)
        .filter((one) => state === undefined || one.state === state)
        .filter((one) => recipientId === undefined || one.recipientId === recipientId)
        .filter((one) => overdueAt === undefined || (isOpen(one) && one.deadline <= overdueAt))
        .sort(byId)
        .slice(0, limit),
    count: () => {
      const counts: Record<TransportState, number> = {
        waiting: 0,
        leased: 0,
        done: 0,
        failed: 0,
        cancelled: 0,
      };
      for (const { state } of shelf.deliveries) counts[state]++;
      return counts;
    },
  });
}

function isOpen(delivery: Delivery): boolean {
  return delivery.state === 'waiting' || delivery.state === 'leased';
}

function isOffered(delivery: Delivery, shelf: Shelf, { recipientIds, now, purpose }: LeaseRequest): boolean {
  if (!isOpen(delivery)) return false;
  const from = delivery.state === 'waiting' ? delivery.nextAt : (delivery.leaseUntil as string);
  const before = shelf.deliveries.find((one) => one.deliveryId === delivery.afterId);
  return (
    from <= now &&
    (recipientIds === null || recipientIds.includes(delivery.recipientId)) &&
    (purpose === 'pull' || delivery.notifiedAt === null) &&
    (before === undefined || !isOpen(before))
  );
}

function lease(shelf: Shelf, request: LeaseRequest): Delivery[] {
  const offered = shelf.deliveries
    .filter((one) => isOffered(one, shelf, request))
    .sort(
      byText(
        (one) => String(9 - one.priority),
        (one) => one.createdAt,
      ),
    );
  const waiting: Record<Priority, number> = { 4: 0, 3: 0, 2: 0, 1: 0, 0: 0 };
  for (const { priority } of offered) waiting[priority]++;
  const left = shares(waiting, request.limit, request.now);
  return offered
    .filter((one) => left[one.priority]-- > 0)
    .map((one) =>
      Object.assign(one, {
        state: 'leased',
        leaseUntil: request.until,
        attempts: one.attempts + 1,
        updatedAt: request.now,
        revision: one.revision + 1,
      }),
    );
}
