import { isTrucError, TrucError } from '../kernel/index.ts';
import { type DocumentChains, documentChains } from './audit-chains.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { type Edge, EMPTY_EDGE, edgeRoot, extendEdge } from './edge.ts';
import { HASH_SIZE, leafHash } from './merkle.ts';
import { type NoteVerifier, parseVkey } from './note.ts';
import type { LogReader } from './reader.ts';
import { formatTilePath, type TilePath, tileAt, tilesOf, unpackBundle } from './tiles.ts';

/**
 * Fetches a resource of a C2SP tlog-tiles log by its path below the log's URL prefix (`checkpoint`, `tile/…`).
 * @returns its bytes, or null when the log does not have it
 */
export type LogSource = (path: string) => Promise<Uint8Array | null>;

export interface AuditOptions {
  vkey: string;
  /** Checkpoints (signed notes) of the same log that were seen earlier: each must be a prefix of what the log shows now. */
  savedCheckpoints?: readonly string[];
  /** `truc` (the default) also reads the entries as ours; `any` checks the tree alone, for other logs. */
  entries?: 'truc' | 'any';
  /** Called after each bundle with the number of entries done. */
  onProgress?(done: number, total: number): void;
}

export type AuditCode =
  /** Root of the entries and root of the checkpoint differ. */
  | 'audit.root-mismatch'
  /** An earlier checkpoint is larger than the log now: entries are gone. */
  | 'audit.rollback'
  /** An earlier checkpoint has another root at its size: two histories were signed. */
  | 'audit.fork'
  | 'audit.bundle-missing'
  | 'audit.bundle-malformed'
  | 'audit.tile-missing'
  | 'audit.tile-mismatch'
  /** `at` of an entry lies before that of the one before it. */
  | 'audit.time-decreased'
  /** `seq` does not follow the document's entry before it. */
  | 'audit.sequence-gap'
  /** `prev` is not the leaf hash of the document's entry before it. */
  | 'audit.chain-broken'
  /** The checkpoint, a saved one or an entry cannot be read; `cause` has the error's code. */
  | 'audit.unreadable';

export interface AuditFinding {
  code: AuditCode;
  /** Index of an entry, path of a tile, or which checkpoint. */
  at: string;
  cause: string | null;
}

export interface AuditReport {
  ok: boolean;
  /** Name, size and root (base64) of the log's checkpoint; null when it could not be opened. */
  origin: string | null;
  size: number | null;
  root: string | null;
  /** Entries read and hashed. */
  checked: number;
  /** Documents among them (0 for other people's logs). */
  documents: number;
  /** The first hundred. */
  findings: AuditFinding[];
}

const MAX_FINDINGS = 100;

/**
 * Replays a whole log from its bundles and compares it with its checkpoint: signature, root, every tile, earlier
 * checkpoints; for our own entries also their form, times and each document's chain. Trusts nothing but the vkey.
 * Memory: 128 bytes or so per document and 32 bytes per 256 entries. What a log serves is never an error, only a finding.
 * @throws TrucError `ledger.vkey-malformed`; whatever the source throws passes through
 */
export async function auditLog(source: LogSource, options: AuditOptions): Promise<AuditReport> {
  const findings: AuditFinding[] = [];
  const find: Find = (code, at, cause = null) => {
    if (findings.length < MAX_FINDINGS) findings.push({ code, at, cause });
  };
  const verifier = parseVkey(options.vkey);
  const head = await openHead(source, verifier, options, find);
  const chains = options.entries === 'any' ? null : documentChains(find);
  const edge = head === null ? EMPTY_EDGE : await replay(source, head, chains, options, verifier, find);
  if (head !== null && edge.size === head.size && !edgeRoot(edge).equals(head.root))
    find('audit.root-mismatch', String(head.size));
  return {
    ok: findings.length === 0,
    origin: head?.origin ?? null,
    size: head?.size ?? null,
    root: head?.root.toString('base64') ?? null,
    checked: edge.size,
    documents: chains?.documents() ?? 0,
    findings,
  };
}

/** A reader as a source, to audit a data folder as one would audit a URL. */
export function sourceOf(reader: LogReader): LogSource {
  return async (path) =>
    path === 'checkpoint'
      ? Buffer.from(await reader.checkpoint(), 'utf8')
      : ((await tileAt(reader, path))?.bytes ?? null);
}

/** Notes a finding. */
export type Find = (code: AuditCode, at: string, cause?: string | null) => void;

async function openHead(
  source: LogSource,
  verifier: NoteVerifier,
  { entries }: AuditOptions,
  find: Find,
): Promise<Checkpoint | null> {
  const note = await source('checkpoint');
  return orFinding('checkpoint', find, () => {
    if (note === null) throw new TrucError('ledger.checkpoint-malformed', { cause: 'missing' });
    return openCheckpoint(note, verifier, entries === 'any' ? 'accept' : 'refuse');
  });
}

/** Earlier checkpoints by size; those beyond the log are findings at once. */
function openSaved(
  notes: readonly string[],
  verifier: NoteVerifier,
  head: Checkpoint,
  find: Find,
): Checkpoint[] {
  const saved = notes.flatMap((note, i) => {
    const at = `saved checkpoint ${i + 1}`;
    const checkpoint = orFinding(at, find, () => openCheckpoint(note, verifier, 'accept'));
    if (checkpoint !== null && checkpoint.size > head.size) find('audit.rollback', at);
    return checkpoint !== null && checkpoint.size <= head.size ? [checkpoint] : [];
  });
  return saved.sort((a, b) => a.size - b.size);
}

/** Rebuilds the tree from the bundles, as far as they can be had. */
async function replay(
  source: LogSource,
  head: Checkpoint,
  chains: DocumentChains | null,
  { savedCheckpoints = [], onProgress }: AuditOptions,
  verifier: NoteVerifier,
  find: Find,
): Promise<Edge> {
  const saved = openSaved(savedCheckpoints, verifier, head, find);
  const upper: Buffer[][] = [];
  let edge = EMPTY_EDGE;
  compareSaved(edge, saved, find);
  for (const bundle of tilesOf('entries', head.size)) {
    const entries = await fetchBundle(source, bundle, find);
    if (entries === null) return edge;
    const leaves = entries.map((entry) => leafHash(entry));
    entries.forEach((entry, i) => {
      chains?.add(entry, leaves[i] as Buffer, edge.size + i);
    });
    await compareTile(source, { ...bundle, level: 0 }, Buffer.concat(leaves), find);
    edge = growTo(edge, leaves, saved, upper, find);
    onProgress?.(edge.size, head.size);
  }
  await compareUpperTiles(source, head.size, upper, find);
  return edge;
}

async function fetchBundle(source: LogSource, bundle: TilePath, find: Find): Promise<Buffer[] | null> {
  const path = formatTilePath(bundle);
  const bytes = await source(path);
  const entries =
    bytes && unpackBundle(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), bundle.width);
  if (entries === null) find(bytes === null ? 'audit.bundle-missing' : 'audit.bundle-malformed', path);
  return entries;
}

/** Adds leaves, stopping at the size of each saved checkpoint to compare its root. */
function growTo(
  start: Edge,
  leaves: readonly Buffer[],
  saved: Checkpoint[],
  upper: Buffer[][],
  find: Find,
): Edge {
  let edge = start;
  let from = 0;
  while (from < leaves.length) {
    const next = saved[0];
    const to = next === undefined ? leaves.length : Math.min(leaves.length, next.size - start.size);
    const { edge: grown, levels } = extendEdge(edge, leaves.slice(from, to));
    keepUpperTiles(levels, upper);
    edge = grown;
    from = to;
    compareSaved(edge, saved, find);
  }
  return edge;
}

function compareSaved(edge: Edge, saved: Checkpoint[], find: Find): void {
  while (saved[0]?.size === edge.size) {
    const { root, size } = saved.shift() as Checkpoint;
    if (!edgeRoot(edge).equals(root)) find('audit.fork', String(size));
  }
}

/** Tile level L holds the hashes of tree level 8·L; level 0 is compared bundle by bundle. */
function keepUpperTiles(levels: readonly Buffer[], upper: Buffer[][]): void {
  for (let level = 1; level * 8 < levels.length; level++) {
    upper[level] ??= [];
    upper[level]?.push(levels[level * 8] as Buffer);
  }
}

async function compareUpperTiles(
  source: LogSource,
  size: number,
  upper: readonly Buffer[][],
  find: Find,
): Promise<void> {
  for (let level = 1; level < upper.length; level++) {
    const hashes = Buffer.concat(upper[level] ?? []);
    for (const tile of tilesOf(level, size)) {
      const from = tile.index * 256 * HASH_SIZE;
      await compareTile(source, tile, hashes.subarray(from, from + tile.width * HASH_SIZE), find);
    }
  }
}

async function compareTile(source: LogSource, tile: TilePath, computed: Buffer, find: Find): Promise<void> {
  const path = formatTilePath(tile);
  const served = await source(path);
  if (served === null) find('audit.tile-missing', path);
  else if (!computed.equals(served)) find('audit.tile-mismatch', path);
}

function orFinding<T>(at: string, find: Find, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!isTrucError(error)) throw error;
    find('audit.unreadable', at, error.code);
    return null;
  }
}
