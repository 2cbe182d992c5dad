import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryStore, LeaseRequest } from '../../src/delivery/index.ts';
import type { EventBook } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { aDelivery, anEvent } from '../builders/records.ts';

const NOW = '2026-03-16T03:00:00.000Z';
const UNTIL = '2026-03-16T03:02:00.000Z';
const LATER = '2026-03-16T03:03:00.000Z';

/** What every delivery store promises. `open` gives a fresh, empty one. */
export function deliveryStoreContract(
  name: string,
  open: () => Promise<{ deliveries: DeliveryStore; events: EventBook }>,
): void {
  describe(`delivery store: ${name}`, () => {
    let store: DeliveryStore;
    let events: EventBook;
    beforeEach(async () => {
      ({ deliveries: store, events } = await open());
    });
    const pull = (recipientIds: string[], over: Partial<LeaseRequest> = {}): LeaseRequest => ({
      recipientIds,
      limit: 50,
      now: NOW,
      until: UNTIL,
      purpose: 'pull',
      ...over,
    });

    test('planning twice plans once', async () => {
      const delivery = aDelivery();
      await store.plan([delivery]);
      await store.plan([{ ...delivery, priority: 4 }]);
      expect((await store.get(delivery.deliveryId))?.priority).toBe(0);
      expect((await store.count()).waiting).toBe(1);
    });

    test('a leased delivery is not handed out again until its lease ran out, then under the same id', async () => {
      const delivery = aDelivery();
      await store.plan([delivery]);
      const [first] = await store.lease(pull([delivery.recipientId]));
      expect(first).toMatchObject({
        deliveryId: delivery.deliveryId,
        state: 'leased',
        attempts: 1,
        leaseUntil: UNTIL,
      });
      expect(await store.lease(pull([delivery.recipientId]))).toEqual([]);
      const [again] = await store.lease(
        pull([delivery.recipientId], { now: LATER, until: '2026-03-16T03:05:00.000Z' }),
      );
      expect(again).toMatchObject({ deliveryId: delivery.deliveryId, attempts: 2 });
    });

    test('ten concurrent readers never share a delivery', async () => {
      const recipientId = newId();
      await store.plan(Array.from({ length: 100 }, () => aDelivery({ recipientId })));
      const taken = await Promise.all(
        Array.from({ length: 10 }, () => store.lease(pull([recipientId], { limit: 10 }))),
      );
      const ids = taken.flat().map((one) => one.deliveryId);
      expect(ids).toHaveLength(100);
      expect(new Set(ids).size).toBe(100);
    });

    test('only the recipients asked for, and not before nextAt', async () => {
      const [a, b] = [aDelivery(), aDelivery({ nextAt: '2026-03-16T03:00:01.000Z' })];
      await store.plan([a, b]);
      const got = await store.lease(pull([a.recipientId, b.recipientId]));
      expect(got.map((one) => one.deliveryId)).toEqual([a.deliveryId]);
      expect(await store.lease(pull([newId()]))).toEqual([]);
    });

    test('urgent first, oldest first, and the slow lane gets its share', async () => {
      const recipientId = newId();
      const normal = Array.from({ length: 5 }, (_, i) =>
        aDelivery({ recipientId, createdAt: `2026-03-16T02:00:0${i}.000Z` }),
      );
      const express = Array.from({ length: 20 }, () => aDelivery({ recipientId, priority: 3 }));
      await store.plan([...normal, ...express]);
      const got = await store.lease(pull([recipientId], { limit: 10 }));
      expect(got[0]?.priority).toBe(3);
      expect(got.filter((one) => one.priority === 3)).toHaveLength(9);
      expect(got.filter((one) => one.priority === 0).map((one) => one.deliveryId)).toEqual([
        normal[0]?.deliveryId,
      ]);
    });

    test('what comes after another waits until that one is over', async () => {
      const recipientId = newId();
      const original = aDelivery({ recipientId });
      const recall = aDelivery({ recipientId, priority: 4, afterId: original.deliveryId });
      await store.plan([original, recall]);
      const [first] = await store.lease(pull([recipientId], { limit: 10 }));
      expect(first?.deliveryId).toBe(original.deliveryId);
      expect(await store.lease(pull([recipientId]))).toEqual([]);
      await store.replace(
        { ...(first as NonNullable<typeof first>), state: 'done', leaseUntil: null, revision: 3 },
        [],
      );
      expect((await store.lease(pull([recipientId]))).map((one) => one.deliveryId)).toEqual([
        recall.deliveryId,
      ]);
    });

    test('couriers skip what was notified; pullers do not', async () => {
      const delivery = aDelivery({ notifiedAt: NOW });
      await store.plan([delivery]);
      expect(await store.lease(pull([delivery.recipientId], { purpose: 'push' }))).toEqual([]);
      expect(await store.lease(pull([delivery.recipientId]))).toHaveLength(1);
    });

    test('replace is compare-and-set, and its events come with it or not at all', async () => {
      const delivery = aDelivery();
      await store.plan([delivery]);
      const event = anEvent(delivery.documentId, { type: 'delivery.fetched' });
      const next = { ...delivery, fetchedAt: NOW, revision: 2 };
      const outcomes = await Promise.all([
        store.replace(next, [event]),
        store.replace({ ...next, failure: 'other' }, [anEvent(delivery.documentId)]),
      ]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await events.of(delivery.documentId)).toHaveLength(1);
      expect(await store.replace({ ...next, revision: 9 }, [])).toBe(false);
      expect(await store.replace({ ...next, deliveryId: newId() }, [])).toBe(false);
    });

    test('of fifty concurrent steps on one revision exactly one is taken', async () => {
      const delivery = aDelivery();
      await store.plan([delivery]);
      const steps = Array.from({ length: 50 }, (_, i) => ({ ...delivery, failure: `f${i}`, revision: 2 }));
      const outcomes = await Promise.all(
        steps.map((next) => store.replace(next, [anEvent(delivery.documentId)])),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await store.get(delivery.deliveryId)).toEqual(steps[outcomes.indexOf(true)]);
      expect(await events.of(delivery.documentId)).toHaveLength(1);
    });

    test('lists in pages, each delivery once, and of the overdue only open ones', async () => {
      const recipientId = newId();
      const all = Array.from({ length: 7 }, () => aDelivery({ recipientId }));
      await store.plan([...all, aDelivery()]);
      const seen: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list({ recipientId, limit: 3, ...(after ? { after } : {}) });
        seen.push(...page.map((one) => one.deliveryId));
        if (page.length < 3) break;
        after = page.at(-1)?.deliveryId;
      }
      expect(seen.sort()).toEqual(all.map((one) => one.deliveryId).sort());
      const over = all[0] as (typeof all)[0];
      await store.replace({ ...over, state: 'done', revision: 2 }, []);
      const overdue = await store.list({ recipientId, overdueAt: over.deadline, limit: 10 });
      expect(overdue).toHaveLength(6);
      expect(await store.list({ recipientId, overdueAt: NOW, limit: 10 })).toEqual([]);
    });

    test('nothing that is over is handed out again, whatever the time', async () => {
      const states = ['done', 'failed', 'cancelled'] as const;
      const recipientId = newId();
      const all = states.map(() => aDelivery({ recipientId }));
      await store.plan(all);
      for (const [i, one] of all.entries())
        await store.replace({ ...one, state: states[i] as (typeof states)[0], revision: 2 }, []);
      expect(await store.lease(pull([recipientId], { now: '2030-01-01T00:00:00.000Z' }))).toEqual([]);
    });

    test('a courier that serves everybody names no recipients', async () => {
      const [a, b] = [aDelivery(), aDelivery()];
      await store.plan([a, b]);
      expect(await store.lease(pull([], {}))).toEqual([]);
      expect(await store.lease(pull([], { recipientIds: null, purpose: 'push' }))).toHaveLength(2);
    });

    test('counts and lists by state', async () => {
      const [a, b] = [aDelivery(), aDelivery()];
      await store.plan([a, b]);
      await store.replace({ ...a, state: 'failed', failure: 'http-400', revision: 2 }, []);
      expect(await store.count()).toEqual({ waiting: 1, leased: 0, done: 0, failed: 1, cancelled: 0 });
      expect((await store.list({ state: 'failed', limit: 10 })).map((one) => one.deliveryId)).toEqual([
        a.deliveryId,
      ]);
      expect(await store.ofDocument(b.documentId)).toHaveLength(1);
    });
  });
}
