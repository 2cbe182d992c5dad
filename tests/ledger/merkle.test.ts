import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '../../src/kernel/index.ts';
import {
  consistencyPath,
  EMPTY_EDGE,
  EMPTY_ROOT,
  edgeRoot,
  extendEdge,
  inclusionPath,
  isPowerOfTwo,
  leafHash,
  nodeHash,
  readEdge,
  rootAt,
  type SubtreeHashes,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ledger/index.ts';
import { naiveRoot, numberedLeaves, storedHashes } from '../builders/trees.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
/** Examples of transparency-dev/merkle and of the Certificate Transparency test data (Apache 2.0). */
function vectors<T>(name: string): T {
  const path = join(import.meta.dirname, '../vectors/merkle', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

interface InclusionVector {
  file: string;
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}

interface ConsistencyVector {
  file: string;
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}

const bytes = (text: string) => Buffer.from(text, 'base64');

describe('published vectors', () => {
  const tree = vectors<{ leaves: string[]; roots: string[]; nodes: string[][] }>('tree');
  const leaves = tree.leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));

  test('roots of the trees of 0 to 8 leaves, added one by one and at once', () => {
    let edge = EMPTY_EDGE;
    for (const [size, root] of tree.roots.entries()) {
      expect(edgeRoot(edge).toString('hex')).toBe(root);
      expect(edgeRoot(extendEdge(EMPTY_EDGE, leaves.slice(0, size)).edge)).toEqual(edgeRoot(edge));
      edge = extendEdge(edge, leaves.slice(size, size + 1)).edge;
    }
  });

  test('every inner node of the tree of 8', () => {
    const { levels } = extendEdge(EMPTY_EDGE, leaves);
    expect(levels.map((level) => level.toString('hex'))).toEqual(tree.nodes.map((nodes) => nodes.join('')));
  });

  const inclusion = vectors<InclusionVector[]>('inclusion').map((v) => ({
    ...v,
    is: v.wantErr ? 'is not' : 'is',
  }));
  test.each(inclusion)('inclusion $file $is a proof', (v) => {
    const path = (v.proof ?? []).map(bytes);
    const proven = verifyInclusion(bytes(v.leafHash), v.leafIdx, v.treeSize, path, bytes(v.root));
    expect(proven).toBe(!v.wantErr);
  });

  const consistency = vectors<ConsistencyVector[]>('consistency').map((v) => ({
    ...v,
    is: v.wantErr ? 'is not' : 'is',
  }));
  test.each(consistency)('consistency $file $is a proof', (v) => {
    const path = (v.proof ?? []).map(bytes);
    expect(verifyConsistency(v.size1, bytes(v.root1), v.size2, bytes(v.root2), path)).toBe(!v.wantErr);
  });

  test('the good ones are exactly what is made here', async () => {
    const hashes = storedHashes(leaves);
    for (const v of inclusion.filter(({ wantErr }) => !wantErr))
      expect(await inclusionPath(v.leafIdx, v.treeSize, hashes)).toEqual((v.proof ?? []).map(bytes));
    for (const v of consistency.filter(({ wantErr }) => !wantErr))
      expect(await consistencyPath(v.size1, v.size2, hashes)).toEqual((v.proof ?? []).map(bytes));
  });

  test('an entry that looks like two child hashes is not taken for their parent', () => {
    const [left, right] = [leaves[0] as Buffer, leaves[1] as Buffer];
    expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
  });
});

describe('the right edge against the recursive definition', () => {
  const SIZES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129, 255, 256, 257, 511, 512, 513, 4095, 4096, 4097];

  test.each([...SIZES, 65_535, 65_536, 65_537])('%p leaves', async (size) => {
    const leaves = numberedLeaves(size);
    const hashes = storedHashes(leaves);
    const root = naiveRoot(leaves);
    expect(edgeRoot(extendEdge(EMPTY_EDGE, leaves).edge)).toEqual(root);
    expect(await rootAt(size, hashes)).toEqual(root);
    expect(edgeRoot(await readEdge(size, hashes))).toEqual(root);
  });

  test('in batches of any size: same root, same stored hashes, and no edge changed in place', () => {
    const batches = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, (counts) => {
        const leaves = numberedLeaves(counts.reduce((sum, count) => sum + count, 0));
        const whole = extendEdge(EMPTY_EDGE, leaves);
        const levels: Buffer[] = [];
        let edge = EMPTY_EDGE;
        for (const count of counts) {
          const before = JSON.stringify(edge);
          const step = extendEdge(edge, leaves.slice(edge.size, edge.size + count));
          expect(JSON.stringify(edge)).toBe(before);
          for (const [level, more] of step.levels.entries())
            levels[level] = Buffer.concat([levels[level] ?? Buffer.alloc(0), more]);
          edge = step.edge;
        }
        expect(edgeRoot(edge)).toEqual(naiveRoot(leaves));
        expect(levels).toEqual(whole.levels);
      }),
      { seed, numRuns: 100 },
    );
  });

  test('powers of two are told up to the largest size', () => {
    for (let power = 0; power < 53; power++) {
      expect(isPowerOfTwo(2 ** power)).toBe(true);
      if (power > 1)
        expect([isPowerOfTwo(2 ** power - 1), isPowerOfTwo(2 ** power + 1)]).toEqual([false, false]);
    }
    expect(isPowerOfTwo(Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});

interface Inclusion {
  leaf: Buffer;
  index: number;
  size: number;
  path: Buffer[];
  root: Buffer;
}

interface Consistency {
  size1: number;
  root1: Buffer;
  size2: number;
  root2: Buffer;
  path: Buffer[];
}

const LARGEST = 700;
const leaves = numberedLeaves(LARGEST);
const hashes: SubtreeHashes = storedHashes(leaves);
const stranger = sha256('in no tree');

const included = ({ leaf, index, size, path, root }: Inclusion) =>
  verifyInclusion(leaf, index, size, path, root);
const consistent = ({ size1, root1, size2, root2, path }: Consistency) =>
  verifyConsistency(size1, root1, size2, root2, path);

function flipped(hash: Buffer, bit: number): Buffer {
  const copy = Buffer.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

/** The same path with one hash changed, dropped, doubled or added, wherever that can be done. */
function otherPaths(path: readonly Buffer[], at: number, bit: number): Buffer[][] {
  const others = [
    [...path, stranger],
    [stranger, ...path],
    [...path, Buffer.alloc(0)],
    [...path, ...Array.from({ length: 64 }, () => stranger)],
  ];
  if (path.length === 0) return others;
  const i = at % path.length;
  const hash = path[i] as Buffer;
  const replaced = (by: Buffer[]) => [...path.slice(0, i), ...by, ...path.slice(i + 1)];
  others.push(
    replaced([flipped(hash, bit)]),
    replaced([]),
    replaced([hash, hash]),
    replaced([hash.subarray(1)]),
  );
  if (path.length > 1) others.push([...path].reverse());
  return others;
}

const at = fc.integer({ min: 0, max: 62 });
const bit = fc.integer({ min: 0, max: 255 });
/** Two numbers of the tree, the smaller first. */
const twoSizes = fc
  .tuple(fc.integer({ min: 0, max: LARGEST }), fc.integer({ min: 0, max: LARGEST }))
  .map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a]));

describe('inclusion proofs', () => {
  test('every leaf of every tree up to 70 leaves, and of those around 256, is proven', async () => {
    for (const size of [...Array.from({ length: 70 }, (_, i) => i + 1), 255, 256, 257]) {
      const root = await rootAt(size, hashes);
      for (let index = 0; index < size; index++) {
        const path = await inclusionPath(index, size, hashes);
        expect(included({ leaf: leaves[index] as Buffer, index, size, path, root })).toBe(true);
      }
    }
  });

  test('nothing that differs in one part is a proof', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, at, bit, fc.nat(), async ([index, size], where, which, other) => {
        fc.pre(index < size);
        const path = await inclusionPath(index, size, hashes);
        const good: Inclusion = {
          leaf: leaves[index] as Buffer,
          index,
          size,
          path,
          root: await rootAt(size, hashes),
        };
        expect(included(good)).toBe(true);
        const changed: Inclusion[] = [
          ...[index + 1, index - 1, other % size]
            .filter((i) => i !== index)
            .map((i) => ({ ...good, index: i })),
          { ...good, leaf: flipped(good.leaf, which) },
          // In a tree of one leaf the root is the leaf.
          ...(size > 1 ? [{ ...good, leaf: good.root }] : []),
          { ...good, leaf: good.leaf.subarray(0, 31) },
          { ...good, root: flipped(good.root, which) },
          { ...good, root: Buffer.alloc(0) },
          ...otherPaths(path, where, which).map((p) => ({ ...good, path: p })),
        ];
        for (const one of changed) expect(included(one)).toBe(false);
      }),
      { seed, numRuns: 300 },
    );
  });

  /** The same hashes can be a proof for another size (the tree only differs where the path does not look), never another root. */
  test('another size is never proven under the root of that size', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.integer({ min: 1, max: LARGEST }), async ([index, size], other) => {
        fc.pre(index < size && other !== size && index < other);
        const path = await inclusionPath(index, size, hashes);
        const leaf = leaves[index] as Buffer;
        expect(included({ leaf, index, size: other, path, root: await rootAt(other, hashes) })).toBe(false);
      }),
      { seed, numRuns: 300 },
    );
  });

  test.each([
    ['no tree', 0, 0],
    ['beyond the tree', 3, 3],
    ['negative', -1, 3],
    ['a fraction', 0.5, 3],
    ['not a number', Number.NaN, 3],
    ['a size that is not exact', 0, 2 ** 53],
    ['an endless size', 0, Number.POSITIVE_INFINITY],
    ['a negative size', 0, -1],
  ])('%s is no proof and cannot be asked for', async (_, index, size) => {
    expect(verifyInclusion(leaves[0] as Buffer, index, size, [], leaves[0] as Buffer)).toBe(false);
    await expect(inclusionPath(index, size, hashes)).rejects.toMatchObject({ code: 'ledger.out-of-range' });
  });

  test('a leaf at the far end of the largest tree is proven with 53 hashes or fewer, and ends', () => {
    const size = Number.MAX_SAFE_INTEGER;
    const path = Array.from({ length: 52 }, (_, i) => sha256(`left ${i}`));
    const leaf = leaves[0] as Buffer;
    const root = path.reduce((hash, left) => nodeHash(left, hash), leaf);
    expect(verifyInclusion(leaf, size - 1, size, path, root)).toBe(true);
    expect(verifyInclusion(leaf, size - 1, size, path.slice(1), root)).toBe(false);
  });
});

describe('consistency proofs', () => {
  test('every pair of sizes up to 70, and around 256, is proven', async () => {
    const sizes = [...Array.from({ length: 71 }, (_, i) => i), 255, 256, 257, 512, 700];
    const roots = new Map(await Promise.all(sizes.map(async (n) => [n, await rootAt(n, hashes)] as const)));
    for (const size1 of sizes)
      for (const size2 of sizes.filter((n) => n >= size1)) {
        const path = await consistencyPath(size1, size2, hashes);
        const [root1, root2] = [roots.get(size1) as Buffer, roots.get(size2) as Buffer];
        expect(consistent({ size1, root1, size2, root2, path })).toBe(true);
      }
  });

  test('nothing that differs in one part is a proof', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, at, bit, async ([size1, size2], where, which) => {
        const path = await consistencyPath(size1, size2, hashes);
        const [root1, root2] = [await rootAt(size1, hashes), await rootAt(size2, hashes)];
        const good: Consistency = { size1, root1, size2, root2, path };
        expect(consistent(good)).toBe(true);
        const changed: Consistency[] = [
          { ...good, root1: flipped(root1, which) },
          { ...good, root1: Buffer.alloc(0) },
          { ...good, root2: Buffer.alloc(31) },
          { ...good, size1: size2 + 1 },
          { ...good, size1: -1 },
          { ...good, size1: size1 + 0.5 },
          ...otherPaths(path, where, which).map((p) => ({ ...good, path: p })),
        ];
        // The empty tree is part of every tree, whatever its root.
        if (size1 > 0) changed.push({ ...good, root2: flipped(root2, which) });
        if (size1 > 0 && size1 < size2)
          changed.push(
            { ...good, root1: root2, root2: root1 },
            { ...good, path: [] },
            { ...good, root1: EMPTY_ROOT },
          );
        for (const one of changed) expect(consistent(one)).toBe(false);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('another size is never proven with its own root', async () => {
    await fc.assert(
      fc.asyncProperty(twoSizes, fc.integer({ min: 1, max: LARGEST }), async ([size1, size2], other) => {
        fc.pre(size1 > 0 && size1 < size2 && other !== size1 && other !== size2);
        const path = await consistencyPath(size1, size2, hashes);
        const [root1, root2] = [await rootAt(size1, hashes), await rootAt(size2, hashes)];
        const root = await rootAt(other, hashes);
        expect(consistent({ size1: other, root1: root, size2, root2, path })).toBe(false);
        expect(consistent({ size1, root1, size2: other, root2: root, path })).toBe(false);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('two trees that differ in one old leaf are inconsistent whatever is offered', async () => {
    const forked = leaves.map((leaf, i) => (i === 100 ? stranger : leaf));
    const forkedHashes = storedHashes(forked);
    for (const size1 of [101, 128, 256, 500]) {
      const [root1, root2] = [await rootAt(size1, hashes), await rootAt(LARGEST, forkedHashes)];
      for (const path of [
        await consistencyPath(size1, LARGEST, hashes),
        await consistencyPath(size1, LARGEST, forkedHashes),
      ])
        expect(consistent({ size1, root1, size2: LARGEST, root2, path })).toBe(false);
    }
  });

  test.each([
    [5, 4],
    [-1, 4],
    [0, 2 ** 53],
    [0.5, 4],
  ])('from %p to %p cannot be asked for', async (size1, size2) => {
    await expect(consistencyPath(size1, size2, hashes)).rejects.toMatchObject({
      code: 'ledger.out-of-range',
    });
  });
});
