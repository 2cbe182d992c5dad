import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deliveryIdOf, planDocument, shares } from '../../src/delivery/index.ts';
import type { Priority } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { aRecord } from '../builders/records.ts';
import { seededRandom } from '../random.ts';

const NOW = Date.parse('2026-03-16T03:00:00Z');

describe('planning deliveries', () => {
  const recipients = ['G22', 'H53', 'H41'].map((code) => ({ agencyId: newId(), code }));

  test('one for each recipient, waiting from now until the deadline', () => {
    const record = aRecord({ recipients, priority: 2 });
    const planned = planDocument(record, { now: NOW, deadlineDays: 7 });
    expect(planned.map((one) => one.recipientCode)).toEqual(['G22', 'H53', 'H41']);
    for (const one of planned)
      expect(one).toMatchObject({
        documentId: record.documentId,
        senderId: record.key.senderId,
        state: 'waiting',
        priority: 2,
        content: record.original,
        sha256: record.sha256,
        attempts: 0,
        revision: 1,
        nextAt: '2026-03-16T03:00:00.000Z',
        deadline: '2026-03-23T03:00:00.000Z',
        afterId: null,
      });
  });

  test('the same document gives the same ids at any time, another gives others', () => {
    const record = aRecord({ recipients });
    const ids = (of = record, now = NOW) =>
      planDocument(of, { now, deadlineDays: 7 }).map((one) => one.deliveryId);
    expect(ids(record, NOW + 86_400_000)).toEqual(ids());
    expect(ids(aRecord({ recipients }))).not.toEqual(ids());
    expect(new Set(ids()).size).toBe(3);
  });

  test('an id is a UUID v8 made of kind, subject and recipient, and never changes over releases', () => {
    expect(deliveryIdOf('document', 'doc', 'agency')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(deliveryIdOf('document', 'doc', 'agency')).toBe('b6c58a96-0914-863b-9640-af7ef9701bb6');
    const all = (['document', 'status', 'notice'] as const).flatMap((kind) => [
      deliveryIdOf(kind, 'doc', 'agency'),
      deliveryIdOf(kind, 'doc', 'other'),
      deliveryIdOf(kind, 'other', 'agency'),
    ]);
    expect(new Set(all).size).toBe(9);
  });

  test('what must not overtake another waits for it, recipient by recipient', () => {
    const record = aRecord({ recipients });
    const after = new Map([[recipients[1]?.agencyId as string, 'earlier']]);
    const planned = planDocument(record, { now: NOW, deadlineDays: 7 }, after);
    expect(planned.map((one) => one.afterId)).toEqual([null, 'earlier', null]);
  });
});

describe('who goes first', () => {
  const waiting = (...counts: [number, number, number, number, number]): Record<Priority, number> => {
    const [four, three, two, one, zero] = counts;
    return { 4: four, 3: three, 2: two, 1: one, 0: zero };
  };

  test.each([
    ['nothing waits', waiting(0, 0, 0, 0, 0), 10, waiting(0, 0, 0, 0, 0)],
    ['only ordinary ones', waiting(0, 0, 0, 0, 30), 10, waiting(0, 0, 0, 0, 10)],
    ['room for all', waiting(1, 2, 3, 4, 5), 50, waiting(1, 2, 3, 4, 5)],
    ['one whole round', waiting(99, 99, 99, 99, 99), 23, waiting(8, 8, 4, 2, 1)],
    ['two rounds', waiting(99, 99, 99, 99, 99), 46, waiting(16, 16, 8, 4, 2)],
    ['the most urgent first where the limit is short', waiting(99, 99, 0, 0, 99), 10, waiting(8, 2, 0, 0, 0)],
    [
      'a class that runs out leaves its share to the others',
      waiting(1, 0, 0, 0, 99),
      10,
      waiting(1, 0, 0, 0, 9),
    ],
    ['no room', waiting(5, 5, 5, 5, 5), 0, waiting(0, 0, 0, 0, 0)],
  ])('%s', (_, given, limit, taken) => {
    expect(shares(given, limit)).toEqual(taken);
  });

  test('short leases at different times reach every urgency, in its share', () => {
    const given = waiting(99, 99, 99, 99, 99);
    const sum = waiting(0, 0, 0, 0, 0);
    for (let ms = 0; ms < 23; ms++) {
      const taken = shares(given, 4, new Date(1_773_000_000_000 + ms).toISOString());
      for (const priority of [0, 1, 2, 3, 4] as const) sum[priority] += taken[priority];
    }
    expect(sum).toEqual(waiting(32, 32, 16, 8, 4));
  });

  test('never more than waits nor than asked for, never less than possible, and a full round leaves nobody out', () => {
    const { seed } = seededRandom();
    const count = fc.nat({ max: 60 });
    fc.assert(
      fc.property(fc.tuple(count, count, count, count, count), fc.nat({ max: 200 }), (counts, limit) => {
        const given = waiting(...counts);
        const taken = shares(given, limit);
        const sum = (record: Record<Priority, number>) => Object.values(record).reduce((a, b) => a + b);
        expect(sum(taken)).toBe(Math.min(limit, sum(given)));
        for (const priority of [0, 1, 2, 3, 4] as const) {
          expect(taken[priority]).toBeLessThanOrEqual(given[priority]);
          if (limit >= 23 && given[priority] > 0) expect(taken[priority]).toBeGreaterThan(0);
        }
      }),
      { seed },
    );
  });
});
