import { sha256 } from '../../src/kernel/index.ts';
import { EMPTY_EDGE, extendEdge, nodeHash, type SubtreeHashes } from '../../src/ledger/index.ts';

/** `count` different leaf hashes. */
export function numberedLeaves(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => sha256(`leaf ${i}`));
}

/** Root by the definition of RFC 6962 §2.1, word for word: a second implementation to compare with. */
export function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return leaves[0] as Buffer;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** Stored hashes of a tree, as a journal keeps them. */
export function storedHashes(leaves: readonly Buffer[]): SubtreeHashes {
  const { levels } = extendEdge(EMPTY_EDGE, leaves);
  return async (level, from, count) => {
    const hashes = (levels[level] ?? Buffer.alloc(0)).subarray(from * 32, (from + count) * 32);
    if (hashes.length !== count * 32) throw new Error(`no hash ${from} + ${count} at level ${level}`);
    return hashes;
  };
}
