import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that a test can fill to the last byte. */
export interface SmallDisk {
  folder: string;
  /** Takes what is free, but for some bytes. */
  fill(leave: number): void;
  /** Gives it back. */
  free(): void;
  remove(): void;
}

const BLOCK = Buffer.alloc(64 * 1024);

/** @returns null where this user may not mount one, which is printed */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'truc-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    console.info('not run: a disk that is really full (no right to mount one)');
    return null;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: (leave) => {
      const file = openSync(ballast, 'a');
      try {
        fillUp(file, BLOCK.length);
        ftruncateSync(file, Math.max(0, fstatSync(file).size - leave));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whole blocks as long as one fits, then single bytes. */
function fillUp(file: number, size: number): void {
  try {
    while (writeSync(file, BLOCK, 0, size) === size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  if (size > 1) fillUp(file, 1);
}
