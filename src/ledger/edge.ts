import { EMPTY_ROOT, HASH_SIZE, nodeHash } from './merkle.ts';

/**
 * The right edge of a tree: for each set bit k of `size` the hash of a complete subtree of 2^k leaves, else null.
 * With it leaves can be added and the root computed without the rest of the tree. Values, never changed in place.
 */
export interface Edge {
  readonly size: number;
  readonly nodes: readonly (Buffer | null)[];
}

export interface Extension {
  edge: Edge;
  /** `levels[k]`: hashes of the subtrees of 2^k leaves that the new leaves complete, in order, 32 bytes each. */
  levels: Buffer[];
}

export const EMPTY_EDGE: Edge = { size: 0, nodes: [] };

/** The edge after more leaves, and every hash that became final by them: about one hashing per leaf. */
export function extendEdge(edge: Edge, leaves: readonly Buffer[]): Extension {
  const nodes = [...edge.nodes];
  const levels: Buffer[] = [];
  let current: readonly Buffer[] = leaves;
  for (let level = 0; current.length > 0; level++) {
    levels.push(Buffer.concat(current, current.length * HASH_SIZE));
    const waiting = nodes[level] ?? null;
    const pairs = waiting === null ? current : [waiting, ...current];
    const above: Buffer[] = [];
    for (let i = 0; i + 1 < pairs.length; i += 2)
      above.push(nodeHash(pairs[i] as Buffer, pairs[i + 1] as Buffer));
    nodes[level] = pairs.length % 2 === 1 ? (pairs.at(-1) as Buffer) : null;
    current = above;
  }
  return { edge: { size: edge.size + leaves.length, nodes }, levels };
}

/** Merkle tree hash of all leaves (RFC 6962 §2.1). */
export function edgeRoot(edge: Edge): Buffer {
  let root: Buffer | null = null;
  for (const node of edge.nodes) {
    if (node === null) continue;
    root = root === null ? node : nodeHash(node, root);
  }
  return root ?? EMPTY_ROOT;
}
