import { TrucError } from '../kernel/index.ts';
import { followSigned, signHead } from './heads.ts';
import type { LedgerJournal } from './journal.ts';
import { consistencyPath, inclusionPath, rootAt } from './proofs.ts';
import type { CheckpointSigner } from './signer.ts';

/** Reads a log up to its last signed head; sizes and indices beyond it are out of range. */
export interface LogReader {
  readonly origin: string;
  /** Size of the last signed checkpoint. */
  size(): Promise<number>;
  /** The signed checkpoint of the last, or of any earlier size; the same size gives the same text for ever. */
  checkpoint(size?: number): Promise<string>;
  /** Exact bytes. */
  entry(index: number): Promise<Buffer>;
  /** Exact bytes of [from, from + count). */
  entries(from: number, count: number): Promise<Buffer[]>;
  /** Hashes of complete subtrees of a level, concatenated; level 0 are the leaf hashes. */
  hashes(level: number, from: number, count: number): Promise<Buffer>;
  inclusionProof(index: number, size: number): Promise<Buffer[]>;
  consistencyProof(first: number, second: number): Promise<Buffer[]>;
  /** Indices of a document's entries, ascending. */
  entriesOf(doc: string): Promise<number[]>;
}

const CHECKPOINTS_KEPT = 256;

export interface ReaderOptions {
  journal: LedgerJournal;
  signer: CheckpointSigner;
  /** True where other nodes sign too, so that what this one has signed is not the whole log. */
  shared?: boolean;
}

/** Every method throws TrucError `ledger.out-of-range` for what lies beyond the signed size. */
export function openReader({ journal, signer, shared = false }: ReaderOptions): LogReader {
  const read = journal.hashes;
  const kept = new Map<number, string>();

  async function signedSize(): Promise<number> {
    if (shared) await followSigned(journal, signer);
    return signer.size;
  }

  /** Asks the other nodes only for what lies beyond what is known here. */
  async function within(value: number, limit: () => number = () => signer.size): Promise<void> {
    const wrong = () => !Number.isSafeInteger(value) || value < 0 || value > limit();
    if (wrong() && shared) await followSigned(journal, signer);
    if (wrong()) throw new TrucError('ledger.out-of-range', { value, size: signer.size });
  }

  async function checkpoint(wanted?: number): Promise<string> {
    const size = wanted ?? (await signedSize());
    await within(size);
    const known = kept.get(size);
    if (known) return known;
    const note = await signHead({ size, root: await rootAt(size, read) }, journal, signer);
    const oldest = kept.keys().next();
    if (kept.size >= CHECKPOINTS_KEPT && !oldest.done) kept.delete(oldest.value);
    kept.set(size, note);
    return note;
  }

  async function entries(from: number, count: number): Promise<Buffer[]> {
    await within(from);
    await within(count, () => signer.size - from);
    return journal.entries(from, count);
  }

  return {
    origin: signer.origin,
    size: signedSize,
    checkpoint,
    entries,
    entry: async (index) => {
      const [bytes] = await entries(index, 1);
      return bytes as Buffer;
    },
    hashes: async (level, from, count) => {
      await within(level, () => 52);
      await within(from);
      await within(count, () => Math.floor(signer.size / 2 ** level) - from);
      return journal.hashes(level, from, count);
    },
    inclusionProof: async (index, size) => {
      await within(size);
      return inclusionPath(index, size, read);
    },
    consistencyProof: async (first, second) => {
      await within(second);
      return consistencyPath(first, second, read);
    },
    entriesOf: async (doc) => {
      const indices = await journal.docEntries(doc);
      const size = await signedSize();
      return indices.filter((index) => index < size);
    },
  };
}
