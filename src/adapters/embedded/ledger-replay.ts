import { TrucError } from '../../kernel/index.ts';
import {
  EMPTY_ROOT,
  edgeRoot,
  extendEdge,
  type LogHead,
  leafHash,
  parseEntry,
  readEdge,
} from '../../ledger/index.ts';
import type { DerivedFiles } from './ledger-derived.ts';
import type { LedgerFile } from './ledger-files.ts';
import { decodeFrame, FRAME_HEADER, type Frame, frameLength, holdsFrame, MAX_FRAME } from './ledger-frame.ts';
import type { Cursor, LedgerIndex } from './ledger-index.ts';

/** What a journal file says after it was read to its end. */
export interface Replayed {
  head: LogHead;
  /** Position after the last whole frame. */
  end: number;
  /** The state before the last frame; null in an empty journal. */
  last: Cursor | null;
}

const ENTRIES_PER_COMMIT = 8_192;

/**
 * Reads the journal from the index's cursor to its end, refilling index and derived files. A torn last frame (a batch
 * that nobody was told of) is cut off; the last whole one is written and synced again, since a sync that failed before
 * the stop may have left it in memory only.
 * @throws TrucError `ledger.journal-corrupt` when a frame in the middle is damaged, `ledger.root-mismatch`
 */
export async function replayJournal(
  file: LedgerFile,
  index: LedgerIndex,
  derived: DerivedFiles,
): Promise<Replayed> {
  const start = index.cursor;
  const { indexed } = index;
  const hashes = async (level: number, from: number, count: number) => derived.hashes(level, from, count);
  let edge = await readEdge(start.size, hashes);
  let head: LogHead = { size: start.size, root: edgeRoot(edge), epoch: 0, at: 0 };
  let end = start.offset;
  let last: Cursor | null = null;
  let uncommitted = 0;
  index.begin();
  for (let frame = frameAt(file, end); frame; frame = frameAt(file, end)) {
    if (frame.firstIndex !== head.size) throw new TrucError('ledger.journal-corrupt', { position: end });
    const extension = extendEdge(
      edge,
      frame.entries.map((entry) => leafHash(entry.bytes)),
    );
    if (!edgeRoot(extension.edge).equals(frame.head.root))
      throw new TrucError('ledger.root-mismatch', { position: end });
    await derived.put(
      head.size,
      extension.levels,
      frame.entries.map((entry) => entry.offset),
    );
    addRows(index, frame);
    last = { offset: end, size: head.size };
    ({ head, end } = frame);
    edge = extension.edge;
    uncommitted += frame.entries.length;
    if (uncommitted >= ENTRIES_PER_COMMIT) {
      index.commit(Math.max(indexed, head.size), null);
      index.begin();
      uncommitted = 0;
    }
  }
  // Rows of entries that the journal does not have: it is another journal, or an older copy.
  if (indexed > head.size) throw new TrucError('ledger.journal-corrupt', { indexed, size: head.size });
  index.commit(head.size, null);
  await cutTornTail(file, end);
  if (last) {
    await file.write(last.offset, file.read(last.offset, end - last.offset));
    await file.sync();
  }
  return { head: head.size === 0 ? { ...head, root: EMPTY_ROOT } : head, end, last };
}

function addRows(index: LedgerIndex, frame: Frame): void {
  frame.entries.forEach(({ idem, bytes }, i) => {
    const { doc, seq } = parseEntry(bytes);
    index.add(frame.firstIndex + i, idem, doc, seq);
  });
}

function frameAt(file: LedgerFile, position: number): Frame | null {
  const rest = file.size() - position;
  if (rest < FRAME_HEADER) return null;
  const length = frameLength(file.read(position, FRAME_HEADER));
  if (length === null || length > rest) return null;
  return decodeFrame(file.read(position, length), 0, position);
}

/**
 * Each frame is written only after the one before it is durable, so a torn frame is the last one. Anything whole
 * behind it means that the disk lost what it had promised to keep.
 */
async function cutTornTail(file: LedgerFile, end: number): Promise<void> {
  const rest = file.size() - end;
  if (rest === 0) return;
  if (rest > MAX_FRAME || holdsFrame(file.read(end, rest)))
    throw new TrucError('ledger.journal-corrupt', { position: end });
  await file.truncate(end);
  await file.sync();
}
