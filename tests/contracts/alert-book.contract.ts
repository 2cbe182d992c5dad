import { describe, expect, test } from '@jest/globals';
import type { AlertBook } from '../../src/alerts/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anAlert } from '../builders/records.ts';

const at = (minute: number) => `2026-03-16T02:${String(minute).padStart(2, '0')}:00.000Z`;
const BY = { by: 'p', reason: 'đang xử lý', at: at(9) };

/** What every book of alerts promises. `open` gives a fresh, empty one. */
export function alertBookContract(name: string, open: () => Promise<AlertBook>): void {
  describe(`alert book: ${name}`, () => {
    test('open ones come back whole, oldest first; what was told, newest first', async () => {
      const book = await open();
      const [a, b, c] = [
        anAlert({ since: at(2), toldAt: at(3) }),
        anAlert({ since: at(1), state: 'pending' }),
        anAlert({ since: at(0), state: 'resolved', resolvedAt: at(1), toldAt: at(1) }),
      ] as const;
      await book.put([a, b, c]);
      expect(await book.open()).toEqual([b, a]);
      expect(await book.list(10)).toEqual([a, c]);
      expect(await book.list(1)).toEqual([a]);
      await book.put([{ ...a, state: 'resolved', value: 3 }]);
      await book.put([]);
      expect(await book.open()).toEqual([b]);
      expect(await book.list(10)).toEqual([{ ...a, state: 'resolved', value: 3 }, c]);
    });

    test('of ten who acknowledge at once one does; it stays when the next round writes what it had read before', async () => {
      const book = await open();
      const alert = anAlert();
      await book.put([alert]);
      const all = await Promise.all(
        Array.from({ length: 10 }, (_, i) => book.acknowledge(alert.alertId, { ...BY, by: `p${i}` })),
      );
      expect(all.filter(Boolean)).toHaveLength(1);
      await book.put([{ ...alert, value: 8 }]);
      const by = `p${all.indexOf(true)}`;
      expect(await book.open()).toEqual([{ ...alert, value: 8, acknowledged: { ...BY, by } }]);
      expect(await book.acknowledge(newId(), BY)).toBe(false);
      await book.put([{ ...alert, state: 'resolved' }]);
      expect(await book.acknowledge(alert.alertId, BY)).toBe(false);
    });

    test('samples come oldest first, one of a moment, and go with what is resolved when they are old', async () => {
      const book = await open();
      const reading = { measure: 'disk-days', label: '', value: 9 } as const;
      for (const minute of [3, 1, 2])
        await book.sample({ at: at(minute), measured: ['disk-days'], readings: [reading] });
      await book.sample({ at: at(2), measured: [], readings: [] });
      expect(await book.samples(at(2), 10)).toEqual([
        { at: at(2), measured: [], readings: [] },
        { at: at(3), measured: ['disk-days'], readings: [reading] },
      ]);
      expect(await book.samples(at(0), 1)).toEqual([
        { at: at(1), measured: ['disk-days'], readings: [reading] },
      ]);
      await book.put([anAlert({ since: at(0) }), anAlert({ since: at(0), state: 'resolved' })]);
      expect(await book.forget(at(3))).toBe(3);
      expect(await book.samples(at(0), 10)).toHaveLength(1);
      expect(await book.open()).toHaveLength(1);
    });
  });
}
