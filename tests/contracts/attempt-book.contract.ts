import { describe, expect, test } from '@jest/globals';
import { ATTEMPTS_KEPT, type AttemptBook } from '../../src/delivery/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anAttempt } from '../builders/records.ts';

/** What every book of attempts promises. `open` gives a fresh, empty one. */
export function attemptBookContract(name: string, open: () => Promise<AttemptBook>): void {
  describe(`attempt book: ${name}`, () => {
    test('attempts of a document come back whole, the latest first, and no others', async () => {
      const book = await open();
      const documentId = newId();
      const mine = [anAttempt({ documentId }), anAttempt({ documentId, answer: null, reason: 'ETIMEDOUT' })];
      for (const one of [...mine, anAttempt()]) await book.add(one);
      expect(await book.ofDocument(documentId, 10)).toEqual([...mine].reverse());
      expect(await book.ofDocument(documentId, 1)).toEqual([mine[1]]);
      expect(await book.ofDocument(newId(), 10)).toEqual([]);
    });

    test('an attempt that is told twice is there once', async () => {
      const book = await open();
      const one = anAttempt();
      await book.add(one);
      await book.add(one);
      expect(await book.ofDocument(one.documentId, 10)).toEqual([one]);
    });

    test('of one delivery only the latest are kept; another one loses none by it', async () => {
      const book = await open();
      const [documentId, deliveryId] = [newId(), newId()];
      const other = anAttempt({ documentId });
      await book.add(other);
      const all = Array.from({ length: ATTEMPTS_KEPT + 3 }, () => anAttempt({ documentId, deliveryId }));
      for (const one of all) await book.add(one);
      const kept = await book.ofDocument(documentId, 100);
      expect(kept.map((one) => one.attemptId)).toEqual(
        [other, ...all.slice(3)].map((one) => one.attemptId).reverse(),
      );
    });

    test('what is older than a time goes, a part at a time', async () => {
      const book = await open();
      const documentId = newId();
      const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
      for (const day of [1, 2, 3, 4]) await book.add(anAttempt({ documentId, at: at(day) }));
      expect(await book.forget(at(4), 2)).toBe(2);
      expect(await book.forget(at(4), 2)).toBe(1);
      expect(await book.forget(at(4), 2)).toBe(0);
      expect((await book.ofDocument(documentId, 10)).map((one) => one.at)).toEqual([at(4)]);
    });
  });
}
