import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Augmentation, AugmentationBook } from '../../src/document/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';

const augmentation = (over: Partial<Augmentation> = {}): Augmentation => ({
  ...{ documentId: newId(), attachment: 0, number: 1, level: 'B-LTA', at: '2026-03-16T02:00:00.000Z' },
  ...{ sha256: sha256Hex('tệp'), size: 3, content: 'b:1' },
  ...over,
});

/** What every book of augmented attachments promises. `open` gives a fresh, empty one. */
export function augmentationBookContract(name: string, open: () => Promise<AugmentationBook>): void {
  describe(`augmentation book: ${name}`, () => {
    let book: AugmentationBook;
    beforeEach(async () => {
      book = await open();
    });

    test('what was added comes back, in the order of attachments and numbers', async () => {
      const first = augmentation();
      const { documentId } = first;
      const rows = [
        augmentation({ documentId, attachment: 1 }),
        augmentation({ documentId, number: 2 }),
        augmentation(),
        first,
      ];
      for (const row of rows) expect(await book.add(row)).toBe(true);
      expect(await book.of(documentId)).toEqual([first, rows[1], rows[0]]);
      expect(await book.of(newId())).toEqual([]);
    });

    test('of ten with one number at once one is kept', async () => {
      const first = augmentation();
      const rivals = Array.from({ length: 10 }, (_, i) => ({ ...first, content: `b:${i}` }));
      const outcomes = await Promise.all(rivals.map((one) => book.add(one)));
      expect(outcomes.filter((added) => added)).toHaveLength(1);
      expect(await book.of(first.documentId)).toEqual([rivals[outcomes.indexOf(true)]]);
    });
  });
}
