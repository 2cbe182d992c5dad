import { TrucError } from '../kernel/index.ts';
import type { LogSource } from './audit.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { HASH_SIZE, nodeHash, verifyConsistency } from './merkle.ts';
import { parseVkey } from './note.ts';
import { formatProof, verifyProof } from './proof.ts';
import { consistencyPath, inclusionPath, rootAt, type SubtreeHashes } from './proofs.ts';
import { formatTilePath, TILE_WIDTH, unpackBundle } from './tiles.ts';

const TILE_HEIGHT = 8;

/** An entry with the proof that the log holds it, made and checked from the log's public tiles. */
export interface ProvenEntry {
  entry: Buffer;
  /** C2SP tlog-proof text. */
  proof: string;
  size: number;
}

/**
 * Proves one entry of any C2SP tlog-tiles log, reading O(log n) tiles.
 * @throws TrucError `ledger.out-of-range`, `ledger.bundle-malformed`, `ledger.root-mismatch` when the log's tiles do not
 * lead to its checkpoint, `ledger.vkey-malformed`, and note and checkpoint codes
 */
export async function proveEntry(source: LogSource, vkey: string, index: number): Promise<ProvenEntry> {
  const { note, checkpoint } = await currentCheckpoint(source, vkey);
  const { size } = checkpoint;
  const path = await inclusionPath(index, size, tileHashes(source, size));
  const entry = await entryAt(source, index, size);
  const proof = formatProof({ index, path, checkpoint: note });
  if (!verifyProof({ index, path, checkpoint: note }, entry, parseVkey(vkey)))
    throw new TrucError('ledger.root-mismatch', { index, size });
  return { entry, proof, size };
}

/** What an earlier checkpoint and the present one say about each other. */
export interface ProvenGrowth {
  /** True when the earlier tree is a prefix of the present one. */
  consistent: boolean;
  from: number;
  to: number;
  /** RFC 6962 consistency proof, hashes in base64. */
  path: string[];
}

/**
 * Whether a log still contains all of an earlier checkpoint (RFC 6962 §2.1.2), from its public tiles.
 * @param earlier the signed checkpoint as it was saved
 * @throws as {@link proveEntry}
 */
export async function proveGrowth(source: LogSource, vkey: string, earlier: string): Promise<ProvenGrowth> {
  const before = openCheckpoint(earlier, parseVkey(vkey), 'accept');
  const { checkpoint: now } = await currentCheckpoint(source, vkey);
  if (before.size > now.size) return { consistent: false, from: before.size, to: now.size, path: [] };
  const hashes = tileHashes(source, now.size);
  const path = await consistencyPath(before.size, now.size, hashes);
  // Nobody is accused of a fork on the word of tiles that do not belong to the log's own checkpoint.
  const ownRoot = await rootAt(before.size, hashes);
  if (!verifyConsistency(before.size, ownRoot, now.size, now.root, path))
    throw new TrucError('ledger.root-mismatch', { from: before.size, size: now.size });
  return {
    consistent: before.root.equals(ownRoot),
    from: before.size,
    to: now.size,
    path: path.map((hash) => hash.toString('base64')),
  };
}

async function currentCheckpoint(
  source: LogSource,
  vkey: string,
): Promise<{ note: string; checkpoint: Checkpoint }> {
  const note = Buffer.from(await fetched(source, 'checkpoint')).toString('utf8');
  return { note, checkpoint: openCheckpoint(note, parseVkey(vkey), 'accept') };
}

async function fetched(source: LogSource, path: string): Promise<Uint8Array> {
  const bytes = await source(path);
  if (!bytes) throw new TrucError('ledger.bundle-malformed', { path, cause: 'missing' });
  return bytes;
}

async function entryAt(source: LogSource, index: number, size: number): Promise<Buffer> {
  const bundle = Math.floor(index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
  const path = formatTilePath({ level: 'entries', index: bundle, width });
  const entry = unpackBundle(Buffer.from(await fetched(source, path)), width)?.[index % TILE_WIDTH];
  if (!entry) throw new TrucError('ledger.bundle-malformed', { path, cause: 'entries' });
  return entry;
}

/** Subtree hashes of a log of `size` entries from its tiles; each tile is fetched once. */
function tileHashes(source: LogSource, size: number): SubtreeHashes {
  const tiles = new Map<string, Promise<Buffer>>();
  const tile = (level: number, index: number): Promise<Buffer> => {
    const complete = Math.floor(size / TILE_WIDTH ** level);
    const width = Math.min(TILE_WIDTH, complete - index * TILE_WIDTH);
    const path = formatTilePath({ level, index, width });
    const known = tiles.get(path) ?? readTile(source, path, width);
    tiles.set(path, known);
    return known;
  };
  const subtree = async (level: number, index: number): Promise<Buffer> => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const leaves = 2 ** (level - tileLevel * TILE_HEIGHT);
    const first = index * leaves;
    const hashes = await tile(tileLevel, Math.floor(first / TILE_WIDTH));
    const begin = (first % TILE_WIDTH) * HASH_SIZE;
    return folded(hashes.subarray(begin, begin + leaves * HASH_SIZE));
  };
  return async (level, from, count) =>
    Buffer.concat(await Promise.all(Array.from({ length: count }, (_, i) => subtree(level, from + i))));
}

async function readTile(source: LogSource, path: string, width: number): Promise<Buffer> {
  const bytes = Buffer.from(await fetched(source, path));
  if (bytes.length !== width * HASH_SIZE)
    throw new TrucError('ledger.bundle-malformed', { path, cause: 'length' });
  return bytes;
}

/** Root of a complete subtree from the hashes of its 2^k leaves. */
function folded(hashes: Buffer): Buffer {
  if (hashes.length <= HASH_SIZE) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(folded(hashes.subarray(0, middle)), folded(hashes.subarray(middle)));
}
