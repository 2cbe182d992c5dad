import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AugmentationSchedule } from '../../src/document/index.ts';
import { isoTime, newId } from '../../src/kernel/index.ts';

const NOW = Date.parse('2026-03-16T02:00:00Z');
const at = (minutes: number) => isoTime(NOW + minutes * 60_000);
const documents = (...ids: string[]) => ids.map((subjectId) => ({ subjectId, kind: 'document' as const }));

/** What every schedule of augmentations promises. `open` gives a fresh, empty one. */
export function augmentationScheduleContract(name: string, open: () => Promise<AugmentationSchedule>): void {
  describe(`augmentation schedule: ${name}`, () => {
    let schedule: AugmentationSchedule;
    beforeEach(async () => {
      schedule = await open();
    });
    const claim = (minute: number, limit = 100) =>
      schedule.claim({ now: at(minute), until: at(minute + 5), limit });

    test('what is put in twice stays as it was the first time', async () => {
      const [a, b] = [newId(), newId()];
      await schedule.open([...documents(a), { subjectId: b, kind: 'draft' }], at(5));
      await schedule.open(documents(a, b), at(2));
      await schedule.open([], at(0));
      const fresh = { dueAt: at(5), tries: 0, failure: null };
      expect(await schedule.get(a)).toEqual({ subjectId: a, kind: 'document', ...fresh });
      expect(await schedule.get(b)).toEqual({ subjectId: b, kind: 'draft', ...fresh });
      expect(await schedule.get(newId())).toBeNull();
      await schedule.settle({ subjectId: a, dueAt: null, tries: 3, failure: 'x' });
      await schedule.open(documents(a), at(9));
      expect(await schedule.get(a)).toMatchObject({ dueAt: null, tries: 3, failure: 'x' });
    });

    test('what is due is handed to one caller, and again when that does not settle it in time', async () => {
      const ids = Array.from({ length: 30 }, () => newId());
      await schedule.open(documents(...ids), at(1));
      expect(await claim(0)).toEqual([]);
      const hands = await Promise.all(Array.from({ length: 6 }, () => claim(1)));
      expect(
        hands
          .flat()
          .map((one) => one.subjectId)
          .sort(),
      ).toEqual([...ids].sort());
      expect(await claim(5)).toEqual([]);
      expect(await claim(6)).toHaveLength(30);
    });

    test('the longest due come first, no more than asked for', async () => {
      const [a, b, c] = [newId(), newId(), newId()];
      await schedule.open(documents(a), at(3));
      await schedule.open(documents(b), at(1));
      await schedule.open(documents(c), at(2));
      expect((await claim(9, 2)).map((one) => one.subjectId)).toEqual([b, c]);
    });

    test('settled, it waits until its next time; what is due and what failed is counted', async () => {
      const [a, b] = [newId(), newId()];
      await schedule.open(documents(a, b), at(1));
      expect(await schedule.count(at(1))).toEqual({ due: 2, failing: 0 });
      await claim(1);
      await schedule.settle({
        subjectId: a,
        dueAt: at(20),
        tries: 1,
        failure: 'signing.timestamp-unavailable',
      });
      await schedule.settle({ subjectId: b, dueAt: null, tries: 0, failure: null });
      expect(await schedule.count(at(19))).toEqual({ due: 0, failing: 1 });
      expect(await claim(19)).toEqual([]);
      expect(await claim(20)).toMatchObject([{ subjectId: a, tries: 1 }]);
      expect(await claim(99_999)).toMatchObject([{ subjectId: a }]);
    });

    test('a mark only goes on, each walk has its own', async () => {
      expect(await schedule.mark('documents')).toBe('');
      await schedule.moveMark('documents', 'b');
      await schedule.moveMark('documents', 'a');
      expect(await schedule.mark('documents')).toBe('b');
      expect(await schedule.mark('drafts')).toBe('');
    });
  });
}
