import { beforeEach, describe, expect, test } from '@jest/globals';
import type { BindingBook } from '../../src/agency/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { aBinding } from '../builders/records.ts';

/** What every book of certificate bindings promises. `open` gives a fresh, empty one. */
export function bindingBookContract(name: string, open: () => Promise<BindingBook>): void {
  describe(`binding book: ${name}`, () => {
    let book: BindingBook;
    beforeEach(async () => {
      book = await open();
    });

    test('a certificate that nobody bound has no bindings', async () => {
      await book.put([]);
      await book.put([aBinding()]);
      expect(await book.of(sha256Hex('another certificate'))).toEqual([]);
    });

    test('an official who changed posts has all of them, oldest first, whatever the order of writing', async () => {
      const first = aBinding({ validTo: '2026-06-01T00:00:00.000Z' });
      const { certificateSha256 } = first;
      const second = aBinding({ certificateSha256, validFrom: '2026-06-01T00:00:00.000Z', title: 'Bí thư' });
      const third = aBinding({ certificateSha256, validFrom: '2026-09-01T00:00:00.000Z', kind: 'agency' });
      await book.put([third, aBinding()]);
      await book.put([second, first]);
      expect(await book.of(certificateSha256)).toEqual([first, second, third]);
    });

    test('writing the same binding again replaces it: its end becomes known', async () => {
      const binding = aBinding();
      const ended = { ...binding, validTo: '2026-07-01T00:00:00.000Z' };
      await book.put([binding]);
      await book.put([binding]);
      await book.put([ended]);
      expect(await book.of(binding.certificateSha256)).toEqual([ended]);
    });

    test('those of an agency come newest first, bounded, and no others', async () => {
      const { agencyId } = aBinding();
      const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
      const all = [1, 2, 3].map((day) => aBinding({ agencyId, validFrom: at(day) }));
      const other = newId();
      await book.put([...all, aBinding({ agencyId: other })]);
      expect(await book.ofAgency(agencyId, 10)).toEqual([...all].reverse());
      expect(await book.ofAgency(agencyId, 1)).toEqual([all[2]]);
      expect(await book.ofAgency(newId(), 10)).toEqual([]);
    });

    test('fifty writes of one binding at once leave one', async () => {
      const binding = aBinding();
      await Promise.all(Array.from({ length: 50 }, () => book.put([binding])));
      expect(await book.of(binding.certificateSha256)).toEqual([binding]);
    });
  });
}
