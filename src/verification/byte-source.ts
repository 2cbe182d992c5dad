import { type DigestName, digestOf, runningDigest, sha256Hex } from '../kernel/index.ts';

/** A file that is read where it lies; it must not change while a verdict on it is made. */
export interface ByteReader {
  /** Octets. */
  readonly length: number;
  /** Fills the target from this place on, all of it. @throws whatever the system says where it cannot be read */
  read(target: Uint8Array, at: number): void;
}

/** How a file is read that is not in memory, octets. */
export interface Pieces {
  /** What is read around a byte that is asked for, and kept for a while. */
  page: number;
  /** What is read at once where everything is walked through: digests and searches. */
  block: number;
}

const PIECES: Pieces = { page: 32_768, block: 262_144 };
/** Pages that are kept: 4 MiB. */
const MOST_PAGES = 128;

/**
 * Bytes at random access, in memory or in a file that is read page by page. Both answer alike; in memory no call
 * costs more than the one to the Buffer behind it.
 */
export class ByteSource {
  readonly length: number;
  private readonly reader: ByteReader | null;
  private readonly pieces: Pieces;
  private readonly pages = new Map<number, Buffer>();
  private page: Buffer;
  private base = 0;

  private constructor(bytes: Buffer, reader: ByteReader | null, pieces: Pieces = PIECES) {
    this.page = bytes;
    this.reader = reader;
    this.pieces = pieces;
    this.length = reader ? reader.length : bytes.length;
  }

  static of(bytes: Uint8Array | ByteSource): ByteSource {
    if (bytes instanceof ByteSource) return bytes;
    return new ByteSource(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), null);
  }

  /** A file, of which no more than a few mebioctets are in memory at once. */
  static over(reader: ByteReader, pieces: Pieces = PIECES): ByteSource {
    return new ByteSource(Buffer.alloc(0), reader, pieces);
  }

  /** The byte at a place; undefined outside. */
  at(pos: number): number | undefined {
    const byte = this.page[pos - this.base];
    if (byte !== undefined || !this.reader) return byte;
    return pos >= 0 && pos < this.length ? this.turnTo(pos, this.reader) : undefined;
  }

  /** The bytes between two places, cut at the ends; in memory without a copy. */
  slice(from: number, to: number = this.length): Buffer {
    if (!this.reader) return this.page.subarray(from, to);
    const start = Math.min(from, this.length);
    const end = Math.max(start, Math.min(to, this.length));
    const i = start - this.base;
    // Copied, so that what somebody keeps does not keep its page.
    if (i >= 0 && end - this.base <= this.page.length)
      return Buffer.from(this.page.subarray(i, end - this.base));
    const bytes = Buffer.allocUnsafeSlow(end - start);
    this.reader.read(bytes, start);
    return bytes;
  }

  /** Latin-1, one character per octet. */
  text(from: number, to: number): string {
    const [start, end] = [from - this.base, to - this.base];
    const inPage = !this.reader || (start >= 0 && end <= this.page.length);
    return inPage ? this.page.toString('latin1', start, end) : this.slice(from, to).toString('latin1');
  }

  /** A part that can be digested: in memory the bytes themselves. */
  part(from: number, to: number): BytePart {
    return this.reader ? new ByteRange(this, from, Math.max(from, to)) : this.page.subarray(from, to);
  }

  /** The bytes between two places in pieces; each is good until the next one is asked for. */
  *blocks(from: number, to: number): Generator<Uint8Array> {
    if (!this.reader) {
      yield this.page.subarray(from, to);
      return;
    }
    const block = Buffer.allocUnsafeSlow(Math.max(0, Math.min(this.pieces.block, to - from)));
    for (let at = from; at < to; at += block.length) {
      const piece = block.subarray(0, Math.min(block.length, to - at));
      this.reader.read(piece, at);
      yield piece;
    }
  }

  /** Where these bytes (a text is taken as Latin-1) stand within two places; -1 where they do not. */
  indexOf(wanted: string | Buffer | number, from = 0, to: number = this.length): number {
    const start = Math.max(0, from);
    const end = Math.min(to, this.length);
    if (!this.reader) return after(start, this.page.subarray(start, end).indexOf(wanted, 0, 'latin1'));
    const overlap = lengthOf(wanted) - 1;
    const block = this.block(start, end, overlap);
    for (let at = start; at + overlap < end; at += this.pieces.block) {
      const found = this.fill(block, at, end, this.reader).indexOf(wanted, 0, 'latin1');
      if (found >= 0) return at + found;
    }
    return -1;
  }

  includes(wanted: string | Buffer): boolean {
    return this.indexOf(wanted) >= 0;
  }

  /** Where these bytes stand last; -1 where they do not. */
  lastIndexOf(wanted: string): number {
    if (!this.reader) return this.page.lastIndexOf(wanted, undefined, 'latin1');
    const overlap = lengthOf(wanted) - 1;
    const block = this.block(0, this.length, overlap);
    for (let at = this.length - this.pieces.block; at > -this.pieces.block; at -= this.pieces.block) {
      const found = this.fill(block, Math.max(0, at), this.length, this.reader).lastIndexOf(
        wanted,
        undefined,
        'latin1',
      );
      if (found >= 0) return Math.max(0, at) + found;
    }
    return -1;
  }

  /** Room for what is searched at once: as much as is there, and what a match may reach beyond it. */
  private block(from: number, to: number, overlap: number): Buffer {
    return Buffer.allocUnsafeSlow(Math.max(0, Math.min(this.pieces.block + overlap, to - from)));
  }

  private fill(block: Buffer, at: number, end: number, reader: ByteReader): Buffer {
    const piece = block.subarray(0, Math.max(0, Math.min(block.length, end - at)));
    reader.read(piece, at);
    return piece;
  }

  /** SHA-256 of all of it, lower-case hexadecimal. */
  sha256(): string {
    if (!this.reader) return sha256Hex(this.page);
    return digestParts('sha256', [this.part(0, this.length)]).toString('hex');
  }

  private turnTo(pos: number, reader: ByteReader): number | undefined {
    const base = pos - (pos % this.pieces.page);
    let page = this.pages.get(base);
    if (page) this.pages.delete(base);
    else {
      page = Buffer.allocUnsafeSlow(Math.min(this.pieces.page, this.length - base));
      reader.read(page, base);
      const oldest = this.pages.size >= MOST_PAGES ? this.pages.keys().next().value : undefined;
      if (oldest !== undefined) this.pages.delete(oldest);
    }
    this.pages.set(base, page);
    this.page = page;
    this.base = base;
    return page[pos - base];
  }
}

function after(start: number, found: number): number {
  return found < 0 ? found : start + found;
}

function lengthOf(wanted: string | Buffer | number): number {
  return typeof wanted === 'number' ? 1 : wanted.length;
}

/** A part of a file that is digested in pieces. */
export class ByteRange {
  readonly length: number;
  private readonly source: ByteSource;
  private readonly from: number;

  constructor(source: ByteSource, from: number, to: number) {
    this.source = source;
    this.from = from;
    this.length = to - from;
  }

  blocks(): Iterable<Uint8Array> {
    return this.source.blocks(this.from, this.from + this.length);
  }

  /** All of it in memory. */
  whole(): Buffer {
    return this.source.slice(this.from, this.from + this.length);
  }
}

/** Bytes that are signed or stamped: in memory, or in a file. */
export type BytePart = Uint8Array | ByteRange;

/** The parts in pieces, as if they were one; each piece is good until the next one is asked for. */
export function* piecesOf(parts: readonly BytePart[]): Generator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof ByteRange) yield* part.blocks();
    else yield part;
  }
}

/** Digest of several parts as if they were one. */
export function digestParts(name: DigestName, parts: readonly BytePart[]): Buffer {
  if (isInMemory(parts)) return digestOf(name, ...parts);
  const state = runningDigest(name);
  for (const piece of piecesOf(parts)) state.update(piece);
  return state.digest();
}

/** All parts as one, in memory. */
export function wholeOfParts(parts: readonly BytePart[]): Buffer {
  return Buffer.concat(parts.map((part) => (part instanceof ByteRange ? part.whole() : part)));
}

function isInMemory(parts: readonly BytePart[]): parts is readonly Uint8Array[] {
  return parts.every((part) => !(part instanceof ByteRange));
}

/** Octets of several parts together. */
export function sizeOf(parts: readonly BytePart[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
