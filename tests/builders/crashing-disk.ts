import type { LedgerFile, OpenLedgerFile } from '../../src/adapters/embedded/ledger-files.ts';
import { TrucError } from '../../src/kernel/index.ts';

/** The moment of a crash: nothing that comes after it reaches the disk. */
export class PowerCut extends Error {}

type Pending = { at: number; bytes: Buffer } | { size: number };

interface Stored {
  durable: Buffer;
  pending: Pending[];
}

/**
 * A disk in memory that keeps only what was synced for sure. Of the rest each write is, after a power cut, there, torn
 * or gone, in any combination.
 */
export interface CrashingDisk {
  open: OpenLedgerFile;
  /** From the n-th operation from now on everything fails with PowerCut. */
  cutPowerAfter(operations: number): void;
  /** What is found when the power is back. */
  afterPowerCut(random: { between(low: number, high: number): number }): CrashingDisk;
  /** A file as it reads now; empty when there is none. */
  bytesOf(name: string): Buffer;
}

export function crashingDisk(files: Map<string, Stored> = new Map()): CrashingDisk {
  let left = Number.POSITIVE_INFINITY;

  function operation(): void {
    if (left <= 0) throw new PowerCut();
    left--;
  }

  const storedOf = (path: string): Stored => {
    const name = path.split('/').at(-1) as string;
    const stored = files.get(name) ?? { durable: Buffer.alloc(0), pending: [] };
    files.set(name, stored);
    return stored;
  };

  const open: OpenLedgerFile = async (path) => {
    operation();
    const stored = storedOf(path);
    const add = (change: Pending) => {
      operation();
      stored.pending.push(change);
    };
    const file: LedgerFile = {
      size: () => contentOf(stored).length,
      read: (position, length) => {
        const bytes = contentOf(stored).subarray(position, position + length);
        if (bytes.length < length) throw new TrucError('ledger.journal-corrupt', { path, position });
        return Buffer.from(bytes);
      },
      write: async (at, bytes) => add({ at, bytes: Buffer.from(bytes) }),
      writeNow: (at, bytes) => add({ at, bytes: Buffer.from(bytes) }),
      truncate: async (size) => add({ size }),
      sync: async () => {
        operation();
        stored.durable = contentOf(stored);
        stored.pending = [];
      },
      close: async () => undefined,
    };
    return file;
  };

  return {
    open,
    cutPowerAfter: (operations) => {
      left = operations;
    },
    afterPowerCut: (random) => {
      const found = new Map<string, Stored>();
      for (const [name, { durable, pending }] of files) {
        const kept = pending.flatMap((change) => survivors(change, random));
        found.set(name, { durable: contentOf({ durable, pending: kept }), pending: [] });
      }
      return crashingDisk(found);
    },
    bytesOf: (name) => contentOf(storedOf(name)),
  };
}

function contentOf({ durable, pending }: Stored): Buffer {
  return pending.reduce(applied, durable);
}

function applied(content: Buffer, change: Pending): Buffer {
  if ('size' in change) return Buffer.concat([content], change.size);
  const { at, bytes } = change;
  const result = Buffer.alloc(Math.max(content.length, at + bytes.length));
  result.set(content);
  result.set(bytes, at);
  return result;
}

/** Whole, gone, or some of its parts. */
function survivors(change: Pending, random: { between(low: number, high: number): number }): Pending[] {
  const fate = random.between(0, 3);
  if (fate === 0) return [];
  if (fate === 1 || 'size' in change) return [change];
  const { at, bytes } = change;
  if (fate === 2) return [{ at, bytes: bytes.subarray(0, random.between(0, bytes.length)) }];
  const parts: Pending[] = [];
  for (let from = 0; from < bytes.length; from += 64)
    if (random.between(0, 1) === 1) parts.push({ at: at + from, bytes: bytes.subarray(from, from + 64) });
  return parts;
}
