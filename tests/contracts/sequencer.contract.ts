import { describe, expect, test } from '@jest/globals';
import type { Sequencer } from '../../src/ledger/index.ts';
import { aRequest } from '../builders/ledger.ts';

/** What every way to write the ledger promises, whichever node it is opened on. */
export function sequencerContract(name: string, open: () => Promise<Sequencer>): void {
  describe(`sequencer (${name})`, () => {
    test('answers in the order asked, with entries that a signed checkpoint covers', async () => {
      const sequencer = await open();
      const answers = await sequencer.append([aRequest('a'), aRequest('b'), aRequest('c')]);
      expect(answers.map(({ index }) => index)).toEqual([0, 1, 2]);
      for (const { index, size } of answers) expect(size).toBeGreaterThan(index);
    });

    test("chains a document's entries over calls", async () => {
      const sequencer = await open();
      const [first] = await sequencer.append([aRequest('1', { doc: 'one' })]);
      const [second] = await sequencer.append([aRequest('2', { doc: 'one' })]);
      expect(first).toMatchObject({ seq: 1, prev: null });
      expect(second).toMatchObject({ seq: 2, prev: first?.leafHash.toString('hex') });
    });

    test('a step that is asked for again, also at the same time, is one entry', async () => {
      const sequencer = await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => sequencer.append([aRequest('same')])),
      );
      expect(new Set(answers.map(([one]) => one?.index))).toEqual(new Set([0]));
      expect((await sequencer.append([aRequest('next')]))[0]?.index).toBe(1);
    });

    test('the same step with other content is refused, and its neighbours are not', async () => {
      const sequencer = await open();
      await sequencer.append([aRequest('a')]);
      const [conflict, other] = await Promise.allSettled([
        sequencer.append([aRequest('a', { type: 'document.refused' })]),
        sequencer.append([aRequest('b')]),
      ]);
      expect(conflict).toMatchObject({ status: 'rejected', reason: { code: 'ledger.idem-conflict' } });
      expect(other.status).toBe('fulfilled');
    });

    test('a request that has no place in an entry is refused', async () => {
      const sequencer = await open();
      await expect(sequencer.append([aRequest('a', { type: 'NO TYPE' })])).rejects.toMatchObject({
        code: 'ledger.request-invalid',
      });
    });

    test('an empty list is answered, and a closed one takes nothing more', async () => {
      const sequencer = await open();
      expect(await sequencer.append([])).toEqual([]);
      await sequencer.close();
      await expect(sequencer.append([aRequest('late')])).rejects.toMatchObject({ code: 'ledger.stopped' });
    });
  });
}
