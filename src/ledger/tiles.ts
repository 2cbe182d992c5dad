import { isTrucError } from '../kernel/index.ts';
import type { LogReader } from './reader.ts';

/** A resource of C2SP tlog-tiles: a tile of hashes at a tile level, or a bundle of entries. */
export interface TilePath {
  /** Tile level 0…6 (each spans 8 tree levels), or `entries`. */
  level: number | 'entries';
  /** Index of the tile within its level. */
  index: number;
  /** Hashes or entries in it: 256 when full, 1…255 when partial. */
  width: number;
}

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
/** Tile level 7 would begin beyond 2^53 entries, so none can exist for us. */
const PATH = /^tile\/(entries|[0-6])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** `tile/0/x001/x234/067.p/12`: c2sp.org/tlog-tiles. */
export function formatTilePath({ level, index, width }: TilePath): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads a path in its one canonical spelling; null for everything else. */
export function parseTilePath(path: string): TilePath | null {
  const match = path.length < 64 ? PATH.exec(path) : null;
  if (!match) return null;
  const level = match[1] === 'entries' ? 'entries' : Number(match[1]);
  const index = Number((match[2] as string).replace(/[x/]/g, ''));
  const width = match[3] === undefined ? TILE_WIDTH : Number(match[3]);
  if (!Number.isSafeInteger(index) || (match[3] !== undefined && width >= TILE_WIDTH)) return null;
  const tile: TilePath = { level, index, width };
  return formatTilePath(tile) === path ? tile : null;
}

/**
 * The bytes of a tile or bundle, up to the last signed checkpoint.
 * @returns null when the path is malformed or any of it lies beyond the tree; `full` says that it will never change
 */
export async function tileAt(
  reader: LogReader,
  path: string,
): Promise<{ bytes: Buffer; full: boolean } | null> {
  const tile = parseTilePath(path);
  if (!tile) return null;
  const { level, index, width } = tile;
  const from = index * TILE_WIDTH;
  try {
    const bytes =
      level === 'entries'
        ? packBundle(await reader.entries(from, width))
        : await reader.hashes(level * TILE_HEIGHT, from, width);
    return { bytes, full: width === TILE_WIDTH };
  } catch (error) {
    if (isTrucError(error, 'ledger.out-of-range')) return null;
    throw error;
  }
}

/** An entry bundle: each entry after its length in two bytes, big-endian. */
export function packBundle(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** @returns the entries of a bundle, or null when it does not hold exactly `count` of them */
export function unpackBundle(bytes: Buffer, count: number): Buffer[] | null {
  const entries: Buffer[] = [];
  let at = 0;
  while (at + 2 <= bytes.length && entries.length < count) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return at === bytes.length && entries.length === count ? entries : null;
}

/** All tiles of one level, or all bundles, of a tree of `size` entries. */
export function tilesOf(level: number | 'entries', size: number): TilePath[] {
  const width = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
  const tiles: TilePath[] = [];
  for (let from = 0; from < width; from += TILE_WIDTH)
    tiles.push({ level, index: from / TILE_WIDTH, width: Math.min(TILE_WIDTH, width - from) });
  return tiles;
}
