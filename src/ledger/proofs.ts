import { TrucError } from '../kernel/index.ts';
import type { Edge } from './edge.ts';
import { EMPTY_ROOT, HASH_SIZE, isSize, nodeHash } from './merkle.ts';

/**
 * Reads hashes of complete subtrees: subtree i of level k holds the leaves i·2^k to (i+1)·2^k − 1.
 * @returns `count` hashes one after the other
 */
export type SubtreeHashes = (level: number, from: number, count: number) => Promise<Buffer>;

interface Range {
  begin: number;
  end: number;
}

/** Root of the tree made of the first `size` leaves. */
export async function rootAt(size: number, hashes: SubtreeHashes): Promise<Buffer> {
  return size === 0 ? EMPTY_ROOT : rangeHash({ begin: 0, end: size }, hashes);
}

/**
 * The audit path of a leaf, from the leaf's sibling to the root's child (RFC 6962 §2.1.1).
 * @throws TrucError `ledger.out-of-range` unless 0 ≤ index < size
 */
export async function inclusionPath(index: number, size: number, hashes: SubtreeHashes): Promise<Buffer[]> {
  if (!isSize(size) || !isSize(index) || index >= size)
    throw new TrucError('ledger.out-of-range', { index, size });
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return rangeHashes(ranges.reverse(), hashes);
}

/**
 * Proof that the first `size1` leaves of the tree of `size2` are the whole older tree (RFC 6962 §2.1.2). Empty when
 * the sizes are equal or the older tree is empty.
 * @throws TrucError `ledger.out-of-range` unless 0 ≤ size1 ≤ size2
 */
export async function consistencyPath(
  size1: number,
  size2: number,
  hashes: SubtreeHashes,
): Promise<Buffer[]> {
  if (!isSize(size1) || !isSize(size2) || size1 > size2)
    throw new TrucError('ledger.out-of-range', { index: size1, size: size2 });
  if (size1 === 0 || size1 === size2) return [];
  const ranges: Range[] = [];
  let [begin, end] = [0, size2];
  while (end !== size1) {
    const middle = begin + splitPoint(end - begin);
    if (size1 <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  // A checker that knows the old root needs no hash for it where the old tree is one complete subtree.
  if (begin > 0) ranges.push({ begin, end });
  return rangeHashes(ranges.reverse(), hashes);
}

/** The right edge of the tree of `size` leaves, read from stored hashes. */
export async function readEdge(size: number, hashes: SubtreeHashes): Promise<Edge> {
  const nodes: (Buffer | null)[] = [];
  for (const { level, index } of completeSubtrees({ begin: 0, end: size })) {
    while (nodes.length < level + 1) nodes.push(null);
    nodes[level] = await hashes(level, index, 1);
  }
  return { size, nodes };
}

/** Largest power of two below `count` (count ≥ 2): where RFC 6962 splits a tree. */
function splitPoint(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

function completeSubtrees({ begin, end }: Range): { level: number; index: number }[] {
  const subtrees: { level: number; index: number }[] = [];
  let from = begin;
  while (from < end) {
    let level = 0;
    while (from % 2 ** (level + 1) === 0 && from + 2 ** (level + 1) <= end) level++;
    subtrees.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return subtrees;
}

async function rangeHash(range: Range, hashes: SubtreeHashes): Promise<Buffer> {
  const parts = await Promise.all(completeSubtrees(range).map(({ level, index }) => hashes(level, index, 1)));
  if (parts.some((part) => part.length !== HASH_SIZE))
    throw new TrucError('ledger.root-mismatch', { ...range });
  return parts.reduceRight((right, left) => nodeHash(left, right));
}

function rangeHashes(ranges: readonly Range[], hashes: SubtreeHashes): Promise<Buffer[]> {
  return Promise.all(ranges.map((range) => rangeHash(range, hashes)));
}
