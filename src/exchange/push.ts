import type { Endpoint } from '../agency/index.ts';
import {
  acknowledged,
  type Courier,
  type Delivery,
  failedAttempt,
  fetched,
  notified,
  type Pushed,
} from '../delivery/index.ts';
import { isoTime, newId } from '../kernel/index.ts';
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
  let withContent = false;
  const began = x.clock.now();
  const result = await courier(endpoint, delivery, () => {
    withContent = true;
    return x.blobs.read(delivery.content);
  });
  const now = x.clock.now();
  await keepAttempt(delivery, result, began, x);
  if (result.outcome !== 'failed') {
    const taken = withContent ? await onRecordAsFetched(delivery, now, x) : delivery;
    await settle(taken, result.outcome, now, x);
    return;
  }
  const step = failedAttempt(delivery, result, now, x.random());
  const moved = await applyStep(delivery, step, x, { class: result.failure });
  if (moved && step.next.state === 'failed') await tellSender(step.next, x);
}

/** For those who look for a fault; that it cannot be kept must not hold up what was delivered. */
async function keepAttempt(
  { deliveryId, documentId, recipientId }: Delivery,
  result: Pushed,
  began: number,
  x: Stations,
): Promise<void> {
  if (!result.exchange) return;
  const attempt = {
    ...{ attemptId: newId(), deliveryId, documentId, recipientId, at: isoTime(began) },
    durationMs: Math.max(0, x.clock.now() - began),
    outcome: result.outcome,
    reason: result.outcome === 'failed' ? result.reason : null,
    ...result.exchange,
  };
  try {
    await x.attempts.add(attempt);
  } catch (error) {
    x.log.warn({ deliveryId, error: String(error) }, 'attempt not kept');
  }
}

/** Attempts are kept for as long as a dead letter may still be asked about. */
const ATTEMPT_DAYS = 90;
const FORGOTTEN_AT_ONCE = 5_000;

/** Removes attempts whose time is over, a part at a time. @returns how many went */
export function forgetAttempts(x: Stations): Promise<number> {
  return x.attempts.forget(isoTime(x.clock.now() - ATTEMPT_DAYS * 86_400_000), FORGOTTEN_AT_ONCE);
}

/** An endpoint that took the content has it: from then on a recall must ask for it back. */
async function onRecordAsFetched(delivery: Delivery, now: number, x: Stations): Promise<Delivery> {
  const step = fetched(delivery, now);
  return step && (await applyStep(delivery, step, x, { by: 'push' })) ? step.next : delivery;
}

async function settle(
  delivery: Delivery,
  outcome: 'notified' | 'acknowledged',
  now: number,
  x: Stations,
): Promise<void> {
  if (outcome === 'acknowledged') {
    const step = acknowledged(delivery, { outcome: 'done', reason: null, retry: false }, now, x.random());
    if (step) await applyStep(delivery, step, x, { digestConfirmed: true, by: 'push' });
    return;
  }
  await x.deliveries.replace(notified(delivery, now), []);
  x.queue.wake([delivery.recipientId]);
}
