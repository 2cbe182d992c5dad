import { describe, expect, test } from '@jest/globals';
import { isoTime, manualClock, TrucError } from '../../src/kernel/index.ts';
import {
  type Appended,
  type LedgerJournal,
  leafHash,
  openCheckpoint,
  openReader,
  parseEntry,
  parseVkey,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/index.ts';
import { aRequest, type OpenLog, openLog, START, signerMemoryFake, weakJournal } from '../builders/ledger.ts';

const requests = (...labels: string[]) => labels.map((label) => aRequest(label));

async function expectProven(appended: Appended, journal: LedgerJournal, { signer }: OpenLog): Promise<void> {
  const reader = openReader({ journal, signer });
  const checkpoint = openCheckpoint(await reader.checkpoint(appended.size), parseVkey(signer.vkey));
  const path = await reader.inclusionProof(appended.index, appended.size);
  expect(checkpoint.size).toBe(appended.size);
  expect(
    verifyInclusion(leafHash(appended.entry), appended.index, appended.size, path, checkpoint.root),
  ).toBe(true);
}

describe('append', () => {
  test('answers with entries that a signed checkpoint covers, in the order asked', async () => {
    const journal = weakJournal();
    const log = await openLog(journal);
    const appended = await log.sequencer.append(requests('a', 'b', 'c'));
    expect(appended.map((one) => one.index)).toEqual([0, 1, 2]);
    for (const one of appended) {
      expect(one.leafHash).toEqual(leafHash(one.entry));
      expect(one).toMatchObject({ seq: 1, prev: null, replayed: false, at: isoTime(START) });
      await expectProven(one, journal, log);
    }
  });

  test("chains a document's entries, inside one batch and over batches", async () => {
    const journal = weakJournal();
    const { sequencer, signer } = await openLog(journal);
    const doc = 'one';
    const first = await sequencer.append(['a', 'b'].map((label) => aRequest(label, { doc })));
    await sequencer.append(requests('other'));
    const [last] = await sequencer.append([aRequest('c', { doc })]);
    const chain = [...first, last as Appended];
    expect(chain.map((one) => one.seq)).toEqual([1, 2, 3]);
    expect(chain.map((one) => one.prev)).toEqual([
      null,
      chain[0]?.leafHash.toString('hex'),
      chain[1]?.leafHash.toString('hex'),
    ]);
    for (const one of chain)
      expect(parseEntry(one.entry)).toMatchObject({ doc, seq: one.seq, prev: one.prev });
    expect(await openReader({ journal, signer }).entriesOf(doc)).toEqual([0, 1, 3]);
  });

  test('concurrent calls share a batch', async () => {
    const journal = weakJournal();
    let commits = 0;
    const counting = {
      ...journal,
      commit: (batch: Parameters<typeof journal.commit>[0]) => {
        commits++;
        return journal.commit(batch);
      },
    };
    const { sequencer } = await openLog(counting);
    const before = commits;
    const labels = Array.from({ length: 50 }, (_, i) => `s${i}`);
    const appended = await Promise.all(labels.map((label) => sequencer.append(requests(label))));
    expect(commits - before).toBe(1);
    expect(appended.map(([one]) => one?.index)).toEqual(labels.map((_, i) => i));
  });

  test('takes a batch apart at its limit', async () => {
    const { sequencer } = await openLog(weakJournal(), { maxBatch: 3 });
    const appended = await sequencer.append(requests('a', 'b', 'c', 'd', 'e'));
    expect(appended.map((one) => one.index)).toEqual([0, 1, 2, 3, 4]);
    expect(appended.map((one) => one.size)).toEqual([3, 3, 3, 5, 5]);
  });

  test('an empty list is answered at once', async () => {
    const { sequencer } = await openLog(weakJournal());
    expect(await sequencer.append([])).toEqual([]);
  });
});

describe('one idem, one entry', () => {
  test('in one batch, in a later one and after a restart: the same bytes', async () => {
    const journal = weakJournal();
    const memory = signerMemoryFake();
    const { sequencer } = await openLog(journal, { memory });
    const [first, twin] = await sequencer.append(requests('a', 'a'));
    const [again] = await sequencer.append(requests('a'));
    await sequencer.close();
    const restarted = await openLog(journal, { memory });
    const [later] = await restarted.sequencer.append(requests('a'));
    expect([first, twin, again, later].map((one) => one?.replayed)).toEqual([false, true, true, true]);
    for (const one of [twin, again, later]) {
      expect(one?.index).toBe(0);
      expect(one?.entry).toEqual(first?.entry);
      expect(one).toMatchObject({ seq: 1, prev: null, at: first?.at });
    }
    expect((await journal.head()).size).toBe(1);
    await expectProven(later as Appended, journal, restarted);
  });

  test.each([
    ['type', { type: 'document.refused' }],
    ['erds', { erds: null }],
    ['doc', { doc: 'another' }],
    ['commit', { commit: null }],
  ])('the same idem with another %s is refused, its neighbours are not', async (_, change) => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal);
    await sequencer.append(requests('a'));
    const [refused, neighbour] = await Promise.allSettled([
      sequencer.append([aRequest('a', change)]),
      sequencer.append(requests('b')),
    ]);
    expect(refused).toMatchObject({ reason: { code: 'ledger.idem-conflict' } });
    expect(neighbour).toMatchObject({ value: [{ index: 1 }] });
    const inOneBatch = sequencer.append([
      aRequest('c', { doc: 'c' }),
      aRequest('c', { ...change, doc: 'd' }),
    ]);
    await expect(inOneBatch).rejects.toMatchObject({ code: 'ledger.idem-conflict' });
  });
});

test.each([
  ['idem', { idem: Buffer.alloc(31) }],
  ['type', { type: 'Document Submitted' }],
  ['type', { type: '' }],
  ['erds', { erds: 'two words' }],
  ['doc', { doc: 'công-văn' }],
  ['doc', { doc: '"' }],
  ['doc', { doc: 'x'.repeat(1025) }],
  ['commit', { commit: 'AB'.repeat(32) }],
  ['commit', { commit: '' }],
])('a request with a bad %s is refused, its neighbours are not', async (field, change) => {
  const { sequencer } = await openLog(weakJournal());
  const [refused, neighbour] = await Promise.allSettled([
    sequencer.append([aRequest('bad', change)]),
    sequencer.append(requests('good')),
  ]);
  expect(refused).toMatchObject({ reason: { code: 'ledger.request-invalid', facts: { field } } });
  expect(neighbour).toMatchObject({ value: [{ index: 0 }] });
});

describe('time', () => {
  test('never decreases: a clock that steps back a little waits at the last time', async () => {
    const clock = manualClock(START);
    const { sequencer } = await openLog(weakJournal(), { clock });
    const [a] = await sequencer.append(requests('a'));
    clock.advance(-1_999);
    const [b] = await sequencer.append(requests('b'));
    clock.advance(2_500);
    const [c] = await sequencer.append(requests('c'));
    expect([a?.at, b?.at, c?.at]).toEqual([isoTime(START), isoTime(START), isoTime(START + 501)]);
  });

  test('a clock more than 2 s behind stops appends until it is right again, over a restart too', async () => {
    const clock = manualClock(START);
    const journal = weakJournal();
    const memory = signerMemoryFake();
    const { sequencer } = await openLog(journal, { clock, memory });
    await sequencer.append(requests('a'));
    clock.advance(-2_001);
    await expect(sequencer.append(requests('b'))).rejects.toMatchObject({ code: 'ledger.clock-moved-back' });
    const restarted = await openLog(journal, { clock, memory });
    await expect(restarted.sequencer.append(requests('b'))).rejects.toMatchObject({
      code: 'ledger.clock-moved-back',
    });
    clock.advance(2_001);
    expect(await restarted.sequencer.append(requests('b'))).toMatchObject([{ index: 1 }]);
  });
});

describe('stops rather than guess', () => {
  test('more waiting than the backlog allows is refused at once and keeps nothing', async () => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal, { maxBacklog: 4, maxBatch: 2 });
    const accepted = sequencer.append(requests('a', 'b', 'c', 'd'));
    await expect(sequencer.append(requests('e'))).rejects.toMatchObject({ code: 'ledger.backlog-full' });
    expect(await accepted).toHaveLength(4);
    expect(await sequencer.append(requests('f'))).toMatchObject([{ index: 4 }]);
    expect(await journal.findIdem([aRequest('e').idem])).toEqual([null]);
  });

  test('two sequencers on one journal: the older one stops, no entry is lost or doubled', async () => {
    const journal = weakJournal();
    const memory = signerMemoryFake();
    const older = await openLog(journal, { memory });
    await older.sequencer.append(requests('a'));
    const newer = await openLog(journal, { memory });
    const [lost, won] = await Promise.allSettled([
      older.sequencer.append(requests('b')),
      newer.sequencer.append(requests('c')),
    ]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'ledger.stopped' } });
    expect(won).toMatchObject({ status: 'fulfilled', value: [{ index: 1 }] });
    await expect(older.sequencer.append(requests('b'))).rejects.toMatchObject({ code: 'ledger.stopped' });
    expect(await newer.sequencer.append(requests('a', 'b'))).toMatchObject([
      { index: 0, replayed: true },
      { index: 2, replayed: false },
    ]);
  });

  test('a journal that fails in an unknown way stops it; one that kept nothing does not', async () => {
    const journal = weakJournal();
    let failure: string | null = null;
    const failing: LedgerJournal = {
      ...journal,
      commit: async (batch) => {
        if (failure) throw new TrucError(failure);
        await journal.commit(batch);
      },
    };
    const { sequencer } = await openLog(failing);
    failure = 'ledger.write-failed';
    await expect(sequencer.append(requests('a'))).rejects.toMatchObject({ code: 'ledger.write-failed' });
    failure = null;
    expect(await sequencer.append(requests('a'))).toMatchObject([{ index: 0, replayed: false }]);
    failure = 'ledger.sync-failed';
    await expect(sequencer.append(requests('b'))).rejects.toMatchObject({
      code: 'ledger.stopped',
      cause: { code: 'ledger.sync-failed' },
    });
    failure = null;
    await expect(sequencer.append(requests('b'))).rejects.toMatchObject({ code: 'ledger.stopped' });
  });

  test('a closed one ends what was asked for and takes no more', async () => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal);
    const asked = sequencer.append(requests('a'));
    await sequencer.close();
    expect(await asked).toMatchObject([{ index: 0 }]);
    await expect(sequencer.append(requests('b'))).rejects.toMatchObject({ code: 'ledger.stopped' });
  });
});

describe('the signer as second guard', () => {
  test('a log restored from an older copy is refused at start', async () => {
    const memory = signerMemoryFake();
    const { sequencer } = await openLog(weakJournal(), { memory });
    await sequencer.append(requests('a', 'b'));
    const olderCopy = weakJournal();
    const copy = await openLog(olderCopy);
    await copy.sequencer.append(requests('a'));
    await expect(openLog(olderCopy, { memory })).rejects.toMatchObject({
      code: 'ledger.behind-signer',
      facts: { size: 1, signed: 2 },
    });
  });

  test('another history of the same or greater length is refused', async () => {
    for (const other of [requests('a', 'x'), requests('a', 'x', 'y')]) {
      const memory = signerMemoryFake();
      const { sequencer } = await openLog(weakJournal(), { memory });
      await sequencer.append(requests('a', 'b'));
      const forked = weakJournal();
      const fork = await openLog(forked);
      await fork.sequencer.append(other);
      await expect(openLog(forked, { memory })).rejects.toMatchObject({ code: 'ledger.forked' });
    }
  });

  test('the memory of another log is refused', async () => {
    const memory = signerMemoryFake();
    memory.saved = { origin: 'other.example', size: 0, root: Buffer.alloc(32) };
    await expect(openLog(weakJournal(), { memory })).rejects.toMatchObject({
      code: 'ledger.signer-mismatch',
    });
  });

  test('a head is remembered before it is signed', async () => {
    const memory = signerMemoryFake();
    const log = await openLog(weakJournal(), { memory });
    memory.save = async () => {
      throw new TrucError('test.memory-full');
    };
    await expect(log.sequencer.append(requests('a'))).rejects.toMatchObject({ code: 'ledger.stopped' });
    expect(log.signer.size).toBe(0);
  });
});

describe('a damaged journal is refused at start', () => {
  const damaged = async (change: (journal: LedgerJournal) => Partial<LedgerJournal>) => {
    const journal = weakJournal();
    const { sequencer } = await openLog(journal);
    await sequencer.append(requests('a', 'b', 'c'));
    return openLog({ ...journal, ...change(journal) });
  };

  test('an entry that was edited', async () => {
    const opened = damaged((journal) => ({
      entries: async (from, count) => {
        const entries = await journal.entries(from, count);
        entries[1]?.write('x', 20);
        return entries;
      },
    }));
    await expect(opened).rejects.toMatchObject({ code: 'ledger.journal-corrupt', facts: { index: 1 } });
  });

  test('a hash that was edited', async () => {
    const opened = damaged((journal) => ({
      hashes: async (level, from, count) => {
        const hashes = await journal.hashes(level, from, count);
        if (level === 1 && hashes.length > 0) hashes.writeUInt8(hashes.readUInt8(0) ^ 1, 0);
        return hashes;
      },
    }));
    await expect(opened).rejects.toMatchObject({ code: 'ledger.root-mismatch' });
  });
});

test('the reader gives checkpoints and proofs of every size up to the signed one, and nothing beyond', async () => {
  const journal = weakJournal();
  const log = await openLog(journal);
  for (const label of ['a', 'b', 'c', 'd', 'e'])
    await log.sequencer.append(requests(label, `${label}2`, `${label}3`));
  const reader = openReader({ journal, signer: log.signer });
  const key = parseVkey(log.signer.vkey);
  const size = await reader.size();
  expect(size).toBe(15);
  const roots = await Promise.all(
    Array.from({ length: size + 1 }, async (_, n) => openCheckpoint(await reader.checkpoint(n), key).root),
  );
  for (let older = 0; older <= size; older++) {
    const path = await reader.consistencyProof(older, size);
    expect(verifyConsistency(older, roots[older] as Buffer, size, roots[size] as Buffer, path)).toBe(true);
    expect(await reader.checkpoint(older)).toBe(await reader.checkpoint(older));
  }
  const beyond = [
    reader.checkpoint(16),
    reader.checkpoint(-1),
    reader.entry(15),
    reader.inclusionProof(15, 15),
    reader.inclusionProof(0, 16),
    reader.consistencyProof(0, 16),
    reader.consistencyProof(9, 8),
    reader.hashes(1, 7, 1),
    reader.hashes(60, 0, 1),
  ];
  for (const result of await Promise.allSettled(beyond))
    expect(result).toMatchObject({ reason: { code: 'ledger.out-of-range' } });
});
