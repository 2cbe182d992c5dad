import { HASH_SIZE } from '../../ledger/index.ts';

/**
 * Hashes of neighbouring complete subtrees of one level that one batch completed. Keyed by level and end (the number
 * after its last hash), so that the runs that overlap a range are one short walk of the key's own index: MongoDB
 * compares such keys field by field.
 */
export interface HashRun {
  _id: RunKey;
  hashes: Buffer;
}

interface RunKey {
  level: number;
  end: number;
}

/** Most hashes of one run, so that a reader of one hash never fetches more than 32 KiB. */
const MOST_PER_RUN = 1_024;
const MOST_CACHED = 32_768;

/** The runs of a batch whose first leaf has this index; `levels` as in a journal's batch. */
export function runsOf(firstLeaf: number, levels: readonly Buffer[]): HashRun[] {
  return levels.flatMap((hashes, level) => {
    const start = Math.floor(firstLeaf / 2 ** level);
    const step = MOST_PER_RUN * HASH_SIZE;
    const pieces = Array.from({ length: Math.ceil(hashes.length / step) }, (_, i) => i * step);
    return pieces.map((at) => {
      const piece = hashes.subarray(at, at + step);
      return { _id: { level, end: start + (at + piece.length) / HASH_SIZE }, hashes: piece };
    });
  });
}

/** Bounds of the keys of all runs that overlap `count` hashes from number `from` on. */
export function runsBetween(level: number, from: number, count: number): { $gt: RunKey; $lt: RunKey } {
  return { $gt: { level, end: from }, $lt: { level, end: from + count + MOST_PER_RUN } };
}

/** Bounds of the keys of all runs that were added while the log grew from one size to another. */
export function runsAdded(before: number, size: number): { _id: { $gt: RunKey; $lte: RunKey } }[] {
  const bounds: { _id: { $gt: RunKey; $lte: RunKey } }[] = [];
  for (let level = 0; 2 ** level <= size; level++) {
    const [from, to] = [Math.floor(before / 2 ** level), Math.floor(size / 2 ** level)];
    if (to > from) bounds.push({ _id: { $gt: { level, end: from }, $lte: { level, end: to } } });
  }
  return bounds;
}

/** The hashes asked for, out of runs in order; null when they are not all there. */
export function pickHashes(runs: readonly HashRun[], from: number, count: number): Buffer | null {
  const out = Buffer.alloc(count * HASH_SIZE);
  let next = from;
  for (const { _id, hashes } of runs) {
    if (next === from + count) break;
    const start = _id.end - hashes.length / HASH_SIZE;
    if (start > next) return null;
    const end = Math.min(_id.end, from + count);
    out.set(
      hashes.subarray((next - start) * HASH_SIZE, (end - start) * HASH_SIZE),
      (next - from) * HASH_SIZE,
    );
    next = end;
  }
  return next === from + count ? out : null;
}

export interface HashCache {
  get(level: number, index: number): Buffer | null;
  keep(level: number, index: number, hash: Buffer): void;
  keepRun(run: HashRun): void;
}

/**
 * The hashes used last. Those of complete subtrees below a committed head never change, and each checkpoint asks for
 * about two of every level again.
 */
export function hashCache(): HashCache {
  const kept = new Map<number, Buffer>();
  const keyOf = (level: number, index: number) => index * 64 + level;

  function keep(level: number, index: number, hash: Buffer): void {
    const key = keyOf(level, index);
    kept.delete(key);
    kept.set(key, hash);
    const oldest = kept.keys().next();
    if (kept.size > MOST_CACHED && !oldest.done) kept.delete(oldest.value);
  }

  return {
    keep,
    get: (level, index) => {
      const hash = kept.get(keyOf(level, index));
      if (!hash) return null;
      keep(level, index, hash);
      return hash;
    },
    keepRun: ({ _id, hashes }) => {
      const count = hashes.length / HASH_SIZE;
      for (let i = 0; i < count; i++)
        keep(_id.level, _id.end - count + i, hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
    },
  };
}
