import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { TrucError } from '../../kernel/index.ts';

/** One file of the ledger's folder. Tests put another one in its place that forgets what was not synced. */
export interface LedgerFile {
  size(): number;
  /** Exactly `length` bytes. @throws TrucError `ledger.journal-corrupt` when the file is shorter */
  read(position: number, length: number): Buffer;
  /** All bytes, not yet durable. */
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** As `write`, at once: for small writes that only refill what can be derived again. */
  writeNow(position: number, bytes: Uint8Array): void;
  truncate(size: number): Promise<void>;
  /** What was written is durable on return. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenLedgerFile = (path: string) => Promise<LedgerFile>;

/** Opens or creates a file for reading and writing at positions. */
export const openLedgerFile: OpenLedgerFile = async (path) => {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o640);
  const { fd } = handle;
  return {
    size: () => fstatSync(fd).size,
    read: (position, length) => {
      const bytes = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const count = readSync(fd, bytes, done, length - done, position + done);
        if (count === 0) throw new TrucError('ledger.journal-corrupt', { path, position: position + done });
        done += count;
      }
      return bytes;
    },
    write: async (position, bytes) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    writeNow: (position, bytes) => {
      for (let done = 0; done < bytes.length; )
        done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    },
    truncate: (size) => handle.truncate(size),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
};

/** Makes the folder and its entry durable. */
export function makeLedgerFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  syncLedgerFolder(folder);
}

export function syncLedgerFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
