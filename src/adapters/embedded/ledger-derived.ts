import { join } from 'node:path';
import { TrucError } from '../../kernel/index.ts';
import { HASH_SIZE } from '../../ledger/index.ts';
import { type LedgerFile, type OpenLedgerFile, syncLedgerFolder } from './ledger-files.ts';

const OFFSET_SIZE = 8;

/**
 * Files that follow from the journal: per tree level its hashes one after the other, and where each entry's record
 * begins. Nothing waits for their syncs; after a crash they are cut back and filled again.
 */
export interface DerivedFiles {
  /** Puts the hashes that became final and the offsets of new entries behind those of a tree of `size` leaves. */
  put(size: number, levels: readonly Buffer[], offsets: readonly number[]): Promise<void>;
  /** @throws TrucError `ledger.journal-corrupt` when a file is shorter */
  hashes(level: number, from: number, count: number): Buffer;
  offsets(from: number, count: number): number[];
  /** True when the files are long enough for a tree of `size` leaves. */
  covers(size: number): boolean;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export async function openDerivedFiles(folder: string, openFile: OpenLedgerFile): Promise<DerivedFiles> {
  const offsetFile = await openFile(join(folder, 'offsets'));
  const levelFiles: LedgerFile[] = [];
  const levelFile = async (level: number) => {
    while (levelFiles.length <= level)
      levelFiles.push(await openFile(join(folder, `level-${String(levelFiles.length).padStart(2, '0')}`)));
    return levelFiles[level] as LedgerFile;
  };
  await levelFile(0);

  return {
    put: async (size, levels, offsets) => {
      for (const [level, hashes] of levels.entries())
        (await levelFile(level)).writeNow(countAt(size, level) * HASH_SIZE, hashes);
      const bytes = Buffer.allocUnsafe(offsets.length * OFFSET_SIZE);
      offsets.forEach((offset, i) => {
        bytes.writeBigUInt64BE(BigInt(offset), i * OFFSET_SIZE);
      });
      offsetFile.writeNow(size * OFFSET_SIZE, bytes);
    },
    hashes: (level, from, count) => {
      const file = levelFiles[level];
      if (!file) throw new TrucError('ledger.journal-corrupt', { level });
      return file.read(from * HASH_SIZE, count * HASH_SIZE);
    },
    offsets: (from, count) => {
      const bytes = offsetFile.read(from * OFFSET_SIZE, count * OFFSET_SIZE);
      return Array.from({ length: count }, (_, i) => Number(bytes.readBigUInt64BE(i * OFFSET_SIZE)));
    },
    covers: (size) => {
      for (let level = 0; countAt(size, level) > 0; level++)
        if ((levelFiles[level]?.size() ?? 0) < countAt(size, level) * HASH_SIZE) return false;
      return offsetFile.size() >= size * OFFSET_SIZE;
    },
    sync: async () => {
      await Promise.all([offsetFile, ...levelFiles].map((file) => file.sync()));
      syncLedgerFolder(folder);
    },
    close: async () => {
      await Promise.all([offsetFile, ...levelFiles].map((file) => file.close()));
    },
  };
}

/** Complete subtrees of a level in a tree of `size` leaves. */
export function countAt(size: number, level: number): number {
  return Math.floor(size / 2 ** level);
}
