import { crc32, inflateRawSync } from 'node:zlib';
import { systemCode, TrucError } from '../kernel/index.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
/** Signature, checksum and two sizes after the data (APPNOTE 4.3.9), in its ZIP64 form. */
const LONGEST_DESCRIPTOR = 24;
/** Best case of DEFLATE is 1032:1; honest documents stay far below. */
const MAX_RATIO = 200;

export interface ZipEntry {
  name: string;
  bytes: Buffer;
}

/** How many entries a ZIP says it has, or null when its end record is missing. */
export function zipEntryCount(zip: Buffer): number | null {
  const end = endRecord(zip);
  return end < 0 ? null : zip.readUInt16LE(end + 10);
}

/** Name in the first local header, for information; never a path. */
export function firstEntryName(zip: Buffer): string {
  return zip.subarray(30, 30 + zip.readUInt16LE(26)).toString('utf8');
}

/**
 * The only entry of a one-entry ZIP, which fills the whole file: a reader that goes by the directory and one that reads
 * from the start must find the same. Local and central headers must agree, sizes and CRC must be right, encryption and
 * other methods than stored and deflate are refused. The name is returned for information and is never a path.
 * @param limit most bytes of the entry
 * @throws TrucError `edxml.zip-invalid` or `edxml.zip-bomb`
 */
export function onlyEntry(zip: Buffer, limit: number): ZipEntry {
  const end = endRecord(zip);
  if (end < 0) throw invalid('end record missing');
  if (zip.readUInt16LE(end + 10) !== 1 || zip.readUInt16LE(end + 8) !== 1)
    throw invalid('not exactly one entry');
  const central = zip.readUInt32LE(end + 16);
  if (central + 46 > end || zip.readUInt32LE(central) !== CENTRAL) throw invalid('central directory');
  const header = readCentral(zip, central);
  if (header.end !== end) throw invalid('more in the directory than it says');
  if (header.flags & 1) throw invalid('encrypted');
  if (header.size > limit) throw new TrucError('edxml.zip-bomb', { limit, size: header.size });
  if (header.size > 100_000 && header.size > header.compressed * MAX_RATIO) {
    throw new TrucError('edxml.zip-bomb', { size: header.size, compressed: header.compressed });
  }
  const data = localData(zip, header, central);
  const bytes = decompress(data, header, limit);
  if (bytes.length !== header.size || crc32(bytes) !== header.crc) throw invalid('size or checksum');
  return { name: header.name.toString('utf8'), bytes };
}

interface CentralHeader {
  flags: number;
  method: number;
  crc: number;
  compressed: number;
  size: number;
  name: Buffer;
  local: number;
  /** Where the header ends. */
  end: number;
}

function readCentral(zip: Buffer, at: number): CentralHeader {
  const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
    number,
    number,
    number,
  ];
  return {
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    compressed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    name: zip.subarray(at + 46, at + 46 + name),
    local: zip.readUInt32LE(at + 42),
    end: at + 46 + name + extra + comment,
  };
}

/** Compressed bytes, after checking that the local header tells the same story as the central one. */
function localData(zip: Buffer, header: CentralHeader, central: number): Buffer {
  const at = header.local;
  if (at !== 0 || at + 30 > central || zip.readUInt32LE(at) !== LOCAL) throw invalid('local header');
  const flags = zip.readUInt16LE(at + 6);
  if (flags & 1) throw invalid('encrypted');
  const nameLength = zip.readUInt16LE(at + 26);
  const start = at + 30 + nameLength + zip.readUInt16LE(at + 28);
  const end = start + header.compressed;
  const sameName = zip.subarray(at + 30, at + 30 + nameLength).equals(header.name);
  // Bit 3: sizes follow the data, and the local fields are zero.
  const sizesLater = (flags & 8) !== 0;
  const gap = central - end;
  const sameSizes =
    sizesLater ||
    (zip.readUInt32LE(at + 18) === header.compressed && zip.readUInt32LE(at + 22) === header.size);
  if (!sameName || !sameSizes || zip.readUInt16LE(at + 8) !== header.method)
    throw invalid('headers disagree');
  if (gap < 0 || gap > (sizesLater ? LONGEST_DESCRIPTOR : 0)) throw invalid('bytes that belong to no entry');
  return zip.subarray(start, end);
}

function decompress(data: Buffer, header: CentralHeader, limit: number): Buffer {
  if (header.method === STORED) return data;
  if (header.method !== DEFLATED) throw invalid(`method ${header.method}`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.min(limit, header.size + 1) });
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw new TrucError('edxml.zip-bomb', { limit, size: header.size }, error);
    throw invalid('compressed data', error);
  }
}

function endRecord(zip: Buffer): number {
  const least = Math.max(0, zip.length - 22 - 0xffff);
  for (let at = zip.length - 22; at >= least; at--) {
    if (zip.readUInt32LE(at) === END && at + 22 + zip.readUInt16LE(at + 20) === zip.length) return at;
  }
  return -1;
}

function invalid(cause: string, error?: unknown): TrucError {
  return new TrucError('edxml.zip-invalid', { cause }, error);
}
