import mongoose from 'mongoose';
import { type Batcher, batcher, isTrucError, TrucError } from '../../kernel/index.ts';
import { EMPTY_ROOT, type JournalBatch, type LedgerJournal, type LogHead } from '../../ledger/index.ts';
import type { Collection, CollectionPlan, MongoDatabase, Session } from './database.ts';
import { type HashRun, hashCache, pickHashes, runsAdded, runsBetween, runsOf } from './ledger-hashes.ts';

interface HeadRow {
  _id: 'head';
  size: number;
  root: Buffer;
  epoch: number;
  at: number;
}

export interface EntryRow {
  /** Index in the log. */
  _id: number;
  bytes: Buffer;
  leaf: Buffer;
  idem: Buffer;
  doc: string;
  seq: number;
}

/** What one read may ask for, as in the embedded journal. */
const MAX_READ = 16_384;
const MAX_LEVEL = 52;
/** A log that has grown by more since the last look is read where somebody asks. */
const MOST_FOLLOWED = 4_096;

const HEAD = 'ledger-head';
export const ENTRIES = 'ledger-entries';
const HASHES = 'ledger-hashes';

export const LEDGER_JOURNAL_PLANS: readonly CollectionPlan[] = [
  { name: HEAD, indexes: [] },
  {
    name: ENTRIES,
    indexes: [
      { key: { idem: 1 }, name: 'by_idem', unique: true },
      { key: { doc: 1, seq: 1 }, name: 'by_doc', unique: true },
    ],
  },
  { name: HASHES, indexes: [] },
];

/** One point in time for a whole answer, and only what a majority has: a reader sees whole batches. */
const SNAPSHOT = { readConcern: { level: 'snapshot' }, promoteBuffers: true } as const;
const BUFFERS = { promoteBuffers: true } as const;

/**
 * The ledger in MongoDB. One batch is one transaction of four round trips and one majority sync: the head moves by
 * compare-and-swap on size, root and epoch, then entries and tree hashes are inserted under keys that follow from their
 * index. A deposed writer finds another head, or collides with the batch that moves it, and leaves nothing behind.
 *
 * Any number of nodes may hold one on the same database. Nothing is remembered here but what can never change: a
 * size that the log has had, and hashes of complete subtrees below it.
 */
export async function openLedgerJournal(mongo: MongoDatabase): Promise<LedgerJournal> {
  const heads = mongo.collection<HeadRow>(HEAD);
  const entries = mongo.collection<EntryRow>(ENTRIES);
  const runs = mongo.collection<HashRun>(HASHES);
  const cache = hashCache();
  let sizeSeen = 0;
  /** Hashes up to this size have been in the cache. */
  let sizeFollowed = 0;
  await asked(() =>
    heads.updateOne(
      { _id: 'head' },
      { $setOnInsert: { size: 0, root: EMPTY_ROOT, epoch: 0, at: 0 } },
      { upsert: true },
    ),
  );

  async function head(): Promise<LogHead> {
    const row = await asked(() => heads.findOne({ _id: 'head' }, BUFFERS));
    if (!row) throw new TrucError('ledger.journal-corrupt', { missing: 'head' });
    const { size, root, epoch, at } = row;
    sizeSeen = Math.max(sizeSeen, size);
    return { size, root, epoch, at };
  }

  /**
   * Looks how far the log is. Who follows it is about to ask for what has been added: proofs between two sizes, and of
   * entries in between, are made of that and of what is in the cache.
   */
  const grow: Batcher<null, null> = batcher(
    async (askers) => {
      const { size } = await head();
      const followed = sizeFollowed;
      sizeFollowed = Math.max(size, followed);
      if (size > followed && size - followed <= MOST_FOLLOWED) await keepBetween(followed, size);
      return askers.map(() => null);
    },
    { maxItems: Number.POSITIVE_INFINITY },
  );

  async function keepBetween(before: number, size: number): Promise<void> {
    const added = await asked(() => runs.find({ $or: runsAdded(before, size) }, BUFFERS).toArray());
    for (const run of added) cache.keepRun(run);
  }

  /** The log never shrinks, so only what lies beyond the size seen last needs another look at the head. */
  async function within(from: number, count: number, level: number): Promise<void> {
    const whole = Number.isSafeInteger(from) && Number.isSafeInteger(count) && from >= 0 && count >= 0;
    const known = Number.isSafeInteger(level) && level >= 0 && level <= MAX_LEVEL;
    if (!whole || !known || count > MAX_READ) throw new TrucError('ledger.out-of-range', { from, count });
    const limit = () => Math.floor(sizeSeen / 2 ** level);
    if (from + count > limit()) await grow.add(null);
    if (from + count > limit()) throw new TrucError('ledger.out-of-range', { from, count, limit: limit() });
  }

  return {
    head,
    commit: async (batch) => {
      await commit(mongo, { heads, entries, runs }, batch);
      sizeSeen = Math.max(sizeSeen, batch.head.size);
      if (sizeFollowed === batch.expected.size) sizeFollowed = batch.head.size;
      for (const run of runsOf(batch.expected.size, batch.levels)) cache.keepRun(run);
    },
    entries: async (from, count) => {
      await within(from, count, 0);
      if (count === 0) return [];
      const rows = await asked(() =>
        entries
          .find({ _id: { $gte: from, $lt: from + count } }, { ...BUFFERS, projection: { bytes: 1 } })
          .sort({ _id: 1 })
          .toArray(),
      );
      if (rows.length !== count) throw new TrucError('ledger.journal-corrupt', { from, count });
      return rows.map((row) => row.bytes);
    },
    hashes: async (level, from, count) => {
      await within(from, count, level);
      if (count === 0) return Buffer.alloc(0);
      const kept = count === 1 ? cache.get(level, from) : null;
      if (kept) return Buffer.from(kept);
      const found = await asked(() =>
        runs
          .find({ _id: runsBetween(level, from, count) }, BUFFERS)
          .sort({ _id: 1 })
          .limit(count)
          .toArray(),
      );
      const hashes = pickHashes(found, from, count);
      if (!hashes) throw new TrucError('ledger.journal-corrupt', { level, from, count });
      if (count === 1) cache.keep(level, from, Buffer.from(hashes));
      return hashes;
    },
    findIdem: async (idems) => {
      const rows = await asked(() =>
        entries.find({ idem: { $in: [...idems] } }, { ...SNAPSHOT, projection: { idem: 1 } }).toArray(),
      );
      const indices = new Map(rows.map((row) => [row.idem.toString('latin1'), row._id]));
      return idems.map((idem) => indices.get(idem.toString('latin1')) ?? null);
    },
    docTails: async (docs) => {
      const rows = await asked(() => entries.aggregate<TailRow>(tailsOf(docs), SNAPSHOT).toArray());
      const tails = new Map(rows.map(({ _id, seq, leaf }) => [_id, { seq, leaf }]));
      return docs.map((doc) => tails.get(doc) ?? null);
    },
    docEntries: async (doc) => {
      const rows = await asked(() =>
        entries
          .find({ doc }, { ...SNAPSHOT, projection: { _id: 1 } })
          .sort({ seq: 1 })
          .toArray(),
      );
      return rows.map((row) => row._id);
    },
  };
}

interface TailRow {
  _id: string;
  seq: number;
  leaf: Buffer;
}

/** Sorted and grouped as the index runs: the server reads one key of each document, however long its chain. */
function tailsOf(docs: readonly string[]) {
  return [
    { $match: { doc: { $in: [...docs] } } },
    { $sort: { doc: -1, seq: -1 } },
    { $group: { _id: '$doc', seq: { $first: '$seq' }, leaf: { $first: '$leaf' } } },
  ];
}

interface Collections {
  heads: Collection<HeadRow>;
  entries: Collection<EntryRow>;
  runs: Collection<HashRun>;
}

/** Until its last write was taken a batch can leave nothing; whether it was committed after that, only the head tells. */
async function commit(mongo: MongoDatabase, into: Collections, batch: JournalBatch): Promise<void> {
  const written = { wholly: false };
  try {
    await mongo.atomically(async (session) => {
      written.wholly = false;
      await write(into, batch, session);
      written.wholly = true;
    });
  } catch (error) {
    if (isTrucError(error, 'ledger.head-moved')) throw error;
    const facts = { size: batch.expected.size, entries: batch.entries.length };
    throw new TrucError(written.wholly ? 'ledger.sync-failed' : 'ledger.write-failed', facts, lean(error));
  }
}

/** The driver's error of a bulk write holds every row of it, which is no matter for a log line. */
function lean(error: unknown): unknown {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return error;
  return new TrucError('adapters.store-failed', {
    store: 'mongodb',
    code: error.code ?? null,
    cause: error.message,
  });
}

async function write(into: Collections, batch: JournalBatch, session: Session): Promise<void> {
  const { size, root, epoch } = batch.expected;
  const next = { size: batch.head.size, root: batch.head.root, epoch: batch.head.epoch, at: batch.head.at };
  // First, so that of two writers one waits or ends here and not after sending its entries.
  const moved = await into.heads.updateOne({ _id: 'head', size, root, epoch }, { $set: next }, { session });
  if (moved.matchedCount !== 1) throw new TrucError('ledger.head-moved', { expected: size });
  if (batch.entries.length === 0) return;
  const rows = batch.entries.map(({ bytes, leaf, idem, doc, seq }, i) => ({
    _id: size + i,
    bytes,
    leaf,
    idem,
    doc,
    seq,
  }));
  await into.entries.insertMany(rows, { session });
  await into.runs.insertMany(runsOf(size, batch.levels), { session });
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw new TrucError('adapters.store-failed', { store: 'mongodb', part: 'ledger' }, error);
  }
}
