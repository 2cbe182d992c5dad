import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from '../../src/kernel/index.ts';
import {
  checkpointText,
  EMPTY_EDGE,
  type Entry,
  edgeRoot,
  encodeEntry,
  exportLog,
  extendEdge,
  formatTilePath,
  formatVkey,
  type LogReader,
  type LogSource,
  leafHash,
  packBundle,
  parseEntry,
  signNote,
  tilesOf,
} from '../../src/ledger/index.ts';
import { LOG_KEY, ORIGIN } from './ledger.ts';

/** A log as static files, by path. */
export type LogFiles = Map<string, Buffer>;

export const VKEY = formatVkey(ORIGIN, LOG_KEY);
export const STRANGER_KEY: KeyObject = generateKeyPairSync('ed25519').privateKey;

export async function exported(reader: LogReader): Promise<LogFiles> {
  const files: LogFiles = new Map();
  for await (const { path, bytes } of exportLog(reader)) files.set(path, bytes);
  return files;
}

export function served(files: LogFiles): LogSource {
  return async (path) => files.get(path) ?? null;
}

/**
 * Everything a dishonest operator can make out of a list of entries: all tiles recomputed and the root signed with the
 * true key, without asking the signer's memory.
 */
export function forgedLog(entries: readonly Buffer[], key: KeyObject = LOG_KEY): LogFiles {
  const files: LogFiles = new Map();
  const { edge, levels } = extendEdge(
    EMPTY_EDGE,
    entries.map((entry) => leafHash(entry)),
  );
  const from = (index: number) => index * 256;
  for (const tile of tilesOf('entries', entries.length))
    files.set(
      formatTilePath(tile),
      packBundle(entries.slice(from(tile.index), from(tile.index) + tile.width)),
    );
  for (let level = 0; level * 8 < levels.length; level++)
    for (const tile of tilesOf(level, entries.length)) {
      const hashes = levels[level * 8] as Buffer;
      const begin = from(tile.index) * 32;
      files.set(formatTilePath(tile), Buffer.from(hashes.subarray(begin, begin + tile.width * 32)));
    }
  const text = checkpointText(ORIGIN, { size: entries.length, root: edgeRoot(edge) });
  files.set('checkpoint', Buffer.from(signNote(text, ORIGIN, key)));
  return files;
}

/** The entry with some fields changed. */
export function reworded(entry: Buffer, change: Partial<Entry>): Buffer {
  return encodeEntry({ ...parseEntry(entry), ...change });
}

/** A commitment that nothing opens. */
export const OTHER_COMMIT = sha256('another fact').toString('hex');
