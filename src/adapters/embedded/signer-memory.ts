import { closeSync, constants, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemCode, TrucError } from '../../kernel/index.ts';
import type { SignedHead, SignerMemory } from '../../ledger/index.ts';

/** Two slots written in turn, so that a torn write leaves the one before it. Each holds the longest name of a log. */
const SLOT = 2048;
const SYNC_EVERY_MS = 1_000;

/**
 * The signer's memory in one small file. Each save is with the system at once, which outlives a crash of the process;
 * the disk follows within a second, so that a batch still costs one sync.
 * @param path best on another disk, and in another backup, than the ledger
 */
export function signerMemory(path: string): SignerMemory {
  let turn = 0;
  let syncing: NodeJS.Timeout | null = null;

  function syncSoon(): void {
    if (syncing) return;
    syncing = setTimeout(async () => {
      syncing = null;
      const handle = await open(path, 'r+').catch(() => null);
      await handle?.datasync().catch(() => undefined);
      await handle?.close();
    }, SYNC_EVERY_MS);
    syncing.unref();
  }

  return {
    load: async () => {
      const slots = readSlots(path);
      const heads = slots.map(readSlot);
      if (slots.length > 0 && heads.every((head) => head === null))
        throw new TrucError('ledger.signer-memory-damaged', { path });
      const sizes = heads.map((head) => head?.size ?? -1);
      const newest = (sizes[1] ?? -1) > (sizes[0] ?? -1) ? 1 : 0;
      turn = 1 - newest;
      return heads[newest] ?? null;
    },
    save: async (head) => {
      mkdirSync(dirname(path), { recursive: true });
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        writeSync(descriptor, slotOf(head), 0, SLOT, turn * SLOT);
      } finally {
        closeSync(descriptor);
      }
      turn = 1 - turn;
      syncSoon();
    },
  };
}

function slotOf({ origin, size, root }: SignedHead): Buffer {
  const text = JSON.stringify({ origin, size, root: root.toString('hex') });
  const line = Buffer.from(`${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);
  return Buffer.concat([line, Buffer.alloc(Math.max(0, SLOT - line.length), ' ')], SLOT);
}

function readSlots(path: string): Buffer[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const bytes = Buffer.alloc(2 * SLOT);
    const count = readSync(descriptor, bytes, 0, bytes.length, 0);
    return count === 0 ? [] : [bytes.subarray(0, SLOT), bytes.subarray(SLOT)];
  } finally {
    closeSync(descriptor);
  }
}

function readSlot(slot: Buffer): SignedHead | null {
  const end = slot.indexOf('\n');
  if (end < 10) return null;
  const text = slot.toString('utf8', 9, end);
  if (slot.toString('latin1', 0, 8) !== crc32(text).toString(16).padStart(8, '0')) return null;
  const { origin, size, root } = JSON.parse(text) as { origin: string; size: number; root: string };
  return { origin, size, root: Buffer.from(root, 'hex') };
}
