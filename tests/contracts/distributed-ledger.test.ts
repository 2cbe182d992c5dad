import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { type MongoDatabase, openMongo } from '../../src/adapters/distributed/database.ts';
import { LEDGER_JOURNAL_PLANS, openLedgerJournal } from '../../src/adapters/distributed/ledger-journal.ts';
import { SIGNER_MEMORY_PLANS, signerMemory } from '../../src/adapters/distributed/signer-memory.ts';
import { newId, sha256 } from '../../src/kernel/index.ts';
import { planBatch } from '../../src/ledger/batch.ts';
import {
  auditLog,
  type JournalBatch,
  type LedgerJournal,
  openReader,
  readEdge,
  sourceOf,
} from '../../src/ledger/index.ts';
import { aRequest, ORIGIN, openLog, START } from '../builders/ledger.ts';
import { describeWithServices, services } from '../services.ts';
import { ledgerJournalContract } from './ledger-journal.contract.ts';
import { signerMemoryContract } from './signer-memory.contract.ts';

const PLANS = [...LEDGER_JOURNAL_PLANS, ...SIGNER_MEMORY_PLANS];
const open: MongoDatabase[] = [];
const names = new Set<string>();

const freshName = () => `truc-test-${newId()}`;

/** A node of its own: its own connections, and an own memory of what it has seen. */
async function node(name: string): Promise<MongoDatabase> {
  const mongo = await openMongo(services().mongoUrl, name, PLANS);
  open.push(mongo);
  names.add(name);
  return mongo;
}

const journalOn = async (name: string) => openLedgerJournal(await node(name));

async function withServer<T>(name: string, work: (db: mongoose.mongo.Db) => Promise<T>): Promise<T> {
  const connection = await mongoose.createConnection(services().mongoUrl, { dbName: name }).asPromise();
  try {
    return await work(connection.db as mongoose.mongo.Db);
  } finally {
    await connection.close();
  }
}

afterEach(async () => {
  for (const mongo of open.splice(0)) await mongo.close();
  for (const name of names) await withServer(name, (db) => db.dropDatabase());
  names.clear();
});

async function batchOf(journal: LedgerJournal, labels: readonly string[]): Promise<JournalBatch> {
  const head = await journal.head();
  const edge = await readEdge(head.size, journal.hashes);
  const requests = labels.map((label) => aRequest(label, { doc: `doc-${label[0]}` }));
  const { batch } = await planBatch(requests, head, edge, START + head.size, journal);
  return batch as JournalBatch;
}

const rowsOf = (name: string, collection: string) =>
  withServer(name, (db) => db.collection(collection).countDocuments());

describeWithServices('the ledger in MongoDB', () => {
  ledgerJournalContract('distributed', () => journalOn(freshName()));
  signerMemoryContract('distributed', async () => signerMemory(await node(freshName())));

  test('two nodes that race for every batch make one log, and of each race at most one wins', async () => {
    const name = freshName();
    const nodes = await Promise.all([journalOn(name), journalOn(name)]);
    const won: JournalBatch[] = [];
    for (let round = 0; round < 25; round++) {
      // Sizes differ, so that a loser's entries would lie beyond the winner's head.
      const rivals = await Promise.all(
        nodes.map((journal, i) =>
          batchOf(
            journal,
            Array.from({ length: 1 + ((round + i * 7) % 9) }, (_, k) => `${'ab'[i]}-${round}-${k}`),
          ),
        ),
      );
      const results = await Promise.allSettled(
        rivals.map((batch, i) => (nodes[i] as LedgerJournal).commit(batch)),
      );
      const lost = results.filter((result) => result.status === 'rejected');
      expect(lost).toMatchObject([{ reason: { code: 'ledger.head-moved' } }]);
      won.push(rivals[results.findIndex((result) => result.status === 'fulfilled')] as JournalBatch);
    }
    const entries = won.flatMap((batch) => batch.entries);
    for (const journal of nodes) {
      expect(await journal.head()).toEqual(won.at(-1)?.head);
      expect(await journal.entries(0, entries.length)).toEqual(entries.map((entry) => entry.bytes));
      expect(await journal.hashes(0, 0, entries.length)).toEqual(
        Buffer.concat(entries.map((entry) => entry.leaf)),
      );
    }
    expect(await rowsOf(name, 'ledger-entries')).toBe(entries.length);
  });

  test('a sequencer that another node has taken over from commits nothing more, whenever it tries', async () => {
    const name = freshName();
    const [first, second] = await Promise.all([node(name), node(name)]);
    const former = await openLog(await openLedgerJournal(first), { memory: signerMemory(first) });
    await former.sequencer.append([aRequest('a1'), aRequest('a2')]);
    const [takeover, ...late] = await Promise.allSettled([
      openLog(await openLedgerJournal(second), { memory: signerMemory(second) }),
      ...Array.from({ length: 20 }, (_, i) => former.sequencer.append([aRequest(`late-${i}`)])),
    ]);
    // The one that takes over may itself lose to a batch that moved the head since it looked; then it looks again.
    const successor =
      takeover?.status === 'fulfilled'
        ? takeover.value
        : await openLog(await openLedgerJournal(second), { memory: signerMemory(second) });
    await expect(former.sequencer.append([aRequest('too-late')])).rejects.toMatchObject({
      code: 'ledger.stopped',
    });
    await successor.sequencer.append([aRequest('b1')]);
    const journal = await journalOn(name);
    const answered = late.flatMap((result, i) => (result.status === 'fulfilled' ? [`late-${i}`] : []));
    const found = await journal.findIdem(
      ['a1', 'a2', ...answered, 'b1'].map((label) => aRequest(label).idem),
    );
    expect(found).not.toContain(null);
    expect(await journal.findIdem([aRequest('too-late').idem])).toEqual([null]);
    const reader = openReader({ journal, signer: successor.signer });
    const report = await auditLog(sourceOf(reader), { vkey: successor.signer.vkey });
    expect(report.findings).toEqual([]);
    expect(report.size).toBe((await journal.head()).size);
  });

  test('a batch that the database refuses half-way leaves nothing, and the writer may go on', async () => {
    const name = freshName();
    const journal = await journalOn(name);
    await journal.commit(await batchOf(journal, ['a1', 'a2']));
    const good = await batchOf(journal, ['b1', 'b2', 'b3']);
    const before = await journal.head();
    const [first, , third] = good.entries as [never, never, JournalBatch['entries'][number]];
    const doubled = { ...good, entries: [first, third, { ...third, seq: 9 }] };
    const refused = await journal.commit(doubled).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ledger.write-failed' });
    // A log line about it must not be the batch.
    expect(inspect(refused, { depth: 9 }).length).toBeLessThan(4_000);
    expect(inspect(refused, { depth: 9 })).not.toContain('insertedIds');
    expect(await journal.head()).toEqual(before);
    expect(await rowsOf(name, 'ledger-entries')).toBe(2);
    await journal.commit(good);
    expect(await journal.docEntries('doc-b')).toEqual([2, 3, 4]);
  });

  test('a commit whose answer was lost has an unknown outcome, and asking again gives the same entry', async () => {
    const mongo = await node(freshName());
    const lost = { after: false };
    const flaky: MongoDatabase = {
      ...mongo,
      atomically: async (work) => {
        const result = await mongo.atomically(work);
        if (lost.after) throw new RangeError('the answer was lost');
        return result;
      },
    };
    const journal = await openLedgerJournal(flaky);
    const batch = await batchOf(journal, ['a1']);
    lost.after = true;
    await expect(journal.commit(batch)).rejects.toMatchObject({ code: 'ledger.sync-failed' });
    lost.after = false;
    const { sequencer } = await openLog(await openLedgerJournal(flaky));
    const again = aRequest('a1', { doc: 'doc-a' });
    expect(await sequencer.append([again])).toMatchObject([{ index: 0, replayed: true }]);
  });

  test('a commit that does not reach the database leaves the journal as it was', async () => {
    const mongo = await node(freshName());
    const journal = await openLedgerJournal({
      ...mongo,
      atomically: () => Promise.reject(new RangeError('nobody there')),
    });
    const batch = await batchOf(journal, ['a1']);
    await expect(journal.commit(batch)).rejects.toMatchObject({ code: 'ledger.write-failed' });
    expect((await journal.head()).size).toBe(0);
  });

  test('a database that is gone is one typed error, for every question', async () => {
    const mongo = await node(freshName());
    const journal = await openLedgerJournal(mongo);
    const memory = signerMemory(mongo);
    await mongo.close();
    const answers = await Promise.allSettled([
      journal.head(),
      journal.entries(0, 1),
      journal.hashes(0, 0, 1),
      journal.findIdem([aRequest('a').idem]),
      journal.docTails(['a']),
      journal.docEntries('a'),
      memory.load(),
      memory.save({ origin: ORIGIN, size: 1, root: sha256('') }),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'adapters.store-failed' } });
  });

  test('another node sees at once what one has committed, also beyond what it saw before', async () => {
    const name = freshName();
    const [writer, reader] = await Promise.all([journalOn(name), journalOn(name)]);
    for (let i = 0; i < 10; i++) {
      const batch = await batchOf(writer, [`a${i}`, `b${i}`]);
      await writer.commit(batch);
      expect(await reader.entries(i * 2, 2)).toEqual(batch.entries.map((entry) => entry.bytes));
      expect(await reader.hashes(0, i * 2 + 1, 1)).toEqual(batch.entries[1]?.leaf);
      expect((await reader.docTails(['doc-a']))[0]?.seq).toBe(i + 1);
    }
  });

  test('answers of many batches are cut from runs of any length', async () => {
    const name = freshName();
    const { sequencer } = await openLog(await journalOn(name));
    const labels = Array.from({ length: 2_600 }, (_, i) => `n${i}`);
    await sequencer.append(labels.slice(0, 2_050).map((label) => aRequest(label)));
    for (let i = 2_050; i < labels.length; i += 50)
      await sequencer.append(labels.slice(i, i + 50).map((label) => aRequest(label)));
    const journal = await journalOn(name);
    const whole = await journal.hashes(0, 0, labels.length);
    for (const [from, count] of [
      [0, 1],
      [1_023, 2],
      [1_024, 1_024],
      [1_500, 1_000],
      [2_599, 1],
      [2_040, 30],
    ])
      expect(await journal.hashes(0, from as number, count as number)).toEqual(
        whole.subarray((from as number) * 32, ((from as number) + (count as number)) * 32),
      );
    const edge = await readEdge(labels.length, journal.hashes);
    expect(edge.size).toBe(2_600);
  });

  test('no query walks over a collection, whatever the log has grown to', async () => {
    const name = freshName();
    const mongo = await node(name);
    const journal = await openLedgerJournal(mongo);
    const { sequencer } = await openLog(journal);
    const chain = Array.from({ length: 300 }, (_, i) => aRequest(`c${i}`, { doc: `doc-${i % 3}` }));
    await sequencer.append(chain);
    const fresh = await openLedgerJournal(mongo);
    const asked = await withServer(name, async (db) => {
      await db.command({ profile: 2 });
      await openLog(fresh).then((log) => log.sequencer.append([aRequest('again')]));
      await fresh.hashes(0, 10, 1);
      await fresh.hashes(2, 0, 40);
      await fresh.entries(5, 3);
      await fresh.findIdem(chain.slice(0, 4).map((request) => request.idem));
      await fresh.docTails(['doc-0', 'doc-1', 'doc-2', 'doc-none']);
      await fresh.docEntries('doc-1');
      await db.command({ profile: 0 });
      return db
        .collection('system.profile')
        .find({ ns: { $regex: `^${name}\\.(ledger|signer)-` } })
        .toArray();
    });
    const reads = asked.filter((one) => one.planSummary);
    expect(reads.length).toBeGreaterThan(10);
    expect(reads.filter((one) => /COLLSCAN/.test(one.planSummary)).map((one) => one.command)).toEqual([]);
    const tails = asked.find(
      (one) => one.command.aggregate && one.command.pipeline?.[0].$match.doc.$in.length === 4,
    );
    // One key a document, and one for each step over the next: not the hundred of its chain.
    expect(tails?.keysExamined).toBeLessThan(12);
  });

  test('the memory of a signer never goes back and never takes another root, whichever node saves', async () => {
    const name = freshName();
    const memories = [signerMemory(await node(name)), signerMemory(await node(name))] as const;
    const headOf = (size: number, root = sha256(String(size))) => ({ origin: ORIGIN, size, root });
    await memories[0].save(headOf(10));
    for (const wrong of [headOf(9), headOf(10, sha256('x')), { ...headOf(11), origin: 'other.example/1' }])
      await expect(memories[1].save(wrong)).rejects.toMatchObject({ code: 'ledger.forked' });
    const sizes = Array.from({ length: 30 }, (_, i) => 11 + ((i * 7) % 30));
    await Promise.allSettled(sizes.map((size, i) => memories[i % 2]?.save(headOf(size))));
    expect(await memories[0].load()).toEqual(headOf(40));
  });

  test('of two first saves at once the later head is kept', async () => {
    const name = freshName();
    const nodes = await Promise.all([node(name), node(name)]);
    const results = await Promise.allSettled(
      nodes.map((mongo, i) =>
        signerMemory(mongo).save({ origin: ORIGIN, size: i + 1, root: sha256(`${i}`) }),
      ),
    );
    expect(results[1]?.status).toBe('fulfilled');
    expect((await signerMemory(nodes[0] as MongoDatabase).load())?.size).toBe(2);
  });
});
