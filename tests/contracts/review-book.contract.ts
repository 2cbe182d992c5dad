import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LaterVerdict, ReviewBook } from '../../src/document/index.ts';
import { isoTime, newId } from '../../src/kernel/index.ts';

const NOW = Date.parse('2026-03-16T02:00:00Z');
const at = (minutes: number) => isoTime(NOW + minutes * 60_000);
const verdict = (number: number, indication = 'TOTAL_PASSED'): LaterVerdict => ({
  ...{ number, at: at(number), indication, legalValue: 'replaces_paper' },
  report: `{"indication":"${indication}","by":"Chủ tịch"}`,
});

/** What every book of reviews promises. `open` gives a fresh, empty one. */
export function reviewBookContract(name: string, open: () => Promise<ReviewBook>): void {
  describe(`review book: ${name}`, () => {
    let reviews: ReviewBook;
    beforeEach(async () => {
      reviews = await open();
    });
    const claim = (minute: number, limit = 100) =>
      reviews.claim({ now: at(minute), until: at(minute + 5), limit });

    test('a review is opened once', async () => {
      const documentId = newId();
      expect(await reviews.get(documentId)).toBeNull();
      await reviews.open(documentId, at(0), at(1));
      await reviews.open(documentId, at(7), at(8));
      expect(await reviews.get(documentId)).toEqual({
        ...{ documentId, openedAt: at(0), dueAt: at(1), tries: 0, verdicts: [], announced: 0 },
      });
    });

    test('a due one is handed to one caller, and again when that does not settle it in time', async () => {
      const ids = Array.from({ length: 30 }, () => newId());
      for (const id of ids) await reviews.open(id, at(0), at(1));
      expect(await claim(0)).toEqual([]);
      const hands = await Promise.all(Array.from({ length: 6 }, () => claim(1)));
      expect(
        hands
          .flat()
          .map((one) => one.documentId)
          .sort(),
      ).toEqual([...ids].sort());
      expect(await claim(5)).toEqual([]);
      expect(await claim(6)).toHaveLength(30);
    });

    test('the longest due come first', async () => {
      const [a, b, c] = [newId(), newId(), newId()];
      await reviews.open(a, at(0), at(3));
      await reviews.open(b, at(0), at(1));
      await reviews.open(c, at(0), at(2));
      expect((await claim(9, 2)).map((one) => one.documentId)).toEqual([b, c]);
    });

    test('verdicts are kept in their order, each number once', async () => {
      const documentId = newId();
      await reviews.open(documentId, at(0), at(1));
      expect(await reviews.add(documentId, verdict(2))).toBe(false);
      expect(await reviews.add(documentId, verdict(1))).toBe(true);
      expect(await reviews.add(documentId, verdict(1, 'TOTAL_FAILED'))).toBe(false);
      expect(await reviews.add(documentId, verdict(2))).toBe(true);
      expect((await reviews.get(documentId))?.verdicts).toEqual([verdict(1), verdict(2)]);
      expect(await reviews.add(newId(), verdict(2))).toBe(false);
    });

    test('of ten verdicts at once one is the first', async () => {
      const documentId = newId();
      await reviews.open(documentId, at(0), at(1));
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => reviews.add(documentId, verdict(1))),
      );
      expect(outcomes.filter((added) => added)).toHaveLength(1);
    });

    test('a settled one waits until its next time, and one without a next time for ever', async () => {
      const documentId = newId();
      await reviews.open(documentId, at(0), at(1));
      await claim(1);
      await reviews.settle(documentId, { dueAt: at(20), tries: 1, announced: 1 });
      expect(await claim(19)).toEqual([]);
      expect(await claim(20)).toMatchObject([{ documentId, tries: 1, announced: 1 }]);
      await reviews.settle(documentId, { dueAt: null, tries: 2, announced: 0 });
      expect(await claim(99_999)).toEqual([]);
      expect(await reviews.get(documentId)).toMatchObject({ dueAt: null, tries: 2, announced: 1 });
    });
  });
}
