import { equalBytes, sha256 } from '../kernel/index.ts';

/** Bytes of a SHA-256 hash, the only hash of the log. */
export const HASH_SIZE = 32;

/** More hashes than this no proof for a tree of at most 2^53 leaves can have. */
export const MAX_PATH = 63;

/** Root of the tree without leaves: the hash of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = sha256('');

const leafScratch = Buffer.alloc(1 + 0x1_0000);
const nodeScratch = Buffer.alloc(1 + 2 * HASH_SIZE, 1);

/** Leaf hash of an entry: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  if (entry.length >= leafScratch.length) return sha256(Buffer.concat([Buffer.of(0), entry]));
  leafScratch.set(entry, 1);
  return sha256(leafScratch.subarray(0, entry.length + 1));
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + HASH_SIZE);
  return sha256(nodeScratch);
}

/**
 * Checks that the leaf at `index` is in the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
 * Never throws: numbers that are no tree, wrong lengths and over-long paths are simply not a proof.
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(size) || !isSize(index) || index >= size) return false;
  if (!areHashes([leaf, root]) || !isPath(path)) return false;
  let node = index;
  let last = size - 1;
  let hash: Uint8Array = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, root);
}

/**
 * Checks that the tree of `size1` leaves is a prefix of the tree of `size2` leaves (RFC 9162 §2.1.4.2).
 * The empty tree is a prefix of every tree and needs an empty path; equal sizes need equal roots and an empty path.
 * Never throws.
 */
export function verifyConsistency(
  size1: number,
  root1: Uint8Array,
  size2: number,
  root2: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!isSize(size1) || !isSize(size2) || size1 > size2) return false;
  if (!areHashes([root1, root2]) || !isPath(path)) return false;
  if (size1 === size2) return path.length === 0 && equalBytes(root1, root2);
  if (size1 === 0) return path.length === 0 && equalBytes(root1, EMPTY_ROOT);
  if (path.length === 0) return false;
  return foldConsistency(size1, root1, size2, root2, path);
}

function foldConsistency(
  size1: number,
  root1: Uint8Array,
  size2: number,
  root2: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  const nodes = isPowerOfTwo(size1) ? [root1, ...path] : path;
  let node = size1 - 1;
  let last = size2 - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let first = nodes[0] as Uint8Array;
  let second = first;
  for (const hash of nodes.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      first = nodeHash(hash, first);
      second = nodeHash(hash, second);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      second = nodeHash(second, hash);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalBytes(first, root1) && equalBytes(second, root2);
}

/** True for a count of leaves that this implementation handles: 0 to 2^53 − 1. */
export function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every((value) => value.length === HASH_SIZE);
}

function isPath(path: readonly Uint8Array[]): boolean {
  return path.length <= MAX_PATH && areHashes(path);
}
