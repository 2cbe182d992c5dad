import { join } from 'node:path';
import { isTrucError, TrucError } from '../../kernel/index.ts';
import {
  type DocTail,
  HASH_SIZE,
  type JournalBatch,
  type LedgerJournal,
  type LogHead,
} from '../../ledger/index.ts';
import { countAt, type DerivedFiles, openDerivedFiles } from './ledger-derived.ts';
import {
  type LedgerFile,
  makeLedgerFolder,
  type OpenLedgerFile,
  openLedgerFile,
  syncLedgerFolder,
} from './ledger-files.ts';
import { encodeFrame, RECORD_HEAD } from './ledger-frame.ts';
import { type Cursor, type LedgerIndex, openLedgerIndex, removeLedgerIndex } from './ledger-index.ts';
import { type Replayed, replayJournal } from './ledger-replay.ts';

export interface EmbeddedLedgerJournal extends LedgerJournal {
  /** Entries as they are in the journal, with the idempotency keys that the log itself does not show. */
  records(from: number, count: number): { idem: Buffer; bytes: Buffer }[];
  close(): Promise<void>;
}

export interface LedgerJournalOptions {
  /** Where the files come from; a test's own layer, or the disk. */
  openFile?: OpenLedgerFile;
  /** Entries between two cursors: so many are read again after a crash at most; 65,536 when not given. */
  entriesPerCursor?: number;
}

const MAX_READ = 16_384;

/**
 * The ledger in one folder: `journal` (append only, one frame and one fdatasync a batch) is the only file that counts;
 * `level-NN`, `offsets` and `index.sqlite` follow from it and are refilled from a saved cursor at open, or from the
 * beginning when they are missing or do not fit.
 * @throws TrucError `ledger.journal-in-use`, `ledger.journal-corrupt`, `ledger.root-mismatch`
 */
export async function openLedgerJournal(
  folder: string,
  { openFile = openLedgerFile, entriesPerCursor = 65_536 }: LedgerJournalOptions = {},
): Promise<EmbeddedLedgerJournal> {
  makeLedgerFolder(folder);
  const indexPath = join(folder, 'index.sqlite');
  let index = openLedgerIndex(indexPath);
  const file = await openFile(join(folder, 'journal'));
  const derived = await openDerivedFiles(folder, openFile);
  syncLedgerFolder(folder);
  try {
    let replayed = await replayFromCursor(file, index, derived);
    if (!replayed) {
      index = emptiedIndex(index, indexPath);
      replayed = await replayJournal(file, index, derived);
    }
    const { commit, state, settle } = writer({ file, index, derived }, replayed, entriesPerCursor);
    return {
      head: async () => state.head,
      commit,
      ...reads(state, { file, index, derived }),
      close: async () => {
        await settle();
        index.close();
        await Promise.all([file.close(), derived.close()]);
      },
    };
  } catch (error) {
    index.close();
    await Promise.all([file.close(), derived.close()]);
    throw error;
  }
}

/** Null when what is derived does not fit the journal and must be made anew from its beginning. */
async function replayFromCursor(
  file: LedgerFile,
  index: LedgerIndex,
  derived: DerivedFiles,
): Promise<Replayed | null> {
  const { offset, size } = index.cursor;
  // A cursor always stands before a frame, so a journal that ends there is not the one that it was made for.
  if (offset > 0 && (offset >= file.size() || !derived.covers(size))) return null;
  try {
    return await replayJournal(file, index, derived);
  } catch (error) {
    if (isTrucError(error, 'ledger.journal-corrupt', 'ledger.root-mismatch')) return null;
    throw error;
  }
}

/**
 * An empty index that still knows how many entries there were, so that a journal that has lost some is refused with
 * its bytes as they are, and not cut to what can be read.
 */
function emptiedIndex(old: LedgerIndex, path: string): LedgerIndex {
  const { indexed } = old;
  old.close();
  removeLedgerIndex(path);
  const index = openLedgerIndex(path);
  index.begin();
  index.commit(indexed, null);
  return index;
}

interface Files {
  file: LedgerFile;
  index: LedgerIndex;
  derived: DerivedFiles;
}

interface State {
  head: LogHead;
  /** Position after the last frame. */
  end: number;
  /** The state before the last frame. */
  last: Cursor | null;
}

function writer({ file, index, derived }: Files, replayed: Replayed, entriesPerCursor: number) {
  const state: State = { head: replayed.head, end: replayed.end, last: replayed.last };
  let busy = false;
  let broken: unknown = null;
  let saving: Promise<void> | null = null;
  let saved: Cursor | null = null;

  async function commit(batch: JournalBatch): Promise<void> {
    const { size, root, epoch } = batch.expected;
    if (broken) throw new TrucError('ledger.sync-failed', {}, broken);
    const { head } = state;
    if (busy || size !== head.size || epoch !== head.epoch || !root.equals(head.root))
      throw new TrucError('ledger.head-moved', { expected: size, size: head.size });
    busy = true;
    try {
      await append(batch);
    } finally {
      busy = false;
    }
  }

  async function append(batch: JournalBatch): Promise<void> {
    const frame = encodeFrame(batch);
    const before: Cursor = { offset: state.end, size: state.head.size };
    await writeFrame(frame.bytes);
    try {
      // The processor fills index and derived files while the disk syncs; nobody sees them before the head moves.
      const synced = file.sync();
      synced.catch(() => undefined);
      await derive(
        batch,
        frame.records.map((at) => before.offset + at),
      );
      await synced;
      index.commit(batch.head.size, saved);
    } catch (error) {
      broken = error;
      index.rollback();
      throw new TrucError('ledger.sync-failed', { size: before.size }, error);
    }
    saved = null;
    state.head = batch.head;
    state.last = before;
    state.end = before.offset + frame.bytes.length;
    if (before.size - index.cursor.size >= entriesPerCursor) saveCursor(before);
  }

  async function writeFrame(bytes: Buffer): Promise<void> {
    try {
      await file.write(state.end, bytes);
    } catch (error) {
      await takeBack(error);
      throw new TrucError('ledger.write-failed', { bytes: bytes.length }, error);
    }
  }

  /** After a failed write nothing may be left that a later start would take for a batch. */
  async function takeBack(cause: unknown): Promise<void> {
    try {
      await file.truncate(state.end);
      await file.sync();
    } catch (error) {
      broken = error;
      throw new TrucError('ledger.sync-failed', {}, cause);
    }
  }

  async function derive({ expected, entries, levels }: JournalBatch, offsets: number[]): Promise<void> {
    await derived.put(expected.size, levels, offsets);
    index.begin();
    entries.forEach(({ idem, doc, seq }, i) => {
      index.add(expected.size + i, idem, doc, seq);
    });
  }

  /** In the background: the derived files first, then, with some later batch, the cursor that relies on them. */
  function saveCursor(cursor: Cursor): void {
    saving ??= derived
      .sync()
      .then(() => {
        saved = cursor;
      })
      // Without a cursor the next start only reads more.
      .catch(() => undefined)
      .finally(() => {
        saving = null;
      });
  }

  /** Saves a cursor before the last frame, so that the next start reads one frame only. */
  async function settle(): Promise<void> {
    await saving;
    if (broken || !state.last) return;
    await derived.sync();
    index.begin();
    index.commit(state.head.size, state.last);
  }

  return { commit, state, settle };
}

function reads(state: State, { file, index, derived }: Files) {
  const within = (from: number, count: number, limit: number) => {
    const whole = Number.isSafeInteger(from) && Number.isSafeInteger(count) && from >= 0 && count >= 0;
    if (!whole || count > MAX_READ || from + count > limit)
      throw new TrucError('ledger.out-of-range', { from, count, limit });
  };

  function records(from: number, count: number): { idem: Buffer; bytes: Buffer }[] {
    within(from, count, state.head.size);
    return derived.offsets(from, count).map((offset) => {
      const head = file.read(offset, RECORD_HEAD);
      const length = head.readUInt16BE(RECORD_HEAD - 2);
      return { idem: head.subarray(0, RECORD_HEAD - 2), bytes: file.read(offset + RECORD_HEAD, length) };
    });
  }

  return {
    records,
    entries: async (from: number, count: number): Promise<Buffer[]> =>
      records(from, count).map(({ bytes }) => bytes),
    hashes: async (level: number, from: number, count: number): Promise<Buffer> => {
      within(level, 0, 52);
      within(from, count, countAt(state.head.size, level));
      return count === 0 ? Buffer.alloc(0) : derived.hashes(level, from, count);
    },
    findIdem: async (idems: readonly Buffer[]): Promise<(number | null)[]> =>
      idems.map((idem) => index.findIdem(idem, state.head.size)),
    docTails: async (docs: readonly string[]): Promise<(DocTail | null)[]> =>
      docs.map((doc) => {
        const tail = index.tail(doc, state.head.size);
        return tail && { seq: tail.seq, leaf: derived.hashes(0, tail.index, 1).subarray(0, HASH_SIZE) };
      }),
    docEntries: async (doc: string): Promise<number[]> => index.chain(doc, state.head.size),
  };
}
