import { crc32, inflateRawSync } from 'node:zlib';
import { TrucError } from '../../kernel/index.ts';
import { type BytePart, type ByteSource, piecesOf } from '../byte-source.ts';
import { spendOnUnpacked } from '../work.ts';
import type { AsicCode } from './codes.ts';

/** One file of a container. */
export interface ZipFile {
  name: string;
  stored: boolean;
  /** Where its data stand in the ZIP. */
  start: number;
  /** Octets of extra fields in its local header. */
  extra: number;
  /** Unpacked and checked, made once. @throws TrucError with an AsicCode */
  bytes(): Buffer;
  /** The same for digests: of a container that is not in memory, what is stored as it is stays where it is. */
  part(): BytePart;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const DESCRIPTOR = 0x08074b50;
const MOST_ENTRIES = 5_000;
/** Best case of DEFLATE is 1032:1; honest documents stay far below. */
const MAX_RATIO = 200;
const SMALL = 100_000;
const MAX_UNPACKED = 512 * 1024 * 1024;
/** APPNOTE 4.5: ZIP64 sizes; the Unicode path, which gives a file a second name. */
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH = 0x7075;
/** Some writers repeat the media type here; anything else could be another file. */
const COMMENT = /^(mimetype=)?[\w.+/-]{0,100}$/;

interface Header {
  name: string;
  flags: number;
  method: number;
  crc: number;
  compressed: number;
  size: number;
  /** Offset of the local header. */
  local: number;
}

/**
 * The files of a ZIP (APPNOTE 6.3) that every reader must see alike, whether it goes by the directory or from the
 * start: entries fill the file without gap, headers agree, names are plain relative paths, each once in any spelling.
 * Directories are left out. @throws TrucError with an AsicCode that names the trick
 */
export function readZip(zip: ByteSource): Map<string, ZipFile> {
  const end = endOf(zip);
  const headers = readDirectory(zip, end);
  checkNames(headers.map(({ name }) => name));
  const files = new Map<string, ZipFile>();
  let position = 0;
  let unpacked = 0;
  for (const header of headers.toSorted((a, b) => a.local - b.local)) {
    unpacked += header.size;
    if (unpacked > MAX_UNPACKED || isBomb(header)) throw refused('asic.zip-bomb');
    if (header.local !== position) throw refused('asic.zip-hidden-data');
    const { start, extra, next } = readLocal(zip, header);
    position = next;
    if (!header.name.endsWith('/')) files.set(header.name, fileOf(zip, header, start, extra));
    else if (header.size > 0) throw refused('asic.zip-hidden-data');
  }
  if (position !== u32(zip, end + 16)) throw refused('asic.zip-hidden-data');
  return files;
}

function refused(code: AsicCode, cause?: unknown): TrucError<AsicCode> {
  return new TrucError(code, {}, cause);
}

function isBomb({ size, compressed }: Header): boolean {
  return size > SMALL && size > compressed * MAX_RATIO;
}

/** The end record, which with its comment ends the file. */
function endOf(zip: ByteSource): number {
  const least = Math.max(0, zip.length - 22 - 0xffff);
  for (let at = zip.length - 22; at >= least; at--) {
    if (u32(zip, at) !== END) continue;
    if (at + 22 + u16(zip, at + 20) !== zip.length) throw refused('asic.zip-trailing-data');
    if (!COMMENT.test(zip.text(at + 22, zip.length))) throw refused('asic.zip-trailing-data');
    if (at >= 20 && u32(zip, at - 20) === END_64_LOCATOR) throw refused('asic.zip64-refused');
    return at;
  }
  throw refused('asic.zip-malformed');
}

function readDirectory(zip: ByteSource, end: number): Header[] {
  const [disk, first, here, count] = [4, 6, 8, 10].map((at) => u16(zip, end + at));
  const size = u32(zip, end + 12);
  const start = u32(zip, end + 16);
  if (count === 0xffff || start === 0xffffffff || size === 0xffffffff) throw refused('asic.zip64-refused');
  if (disk !== 0 || first !== 0 || here !== count || start + size !== end)
    throw refused('asic.zip-malformed');
  if (count === undefined || count > MOST_ENTRIES) throw refused('asic.zip-bomb');
  const headers: Header[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || u32(zip, at) !== CENTRAL) throw refused('asic.zip-malformed');
    const [nameLength = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) => u16(zip, at + offset));
    const next = at + 46 + nameLength + extra + comment;
    if (next > end) throw refused('asic.zip-malformed');
    checkExtra(zip.slice(at + 46 + nameLength, at + 46 + nameLength + extra));
    headers.push(readHeader(zip, at, nameLength));
    at = next;
  }
  if (at !== end) throw refused('asic.zip-malformed');
  return headers;
}

function readHeader(zip: ByteSource, at: number, nameLength: number): Header {
  const flags = u16(zip, at + 8);
  // Bits 0, 6 and 13: encrypted, strongly, with masked headers.
  if (flags & 0x2041) throw refused('asic.zip-encrypted');
  const header = {
    name: nameOf(zip.slice(at + 46, at + 46 + nameLength), flags),
    flags,
    method: u16(zip, at + 10),
    crc: u32(zip, at + 16),
    compressed: u32(zip, at + 20),
    size: u32(zip, at + 24),
    local: u32(zip, at + 42),
  };
  if ([header.compressed, header.size, header.local].includes(0xffffffff))
    throw refused('asic.zip64-refused');
  // A symbolic link, as Unix programs write it: its content would be taken for the name of another file.
  if (u32(zip, at + 38) >>> 28 === 0xa) throw refused('asic.zip-path');
  if (header.method !== 0 && header.method !== 8) throw refused('asic.zip-method-unsupported');
  return header;
}

function checkExtra(extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const id = extra.readUInt16LE(at);
    if (id === ZIP64_EXTRA) throw refused('asic.zip64-refused');
    if (id === UNICODE_PATH) throw refused('asic.zip-headers-differ');
  }
}

/** UTF-8 only where bit 11 says so: elsewhere readers guess, and differ. */
function nameOf(bytes: Buffer, flags: number): string {
  const name = bytes.toString('utf8');
  const plain = bytes.every((byte) => byte < 0x80);
  if (!Buffer.from(name).equals(bytes) || !(plain || flags & 0x800)) throw refused('asic.zip-path');
  return name;
}

/** Plain relative paths; unlike in every spelling that some file system takes for the same. */
function checkNames(names: readonly string[]): void {
  const known = new Set<string>();
  for (const name of names) {
    const parts = name.replace(/\/$/, '').split('/');
    const bad = parts.some((part) => part === '' || part === '.' || part === '..' || /[. ]$/.test(part));
    if (bad || /[\p{Cc}\p{Cf}\\:*?"<>|]/u.test(name) || name.length > 500) throw refused('asic.zip-path');
    const folded = name.normalize('NFKC').toLowerCase();
    if (known.has(folded)) throw refused('asic.zip-duplicate-name');
    known.add(folded);
  }
}

function readLocal(zip: ByteSource, header: Header): { start: number; extra: number; next: number } {
  const at = header.local;
  if (at + 30 > zip.length || u32(zip, at) !== LOCAL) throw refused('asic.zip-malformed');
  const nameLength = u16(zip, at + 26);
  const extra = u16(zip, at + 28);
  const start = at + 30 + nameLength + extra;
  const end = start + header.compressed;
  if (end > zip.length) throw refused('asic.zip-malformed');
  checkExtra(zip.slice(at + 30 + nameLength, start));
  const later = (header.flags & 8) !== 0;
  const fields = [14, 18, 22].map((offset) => u32(zip, at + offset));
  const same = [header.crc, header.compressed, header.size].every(
    (value, i) => fields[i] === value || (later && fields[i] === 0),
  );
  const name = nameOf(zip.slice(at + 30, at + 30 + nameLength), header.flags);
  const alike = name === header.name && u16(zip, at + 8) === header.method;
  if (!same || !alike || u16(zip, at + 6) !== header.flags) throw refused('asic.zip-headers-differ');
  return { start, extra, next: later ? descriptorEnd(zip, end, header) : end };
}

/** The descriptor after the data, with or without its signature (APPNOTE 4.3.9). */
function descriptorEnd(zip: ByteSource, at: number, header: Header): number {
  const start = at + 4 <= zip.length && u32(zip, at) === DESCRIPTOR ? at + 4 : at;
  if (start + 12 > zip.length) throw refused('asic.zip-malformed');
  const told = [0, 4, 8].map((offset) => u32(zip, start + offset));
  if (told[0] !== header.crc || told[1] !== header.compressed || told[2] !== header.size)
    throw refused('asic.zip-headers-differ');
  return start + 12;
}

function fileOf(zip: ByteSource, header: Header, start: number, extra: number): ZipFile {
  const end = start + header.compressed;
  let bytes: Buffer | null = null;
  let part: BytePart | null = null;
  const whole = () => {
    bytes ??= unpack(header, zip.slice(start, end));
    return bytes;
  };
  return {
    name: header.name,
    stored: header.method === 0,
    start,
    extra,
    bytes: whole,
    part: () => {
      part ??= header.method === 0 ? checked(header, zip.part(start, end)) : whole();
      return part;
    },
  };
}

function unpack(header: Header, data: Buffer): Buffer {
  let bytes = data;
  if (header.method === 8) {
    spendOnUnpacked(header.size);
    try {
      bytes = inflateRawSync(data, { maxOutputLength: header.size + 1 });
    } catch (error) {
      throw refused('asic.zip-content-wrong', error);
    }
  }
  return checked(header, bytes);
}

/** What is what its headers say it is. */
function checked<Part extends BytePart>({ size, crc }: Header, part: Part): Part {
  let found = 0;
  for (const piece of piecesOf([part])) found = crc32(piece, found);
  if (part.length !== size || found !== crc) throw refused('asic.zip-content-wrong');
  return part;
}

function u16(zip: ByteSource, at: number): number {
  const [low, high] = [zip.at(at), zip.at(at + 1)];
  if (low === undefined || high === undefined) throw refused('asic.zip-malformed');
  return low + high * 0x100;
}

function u32(zip: ByteSource, at: number): number {
  return u16(zip, at) + u16(zip, at + 2) * 0x10000;
}
