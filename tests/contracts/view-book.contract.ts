import { describe, expect, test } from '@jest/globals';
import { VIEWS_KEPT, type ViewBook } from '../../src/agency/index.ts';
import { newId } from '../../src/kernel/index.ts';

const AT = '2026-03-16T02:00:00.000Z';

/** What every book of saved views promises. `open` gives a fresh, empty one. */
export function viewBookContract(name: string, open: () => Promise<ViewBook>): void {
  describe(`view book: ${name}`, () => {
    test('views are one person’s own, in the order of their names; the same name is written over', async () => {
      const book = await open();
      const [me, other] = [newId(), newId()];
      const view = (personId: string, called: string, address = 'state=failed') => ({
        ...{ personId, name: called, address, savedAt: AT },
      });
      expect(await book.of(me)).toEqual([]);
      for (const one of [view(me, 'b'), view(me, '$a.b'), view(other, 'b')])
        expect(await book.put(one)).toBe(true);
      const again = { ...view(me, 'b', 'q=$412'), savedAt: '2026-03-17T02:00:00.000Z' };
      expect(await book.put(again)).toBe(true);
      expect(await book.of(me)).toEqual([view(me, '$a.b'), again]);
      await book.remove(me, 'b');
      await book.remove(me, 'never there');
      expect(await book.of(me)).toEqual([view(me, '$a.b')]);
      expect(await book.of(other)).toEqual([view(other, 'b')]);
    });

    test('one too many is refused, also of many at once; one that is there is written all the same', async () => {
      const book = await open();
      const personId = newId();
      const put = (called: string) => book.put({ personId, name: called, address: '', savedAt: AT });
      const all = await Promise.all(Array.from({ length: VIEWS_KEPT + 3 }, (_, i) => put(`v${i}`)));
      expect(all.filter(Boolean)).toHaveLength(VIEWS_KEPT);
      expect(await book.of(personId)).toHaveLength(VIEWS_KEPT);
      expect(await put('one more')).toBe(false);
      expect(await put(`v${all.indexOf(true)}`)).toBe(true);
    });
  });
}
