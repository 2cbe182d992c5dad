import { beforeEach, describe, expect, test } from '@jest/globals';
import { planBatch } from '../../src/ledger/batch.ts';
import {
  type Edge,
  EMPTY_EDGE,
  EMPTY_ROOT,
  type JournalBatch,
  type LedgerJournal,
  leafHash,
  nodeHash,
} from '../../src/ledger/index.ts';
import { readEdge } from '../../src/ledger/proofs.ts';
import { aRequest, START } from '../builders/ledger.ts';

/** What every journal promises. `open` gives a fresh, empty one. */
export function ledgerJournalContract(name: string, open: () => Promise<LedgerJournal>): void {
  describe(`ledger journal: ${name}`, () => {
    let journal: LedgerJournal;
    beforeEach(async () => {
      journal = await open();
    });

    const batchOf = async (...labels: string[]): Promise<JournalBatch> => {
      const head = await journal.head();
      const edge: Edge = head.size === 0 ? EMPTY_EDGE : await readEdge(head.size, journal.hashes);
      const requests = labels.map((label) => aRequest(label, { doc: `doc-${label[0]}` }));
      const { batch } = await planBatch(requests, head, edge, START + head.size, journal);
      return batch as JournalBatch;
    };
    const append = async (...labels: string[]) => {
      const batch = await batchOf(...labels);
      await journal.commit(batch);
      return batch;
    };

    test('begins empty: no entries, no hashes, the empty root, nothing known', async () => {
      expect(await journal.head()).toEqual({ size: 0, root: EMPTY_ROOT, epoch: 0, at: 0 });
      expect(await journal.entries(0, 0)).toEqual([]);
      expect(await journal.findIdem([aRequest('a').idem])).toEqual([null]);
      expect(await journal.docTails(['doc-a'])).toEqual([null]);
      expect(await journal.docEntries('doc-a')).toEqual([]);
      await expect(journal.entries(0, 1)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
      await expect(journal.hashes(0, 0, 1)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
    });

    test('after a commit every read shows the batch', async () => {
      const first = await append('a1', 'b1', 'a2');
      const second = await append('a3', 'c1');
      const entries = [...first.entries, ...second.entries];
      expect(await journal.head()).toEqual(second.head);
      expect(await journal.entries(0, 5)).toEqual(entries.map((entry) => entry.bytes));
      expect(await journal.entries(3, 1)).toEqual([second.entries[0]?.bytes]);
      expect(await journal.findIdem([aRequest('c1').idem, aRequest('x').idem, aRequest('a1').idem])).toEqual([
        4,
        null,
        0,
      ]);
      expect(await journal.docEntries('doc-a')).toEqual([0, 2, 3]);
      expect(await journal.docTails(['doc-a', 'doc-x', 'doc-b'])).toEqual([
        { seq: 3, leaf: entries[3]?.leaf },
        null,
        { seq: 1, leaf: entries[1]?.leaf },
      ]);
    });

    test('gives the hashes of all complete subtrees, over batches of any size', async () => {
      const leaves: Buffer[] = [];
      for (const count of [1, 2, 5, 1, 8, 3]) {
        const batch = await append(...Array.from({ length: count }, (_, i) => `d${leaves.length + i}`));
        leaves.push(...batch.entries.map((entry) => leafHash(entry.bytes)));
      }
      let level = 0;
      for (let nodes = leaves; nodes.length > 0; level++) {
        expect(await journal.hashes(level, 0, nodes.length)).toEqual(Buffer.concat(nodes));
        await expect(journal.hashes(level, nodes.length, 1)).rejects.toMatchObject({
          code: 'ledger.out-of-range',
        });
        const above: Buffer[] = [];
        for (let i = 0; i + 1 < nodes.length; i += 2)
          above.push(nodeHash(nodes[i] as Buffer, nodes[i + 1] as Buffer));
        nodes = above;
      }
      expect(level).toBe(5);
      expect(await journal.hashes(2, 1, 3)).toHaveLength(96);
    });

    test.each([
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, 3],
      [2, 1],
      [Number.MAX_SAFE_INTEGER, 1],
      [Number.NaN, 1],
    ])('refuses entries from %p, count %p, of two', async (from, count) => {
      await append('a1', 'a2');
      await expect(journal.entries(from, count)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
      await expect(journal.hashes(0, from, count)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
    });

    test('a batch on another head is refused and leaves nothing', async () => {
      const stale = await batchOf('a1');
      const won = await append('b1', 'b2');
      const { head } = won;
      await expect(journal.commit(stale)).rejects.toMatchObject({ code: 'ledger.head-moved' });
      const otherRoot = { ...stale, expected: { ...head, root: Buffer.alloc(32, 7) } };
      await expect(journal.commit(otherRoot)).rejects.toMatchObject({ code: 'ledger.head-moved' });
      const otherEpoch = { ...stale, expected: { ...head, epoch: head.epoch + 1 } };
      await expect(journal.commit(otherEpoch)).rejects.toMatchObject({ code: 'ledger.head-moved' });
      expect(await journal.head()).toEqual(head);
      expect(await journal.findIdem([aRequest('a1').idem])).toEqual([null]);
      expect(await journal.docEntries('doc-a')).toEqual([]);
    });

    test('of two commits on one head at once exactly one wins', async () => {
      const rivals = [await batchOf('a1', 'a2'), await batchOf('b1')];
      const results = await Promise.allSettled(rivals.map((batch) => journal.commit(batch)));
      const won = results.findIndex((result) => result.status === 'fulfilled');
      expect(results.filter((result) => result.status === 'rejected')).toMatchObject([
        { reason: { code: 'ledger.head-moved' } },
      ]);
      expect(await journal.head()).toEqual(rivals[won]?.head);
    });

    test('taking over with a higher epoch adds no entry and shuts the former writer out', async () => {
      const former = await append('a1');
      const pending = await batchOf('a2');
      const head = { ...former.head, epoch: former.head.epoch + 1 };
      await journal.commit({ expected: former.head, entries: [], levels: [], head });
      await expect(journal.commit(pending)).rejects.toMatchObject({ code: 'ledger.head-moved' });
      expect(await journal.head()).toEqual(head);
      expect((await append('a3')).head.size).toBe(2);
    });

    test('reads beside a commit see the batch wholly or not at all', async () => {
      await append('a1');
      const batch = await batchOf('a2', 'a3');
      const commit = journal.commit(batch);
      const [head, docs, found, tails] = await Promise.all([
        journal.head(),
        journal.docEntries('doc-a'),
        journal.findIdem([aRequest('a2').idem, aRequest('a3').idem]),
        journal.docTails(['doc-a']),
      ]);
      await commit;
      expect([1, 3]).toContain(head.size);
      expect([1, 3]).toContain(docs.length);
      expect(found.filter((index) => index === null).length % 2).toBe(0);
      expect([1, 3]).toContain(tails[0]?.seq);
      expect(await journal.docEntries('doc-a')).toEqual([0, 1, 2]);
    });
  });
}
