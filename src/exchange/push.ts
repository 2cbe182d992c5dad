import type { Endpoint } from '../agency/index.ts';
import { acknowledged, type Courier, type Delivery, failedAttempt, notified } from '../delivery/index.ts';
import { isoTime } from '../kernel/index.ts';
import { applyStep, tellSender } from './inbox.ts';
import type { Stations } from './stations.ts';

const PUSH_LEASE_MS = 60_000;

/** Deliveries of an agency that its endpoint has not been told of, leased for the courier. */
export function duePushes(endpoint: Endpoint, limit: number, x: Stations): Promise<Delivery[]> {
  const now = x.clock.now();
  return x.deliveries.lease({
    recipientIds: [endpoint.agencyId],
    limit,
    now: isoTime(now),
    until: isoTime(now + PUSH_LEASE_MS),
    purpose: 'push',
  });
}

/** Pushes one leased delivery and writes down what came of it. */
export async function push(
  delivery: Delivery,
  endpoint: Endpoint,
  courier: Courier,
  x: Stations,
): Promise<void> {
  const result = await courier(endpoint, delivery, () => x.blobs.read(delivery.content));
  const now = x.clock.now();
  if (result.outcome === 'notified') {
    await x.deliveries.replace(notified(delivery, now), []);
    x.queue.wake([delivery.recipientId]);
    return;
  }
  if (result.outcome === 'acknowledged') {
    const step = acknowledged(delivery, { outcome: 'done', reason: null, retry: false }, now, x.random());
    if (step) await applyStep(delivery, step, x, { digestConfirmed: true, by: 'push' });
    return;
  }
  const step = failedAttempt(delivery, result, now, x.random());
  const moved = await applyStep(delivery, step, x, { class: result.failure });
  if (moved && step.next.state === 'failed') await tellSender(step.next, x);
}
