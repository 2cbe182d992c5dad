import { digestOf, ImpossibleError, TrucError } from '../kernel/index.ts';

/** The place of one complete subtree: `level` 0 are the leaves, node `index` of a level covers 2^level of them. */
export interface NodePlace {
  level: number;
  index: number;
}

/** Gives the hashes of complete subtrees, in the order asked; all of them lie inside the tree asked about. */
export type HashReader = (places: readonly NodePlace[]) => Promise<Buffer[]>;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const HASH_BYTES = 32;
/** A tree of 2^53 leaves has no longer proof; longer ones are refused unread. */
export const MAX_PROOF_HASHES = 54;
const MAX_CONSISTENCY_HASHES = MAX_PROOF_HASHES + 1;

/** RFC 6962 §2.1: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Buffer {
  return digestOf('sha256', LEAF, data);
}

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return digestOf('sha256', NODE, left, right);
}

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export function emptyRoot(): Buffer {
  return digestOf('sha256', new Uint8Array(0));
}

/** Root over a short list of leaf *data* (hashed here as leaves). */
export function rootOfData(data: readonly Uint8Array[]): Buffer {
  const edge: Edge = [];
  data.forEach((item, index) => {
    pushLeaf(edge, index, leafHash(item));
  });
  return rootOfEdge(edge);
}

/** The complete subtrees of a tree from left to right: what is needed to append to it. */
export type Edge = Buffer[];

/**
 * Appends a leaf hash to the edge of a tree of `size` leaves and tells each complete subtree that this closes.
 * @param onNode called with (level, hash) for the leaf itself (level 0) and every inner node that it completes
 */
export function pushLeaf(
  edge: Edge,
  size: number,
  hash: Buffer,
  onNode?: (level: number, hash: Buffer) => void,
): void {
  let node = hash;
  let level = 0;
  onNode?.(level, node);
  for (let left = size; left % 2 === 1; left = Math.floor(left / 2)) {
    const sibling = edge.pop();
    if (!sibling) throw new ImpossibleError('edge shorter than its size');
    node = nodeHash(sibling, node);
    level++;
    onNode?.(level, node);
  }
  edge.push(node);
}

/** Folds an edge into the root; no subtree gives the empty root. */
export function rootOfEdge(edge: Edge): Buffer {
  let root: Buffer | undefined;
  for (let i = edge.length - 1; i >= 0; i--) {
    const left = edge[i] as Buffer;
    root = root ? nodeHash(left, root) : left;
  }
  return root ?? emptyRoot();
}

/** Places of the complete subtrees that tile leaves [begin, end), left to right; `begin` is a multiple of the largest. */
export function subtreesOf(begin: number, end: number): NodePlace[] {
  const places: NodePlace[] = [];
  let at = begin;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      level++;
    }
    places.push({ level, index: at / width });
    at += width;
  }
  return places;
}

/** Root of the tree of `size` leaves. */
export async function rootAt(size: number, read: HashReader): Promise<Buffer> {
  assertSize(size);
  return rootOfEdge(await read(subtreesOf(0, size)));
}

type Range = readonly [begin: number, end: number];

/**
 * Inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1), from the leaf upwards.
 * @throws TrucError `ledger.out-of-range`
 */
export async function makeInclusionProof(index: number, size: number, read: HashReader): Promise<Buffer[]> {
  assertSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw outOfRange({ index, size });
  const ranges: Range[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([begin, middle]);
      begin = middle;
    }
  }
  return hashesOfRanges(ranges, read);
}

/**
 * Consistency proof between the trees of `first` and `second` leaves (RFC 9162 §2.1.4.1); empty when first is 0 or
 * both are equal.
 * @throws TrucError `ledger.out-of-range`
 */
export async function makeConsistencyProof(
  first: number,
  second: number,
  read: HashReader,
): Promise<Buffer[]> {
  assertSize(second);
  if (!Number.isSafeInteger(first) || first < 0 || first > second) throw outOfRange({ first, second });
  if (first === 0 || first === second) return [];
  const ranges: Range[] = [];
  let begin = 0;
  let end = second;
  // Descend to the node where the old tree ends; what it leaves aside on the way is the proof.
  while (first !== end) {
    const middle = begin + splitOf(end - begin);
    if (first <= middle) {
      ranges.unshift([middle, end]);
      end = middle;
    } else {
      ranges.unshift([begin, middle]);
      begin = middle;
    }
  }
  if (begin !== 0) ranges.unshift([begin, end]);
  return hashesOfRanges(ranges, read);
}

/**
 * RFC 9162 §2.1.3.2. Never throws: malformed input is false.
 * @param leaf leaf hash, 32 bytes
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isSize(size) || !isSize(index) || index >= size) return false;
  if (!areHashes([leaf, root]) || proof.length > MAX_PROOF_HASHES || !areHashes(proof)) return false;
  let node = index;
  let last = size - 1;
  let hash = Buffer.from(leaf);
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash.equals(root);
}

/** RFC 9162 §2.1.4.2, with the empty tree consistent with all and equal sizes only with equal roots. Never throws. */
export function verifyConsistency(
  first: number,
  second: number,
  proof: readonly Uint8Array[],
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
): boolean {
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (!areHashes([firstRoot, secondRoot]) || proof.length > MAX_CONSISTENCY_HASHES || !areHashes(proof))
    return false;
  if (first === second) return proof.length === 0 && Buffer.from(firstRoot).equals(secondRoot);
  if (first === 0) return proof.length === 0 && emptyRoot().equals(firstRoot);
  const roots = rootsFromConsistency(first, second, proof, firstRoot);
  return roots !== null && roots.old.equals(firstRoot) && roots.new.equals(secondRoot);
}

function rootsFromConsistency(
  first: number,
  second: number,
  proof: readonly Uint8Array[],
  firstRoot: Uint8Array,
): { old: Buffer; new: Buffer } | null {
  const whole = isPowerOfTwo(first) ? [firstRoot, ...proof] : [...proof];
  const start = whole.shift();
  if (!start || proof.length === 0) return null;
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let older = Buffer.from(start);
  let newer = Buffer.from(start);
  for (const hash of whole) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? { old: older, new: newer } : null;
}

/** One reading for all ranges, then each range's subtrees folded into its hash. */
async function hashesOfRanges(ranges: readonly Range[], read: HashReader): Promise<Buffer[]> {
  const places = ranges.map(([begin, end]) => subtreesOf(begin, end));
  const hashes = await read(places.flat());
  let at = 0;
  return places.map((group) => {
    const edge = hashes.slice(at, at + group.length);
    at += group.length;
    return rootOfEdge(edge);
  });
}

/** The largest power of two below n (n ≥ 2). */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function isPowerOfTwo(n: number): boolean {
  let k = n;
  while (k % 2 === 0) k /= 2;
  return k === 1;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function assertSize(size: number): void {
  if (!isSize(size)) throw outOfRange({ size });
}

function outOfRange(facts: Record<string, number>): TrucError {
  return new TrucError('ledger.out-of-range', facts);
}
