import { TrucError } from '../kernel/index.ts';
import type { LogReader } from './reader.ts';
import { formatTilePath, TILE_WIDTH, type TilePath, tileAt, tilesOf } from './tiles.ts';

export interface LogFile {
  /** Relative to the log's prefix. */
  path: string;
  bytes: Buffer;
}

/**
 * The log as the static files of C2SP tlog-tiles, at its last signed size: bundles and tiles first, the checkpoint
 * last, so that whoever finds it finds everything that it covers.
 */
export async function* exportLog(reader: LogReader): AsyncGenerator<LogFile> {
  const size = await reader.size();
  for (const tile of pathsOf(size)) {
    const path = formatTilePath(tile);
    const found = await tileAt(reader, path);
    if (!found) throw new TrucError('ledger.out-of-range', { path, size });
    yield { path, bytes: found.bytes };
  }
  yield { path: 'checkpoint', bytes: Buffer.from(await reader.checkpoint(size)) };
}

function* pathsOf(size: number): Generator<TilePath> {
  yield* tilesOf('entries', size);
  for (let level = 0; size >= TILE_WIDTH ** level; level++) yield* tilesOf(level, size);
}
