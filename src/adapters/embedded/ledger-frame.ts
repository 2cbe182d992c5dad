import { crc32 } from 'node:zlib';
import { ImpossibleError } from '../../kernel/index.ts';
import type { JournalBatch, LogHead } from '../../ledger/index.ts';

/**
 * One committed batch in the journal file. Header: magic, length and CRC-32 of the body. Body: index of the first entry
 * and number of entries, the head after them (epoch, time, root), then per entry its record: idem, length in two bytes,
 * bytes. All numbers big-endian.
 */
export interface Frame {
  firstIndex: number;
  head: LogHead;
  entries: { idem: Buffer; bytes: Buffer; offset: number }[];
  /** Position after the frame. */
  end: number;
}

const MAGIC = Buffer.from('TRLJ');
const HEADER = 12;
const FIXED = 60;
const IDEM = 32;
/** Bytes of a record before the entry's own. */
export const RECORD_HEAD = IDEM + 2;
/** 2,048 entries of 8 KiB are 16.8 MB. */
export const MAX_FRAME = 32 * 1024 * 1024;

/** The frame's bytes, and where each entry's record begins within them. */
export function encodeFrame({ expected, entries, head }: JournalBatch): { bytes: Buffer; records: number[] } {
  const total = entries.reduce((sum, entry) => sum + RECORD_HEAD + entry.bytes.length, HEADER + FIXED);
  if (total > MAX_FRAME) throw new ImpossibleError('a batch larger than a frame may be');
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeBigUInt64BE(BigInt(expected.size), HEADER);
  bytes.writeUInt32BE(entries.length, HEADER + 8);
  bytes.writeBigUInt64BE(BigInt(head.epoch), HEADER + 12);
  bytes.writeBigUInt64BE(BigInt(head.at), HEADER + 20);
  bytes.set(head.root, HEADER + 28);
  const records: number[] = [];
  let at = HEADER + FIXED;
  for (const { idem, bytes: entry } of entries) {
    records.push(at);
    bytes.set(idem, at);
    bytes.writeUInt16BE(entry.length, at + IDEM);
    bytes.set(entry, at + RECORD_HEAD);
    at += RECORD_HEAD + entry.length;
  }
  bytes.set(MAGIC, 0);
  bytes.writeUInt32BE(total - HEADER, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(HEADER)), 8);
  return { bytes, records };
}

/**
 * The frame at a position of `file`, or null when none is whole there.
 * @param offset position of `file` in the journal, added to every offset of the result
 */
export function decodeFrame(file: Buffer, position: number, offset: number): Frame | null {
  const body = position + HEADER;
  if (body + FIXED > file.length || !file.subarray(position, position + 4).equals(MAGIC)) return null;
  const length = file.readUInt32BE(position + 4);
  const end = body + length;
  if (length < FIXED || length > MAX_FRAME || end > file.length) return null;
  if (crc32(file.subarray(body, end)) !== file.readUInt32BE(position + 8)) return null;
  const count = file.readUInt32BE(body + 8);
  const entries: Frame['entries'] = [];
  let at = body + FIXED;
  for (let i = 0; i < count && at + RECORD_HEAD <= end; i++) {
    const next = at + RECORD_HEAD + file.readUInt16BE(at + IDEM);
    if (next > end) return null;
    entries.push({
      idem: file.subarray(at, at + IDEM),
      bytes: file.subarray(at + RECORD_HEAD, next),
      offset: offset + at,
    });
    at = next;
  }
  if (at !== end || entries.length !== count) return null;
  const firstIndex = Number(file.readBigUInt64BE(body));
  const head: LogHead = {
    size: firstIndex + count,
    epoch: Number(file.readBigUInt64BE(body + 12)),
    at: Number(file.readBigUInt64BE(body + 20)),
    root: Buffer.from(file.subarray(body + 28, body + FIXED)),
  };
  return { firstIndex, head, entries, end: offset + end };
}

/** How many bytes the frame that begins with these claims to have, or null when nothing begins here. */
export function frameLength(start: Buffer): number | null {
  if (start.length < HEADER || !start.subarray(0, 4).equals(MAGIC)) return null;
  const length = HEADER + start.readUInt32BE(4);
  return length > MAX_FRAME ? null : length;
}

/** True when a whole frame begins anywhere in the bytes. */
export function holdsFrame(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1))
    if (decodeFrame(bytes, at, 0)) return true;
  return false;
}

export const FRAME_HEADER = HEADER;
