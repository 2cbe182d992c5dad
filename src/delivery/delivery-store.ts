import type { PendingEvent } from '../document/index.ts';
import type { Delivery, TransportState } from './delivery.ts';

export interface LeaseRequest {
  /** Recipients for whom deliveries are taken; null for all (couriers). */
  recipientIds: readonly string[] | null;
  limit: number;
  /** RFC 3339 UTC. */
  now: string;
  until: string;
  /** Couriers take only what was not yet notified, and only for these agencies. */
  purpose: 'pull' | 'push';
}

export interface DeliveryQuery {
  state?: TransportState;
  recipientId?: string;
  /** Only open deliveries whose deadline is at or before this time (RFC 3339 UTC). */
  overdueAt?: string;
  /** Last deliveryId of the page before (exclusive). */
  after?: string;
  limit: number;
}

/**
 * Deliveries and their transport state: the truth that any queue only hints at. Durable on return. Two callers never
 * get the same delivery leased at the same time; a lease that ran out is offered again under the same deliveryId.
 */
export interface DeliveryStore {
  /** Stores deliveries in state `waiting`; one that is known (by deliveryId) stays as it is. */
  plan(deliveries: readonly Delivery[]): Promise<void>;
  /** Oldest of the highest urgency first, with a share of lower urgencies so that none starves. */
  lease(request: LeaseRequest): Promise<Delivery[]>;
  /** Writes `next` where the stored revision is `next.revision - 1`, with its events. @returns false when it moved meanwhile */
  replace(next: Delivery, events: readonly PendingEvent[]): Promise<boolean>;
  get(deliveryId: string): Promise<Delivery | null>;
  ofDocument(documentId: string): Promise<Delivery[]>;
  list(query: DeliveryQuery): Promise<Delivery[]>;
  /** How many deliveries are in each state. */
  count(): Promise<Record<TransportState, number>>;
}
