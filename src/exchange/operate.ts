import { cancelled, type Delivery, type DeliveryQuery, retried, type Step } from '../delivery/index.ts';
import { TrucError } from '../kernel/index.ts';
import { applyStep } from './inbox.ts';
import type { Stations } from './stations.ts';

/** Deliveries as operators look at them, in order of deliveryId. */
export function listDeliveries(query: DeliveryQuery, x: Stations): Promise<Delivery[]> {
  return x.deliveries.list(query);
}

/** Who acts on a delivery and why; it goes into the ledger with the step. */
export interface OperatorAct {
  /** What the ledger calls the person. */
  person: string;
  reason: string;
  /** Of which larger act it is a part. */
  batch?: string;
}

/**
 * Offers a dead letter again from now, with a new deadline.
 * @throws TrucError `delivery.unknown`, `delivery.not-failed`, `delivery.changed-meanwhile`
 */
export async function retryDelivery(deliveryId: string, x: Stations, act?: OperatorAct): Promise<Delivery> {
  const delivery = await known(deliveryId, x);
  if (delivery.state !== 'failed')
    throw new TrucError('delivery.not-failed', { deliveryId, state: delivery.state });
  const next = retried(delivery, x.clock.now(), x.deadlineDays);
  const after = await take(delivery, { next, event: 'delivery.retried' }, x, act);
  x.queue.wake([delivery.recipientId]);
  return after;
}

/**
 * Takes back a delivery that its recipient never fetched.
 * @throws TrucError `delivery.unknown`, `delivery.not-cancellable`, `delivery.changed-meanwhile`
 */
export async function cancelDelivery(deliveryId: string, x: Stations): Promise<Delivery> {
  const delivery = await known(deliveryId, x);
  const step = cancelled(delivery, x.clock.now());
  if (!step) throw new TrucError('delivery.not-cancellable', { deliveryId, state: delivery.state });
  return take(delivery, step, x);
}

async function known(deliveryId: string, x: Stations): Promise<Delivery> {
  const delivery = await x.deliveries.get(deliveryId);
  if (!delivery) throw new TrucError('delivery.unknown', { deliveryId });
  return delivery;
}

async function take(delivery: Delivery, step: Step, x: Stations, act?: OperatorAct): Promise<Delivery> {
  if (!(await applyStep(delivery, step, x, { by: 'operator', ...act })))
    throw new TrucError('delivery.changed-meanwhile', { deliveryId: delivery.deliveryId });
  return step.next;
}
