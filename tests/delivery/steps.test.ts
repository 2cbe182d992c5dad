import { describe, expect, test } from '@jest/globals';
import {
  acknowledged,
  cancelled,
  type Delivery,
  failedAttempt,
  fetched,
  notified,
  releaseOrExtend,
  retried,
  type Step,
  type TransportState,
} from '../../src/delivery/index.ts';
import { isoTime, isTrucError } from '../../src/kernel/index.ts';
import { aDelivery } from '../builders/records.ts';

const NOW = Date.parse('2026-03-16T03:00:00Z');
const STATES: readonly TransportState[] = ['waiting', 'leased', 'done', 'failed', 'cancelled'];

function inState(state: TransportState, over: Partial<Delivery> = {}): Delivery {
  const leaseUntil = state === 'leased' ? isoTime(NOW + 60_000) : null;
  return aDelivery({ state, leaseUntil, attempts: 1, revision: 5, ...over });
}

/** New state and event of a step, 'same' for none, or the code of the error. */
function outcome(step: () => Step | null): string {
  try {
    const taken = step();
    return taken === null ? 'same' : `${taken.next.state} ${taken.event ?? '-'}`;
  } catch (error) {
    if (isTrucError(error)) return error.code;
    throw error;
  }
}

const ack = (word: 'done' | 'fail', retry = false) => ({ outcome: word, reason: null, retry });
const network = { failure: 'network', reason: 'ECONNREFUSED', retryAfterMs: null } as const;
const contract = { failure: 'contract', reason: 'http-404', retryAfterMs: null } as const;

/** Rows: the step. Columns: from waiting, leased, done, failed, cancelled. */
const TABLE: readonly [string, (delivery: Delivery) => Step | null, readonly string[]][] = [
  ['fetch', (one) => fetched(one, NOW), ['waiting delivery.fetched', 'leased delivery.fetched', 'done delivery.fetched', 'failed delivery.fetched', 'cancelled delivery.fetched']],
  ['ack done', (one) => acknowledged(one, ack('done'), NOW, 0.5), ['done delivery.acknowledged', 'done delivery.acknowledged', 'same', 'delivery.already-acknowledged', 'delivery.cancelled']],
  ['ack fail', (one) => acknowledged(one, ack('fail'), NOW, 0.5), ['failed delivery.failed', 'failed delivery.failed', 'delivery.already-acknowledged', 'same', 'delivery.cancelled']],
  ['ack fail, try again', (one) => acknowledged(one, ack('fail', true), NOW, 0.5), ['waiting delivery.failed', 'waiting delivery.failed', 'delivery.already-acknowledged', 'same', 'delivery.cancelled']],
  ['cancel', (one) => cancelled(one, NOW), ['cancelled delivery.cancelled', 'cancelled delivery.cancelled', 'same', 'same', 'same']],
]; // biome-ignore format: a table

describe('every step from every state', () => {
  test.each(TABLE)('%s', (_, step, outcomes) => {
    expect(STATES.map((state) => outcome(() => step(inState(state))))).toEqual(outcomes);
  });

  test('a step raises the revision by one, says when, and leaves what it was given as it was', () => {
    const before = inState('leased');
    const copy = structuredClone(before);
    for (const [, step] of TABLE) {
      const { next } = step(before) as Step;
      expect(next).toMatchObject({ revision: 6, updatedAt: isoTime(NOW), deliveryId: before.deliveryId });
    }
    expect(before).toEqual(copy);
  });

  test('what is over holds no lease', () => {
    for (const step of [ack('done'), ack('fail'), ack('fail', true)])
      expect(acknowledged(inState('leased'), step, NOW, 0.5)?.next.leaseUntil).toBeNull();
    expect(cancelled(inState('leased'), NOW)?.next.leaseUntil).toBeNull();
  });
});

describe('taking content', () => {
  test('counts the first time only', () => {
    const step = fetched(inState('leased'), NOW) as Step;
    expect(step.next.fetchedAt).toBe(isoTime(NOW));
    expect(fetched(step.next, NOW + 1)).toBeNull();
  });

  test('what was fetched can no longer be taken back', () => {
    expect(cancelled(inState('waiting', { fetchedAt: isoTime(NOW) }), NOW)).toBeNull();
  });
});

describe("the recipient's word", () => {
  test('done wipes the failures before it', () => {
    expect(acknowledged(inState('leased', { failure: 'x' }), ack('done'), NOW, 0.5)?.next.failure).toBeNull();
  });

  test('a reason is kept; without one it is the recipient', () => {
    const word = { ...ack('fail'), reason: 'không mở được tệp' };
    expect(acknowledged(inState('leased'), word, NOW, 0.5)?.next.failure).toBe('không mở được tệp');
    expect(acknowledged(inState('leased'), ack('fail'), NOW, 0.5)?.next.failure).toBe('recipient');
  });
});

describe('failed attempts', () => {
  test('are offered again after the backoff of their number', () => {
    const { next } = failedAttempt(inState('leased', { attempts: 2 }), network, NOW, 0.5);
    expect(next).toMatchObject({ state: 'waiting', nextAt: isoTime(NOW + 30_000), failure: 'ECONNREFUSED' });
  });

  test('an answer with fail for what was never handed out counts as the first attempt', () => {
    expect(failedAttempt(inState('waiting', { attempts: 0 }), network, NOW, 0.5).next.nextAt).toBe(
      isoTime(NOW + 5_000),
    );
  });

  test('a contract error is final at once', () => {
    expect(failedAttempt(inState('leased'), contract, NOW, 0.5)).toMatchObject({
      next: { state: 'failed', failure: 'http-404', leaseUntil: null },
      event: 'delivery.failed',
    });
  });

  test.each([
    ['exactly at the deadline is one more try', 5_000, 'waiting'],
    ['beyond the deadline is the end', 4_999, 'failed'],
  ])('the next attempt %s', (_, left, state) => {
    const delivery = inState('leased', { deadline: isoTime(NOW + left) });
    expect(failedAttempt(delivery, network, NOW, 0.5).next.state).toBe(state);
  });

  test('are worth an event when the reason is new or the end is reached, not for the same again', () => {
    const again = inState('leased', { failure: 'ECONNREFUSED' });
    expect(failedAttempt(again, network, NOW, 0.5).event).toBeNull();
    expect(failedAttempt(again, { ...network, reason: 'ETIMEDOUT' }, NOW, 0.5).event).toBe('delivery.failed');
    const late = { ...again, deadline: isoTime(NOW) };
    expect(failedAttempt(late, network, NOW, 0.5).event).toBe('delivery.failed');
  });
});

describe('leases', () => {
  test('a held one is lengthened, or given back at once', () => {
    expect(releaseOrExtend(inState('leased'), NOW + 90_000, NOW)).toMatchObject({
      state: 'leased',
      leaseUntil: isoTime(NOW + 90_000),
      revision: 6,
    });
    expect(releaseOrExtend(inState('leased'), null, NOW)).toMatchObject({
      state: 'waiting',
      leaseUntil: null,
      nextAt: isoTime(NOW),
    });
  });

  test.each([
    ['nobody holds it', inState('waiting')],
    ['it ran out this moment', inState('leased', { leaseUntil: isoTime(NOW) })],
    ['it is done', inState('done')],
    ['it failed', inState('failed')],
    ['it was taken back', inState('cancelled')],
  ])('not when %s', (_, delivery) => {
    for (const until of [null, NOW + 1])
      expect(() => releaseOrExtend(delivery, until, NOW)).toThrow(
        expect.objectContaining({ code: 'delivery.not-leased' }),
      );
  });
});

describe('pushes and dead letters', () => {
  test('a notified delivery waits to be pulled, from now', () => {
    expect(notified(inState('leased'), NOW)).toMatchObject({
      state: 'waiting',
      leaseUntil: null,
      notifiedAt: isoTime(NOW),
      nextAt: isoTime(NOW),
      revision: 6,
    });
  });

  test('a dead letter offered again begins anew, with a new deadline, and will be pushed again', () => {
    const dead = inState('failed', { failure: 'http-404', notifiedAt: isoTime(0), attempts: 9 });
    expect(retried(dead, NOW, 7)).toMatchObject({
      state: 'waiting',
      failure: null,
      notifiedAt: null,
      nextAt: isoTime(NOW),
      deadline: isoTime(NOW + 7 * 86_400_000),
      revision: 6,
    });
  });
});
