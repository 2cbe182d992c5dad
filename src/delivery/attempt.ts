import { isoTime, TrucError } from '../kernel/index.ts';
import { type FailureClass, mayRetry, retryDelay } from './backoff.ts';
import type { Delivery } from './delivery.ts';

/** A delivery after a step, and what the step was worth recording as; null where it is only a row. */
export interface Step {
  next: Delivery;
  event:
    | 'delivery.fetched'
    | 'delivery.acknowledged'
    | 'delivery.failed'
    | 'delivery.cancelled'
    | 'delivery.retried'
    | null;
}

export interface Acknowledgement {
  outcome: 'done' | 'fail';
  reason: string | null;
  /** With `fail`: offer it again after a while instead of giving up. */
  retry: boolean;
}

function stepped(delivery: Delivery, now: number, change: Partial<Delivery>): Delivery {
  return { ...delivery, ...change, updatedAt: isoTime(now), revision: delivery.revision + 1 };
}

/** The recipient took the content. Recorded the first time only. */
export function fetched(delivery: Delivery, now: number): Step | null {
  if (delivery.fetchedAt !== null) return null;
  return { next: stepped(delivery, now, { fetchedAt: isoTime(now) }), event: 'delivery.fetched' };
}

/**
 * The recipient's answer. A repeat of the same answer is no step (null).
 * @throws TrucError `delivery.already-acknowledged` when it was answered otherwise, `delivery.cancelled` when it was taken back
 */
export function acknowledged(
  delivery: Delivery,
  ack: Acknowledgement,
  now: number,
  random: number,
): Step | null {
  if (delivery.state === 'cancelled')
    throw new TrucError('delivery.cancelled', { deliveryId: delivery.deliveryId });
  const final = delivery.state === 'done' ? 'done' : delivery.state === 'failed' ? 'fail' : null;
  if (final === ack.outcome) return null;
  if (final !== null) {
    throw new TrucError('delivery.already-acknowledged', { deliveryId: delivery.deliveryId, outcome: final });
  }
  if (ack.outcome === 'done') {
    return {
      next: stepped(delivery, now, { state: 'done', leaseUntil: null, failure: null }),
      event: 'delivery.acknowledged',
    };
  }
  const failure = ack.reason ?? 'recipient';
  if (!ack.retry)
    return {
      next: stepped(delivery, now, { state: 'failed', leaseUntil: null, failure }),
      event: 'delivery.failed',
    };
  return failedAttempt(delivery, { failure: 'recipient', reason: failure, retryAfterMs: null }, now, random);
}

export interface FailedAttempt {
  failure: FailureClass;
  reason: string;
  retryAfterMs: number | null;
}

/** An attempt failed: offered again after the backoff, or a dead letter when it cannot heal or the deadline is past. */
export function failedAttempt(delivery: Delivery, attempt: FailedAttempt, now: number, random: number): Step {
  const wait = retryDelay(Math.max(1, delivery.attempts), attempt.failure, random, attempt.retryAfterMs);
  const final = !mayRetry(attempt.failure) || now + wait > Date.parse(delivery.deadline);
  const changedClass = delivery.failure !== attempt.reason;
  const next = final
    ? stepped(delivery, now, { state: 'failed', leaseUntil: null, failure: attempt.reason })
    : stepped(delivery, now, {
        state: 'waiting',
        leaseUntil: null,
        nextAt: isoTime(now + wait),
        failure: attempt.reason,
      });
  return { next, event: final || changedClass ? 'delivery.failed' : null };
}

/** The courier's notification was taken with 2xx: the agency knows, the content is still to be pulled. */
export function notified(delivery: Delivery, now: number): Delivery {
  return stepped(delivery, now, {
    state: 'waiting',
    leaseUntil: null,
    notifiedAt: isoTime(now),
    nextAt: isoTime(now),
  });
}

/**
 * Lengthens or ends a lease. @throws TrucError `delivery.not-leased` when nobody holds it
 * @param until null gives it back at once
 */
export function releaseOrExtend(delivery: Delivery, until: number | null, now: number): Delivery {
  const held =
    delivery.state === 'leased' && delivery.leaseUntil !== null && Date.parse(delivery.leaseUntil) > now;
  if (!held) throw new TrucError('delivery.not-leased', { deliveryId: delivery.deliveryId });
  if (until === null)
    return stepped(delivery, now, { state: 'waiting', leaseUntil: null, nextAt: isoTime(now) });
  return stepped(delivery, now, { leaseUntil: isoTime(until) });
}

/** Taken back before the recipient had it; null when it cannot be taken back any more. */
export function cancelled(delivery: Delivery, now: number): Step | null {
  const open = delivery.state === 'waiting' || delivery.state === 'leased';
  if (!open || delivery.fetchedAt !== null) return null;
  return {
    next: stepped(delivery, now, { state: 'cancelled', leaseUntil: null }),
    event: 'delivery.cancelled',
  };
}

/** A dead letter is offered again from now, with a new deadline. */
export function retried(delivery: Delivery, now: number, deadlineDays: number): Delivery {
  return stepped(delivery, now, {
    state: 'waiting',
    nextAt: isoTime(now),
    leaseUntil: null,
    failure: null,
    notifiedAt: null,
    deadline: isoTime(now + deadlineDays * 86_400_000),
  });
}
