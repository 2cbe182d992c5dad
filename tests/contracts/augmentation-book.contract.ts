import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Augmentation, AugmentationBook, EventBook } from '../../src/document/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { anEvent } from '../builders/records.ts';

const augmentation = (over: Partial<Augmentation> = {}): Augmentation => ({
  ...{ documentId: newId(), attachment: 0, number: 1, level: 'B-LTA', at: '2026-03-16T02:00:00.000Z' },
  ...{ sha256: sha256Hex('tệp'), size: 3, content: 'b:1' },
  ...over,
});

interface Opened {
  augmentations: AugmentationBook;
  events: EventBook;
}

/** What every book of augmented files promises. `open` gives a fresh, empty one. */
export function augmentationBookContract(name: string, open: () => Promise<Opened>): void {
  describe(`augmentation book: ${name}`, () => {
    let book: AugmentationBook;
    let events: EventBook;
    beforeEach(async () => {
      ({ augmentations: book, events } = await open());
    });

    test('what was added comes back, in the order of attachments and numbers, each with its event', async () => {
      const first = augmentation();
      const { documentId } = first;
      const rows = [
        augmentation({ documentId, attachment: 1 }),
        augmentation({ documentId, number: 2 }),
        augmentation(),
        first,
      ];
      for (const row of rows) expect(await book.add(row, anEvent(row.documentId))).toBe(true);
      expect(await book.of(documentId)).toEqual([first, rows[1], rows[0]]);
      expect(await book.of(newId())).toEqual([]);
      expect(await events.of(documentId)).toHaveLength(3);
      expect(await events.pending(10)).toHaveLength(4);
    });

    test('of ten with one number at once one is kept, and one event', async () => {
      const first = augmentation();
      const rivals = Array.from({ length: 10 }, (_, i) => ({ ...first, content: `b:${i}` }));
      const told = rivals.map(() => anEvent(first.documentId));
      const outcomes = await Promise.all(rivals.map((one, i) => book.add(one, told[i]!)));
      expect(outcomes.filter((added) => added)).toHaveLength(1);
      const kept = outcomes.indexOf(true);
      expect(await book.of(first.documentId)).toEqual([rivals[kept]]);
      expect(await events.of(first.documentId)).toMatchObject([{ eventId: told[kept]?.eventId }]);
    });
  });
}
