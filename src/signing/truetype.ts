import { TrucError } from '../kernel/index.ts';
import type { SigningErrorCode } from './errors.ts';

/** Flags of a compound glyph's component (OpenType specification, table `glyf`). */
const WORDS = 0x0001;
const SCALE = 0x0008;
const MORE = 0x0020;
const SCALE_XY = 0x0040;
const TWO_BY_TWO = 0x0080;
const INSTRUCTIONS = 0x0100;

/**
 * The glyphs of a TrueType font that a document uses, as a font of its own for embedding in PDF (ISO 32000-2 §9.9).
 * Hinting is left out: at print and screen sizes it changes nothing and would be half of the bytes.
 */
export class GlyphSubset {
  private readonly font: Buffer;
  private readonly tables: ReadonlyMap<string, Buffer>;
  private readonly glyphs: number[] = [0];
  private readonly codes = new Map<number, number>([[0, 0]]);

  /** @throws TrucError `signing.font-malformed` when a needed table is missing */
  constructor(font: Uint8Array) {
    this.font = Buffer.from(font.buffer, font.byteOffset, font.byteLength);
    this.tables = readTables(this.font);
  }

  /** Takes a glyph of the font in; returns its number in the subset. */
  includeGlyph(glyph: number | { id: number }): number {
    const id = typeof glyph === 'number' ? glyph : glyph.id;
    const known = this.codes.get(id);
    if (known !== undefined) return known;
    const code = this.glyphs.length;
    this.glyphs.push(id);
    this.codes.set(id, code);
    return code;
  }

  /** The font file with the glyphs taken in so far. */
  encode(): Buffer {
    const outlines: Buffer[] = [];
    for (let i = 0; i < this.glyphs.length; i++) outlines.push(this.outline(this.glyphs[i] ?? 0));
    const count = outlines.length;
    const loca = Buffer.alloc((count + 1) * 4);
    let offset = 0;
    for (const [i, outline] of outlines.entries()) {
      offset += outline.length;
      loca.writeUInt32BE(offset, (i + 1) * 4);
    }
    const head = Buffer.from(this.table('head'));
    head.writeInt16BE(1, 50);
    const hhea = Buffer.from(this.table('hhea'));
    hhea.writeUInt16BE(count, 34);
    const maxp = Buffer.from(this.table('maxp'));
    maxp.writeUInt16BE(count, 4);
    return assemble({
      glyf: Buffer.concat(outlines),
      head,
      hhea,
      hmtx: Buffer.concat(this.glyphs.map((id) => this.metric(id))),
      loca,
      maxp,
    });
  }

  private table(name: string): Buffer {
    const table = this.tables.get(name);
    if (!table) throw new TrucError<SigningErrorCode>('signing.font-malformed', { table: name });
    return table;
  }

  /** Advance width and left side bearing; glyphs past the metrics repeat the last advance. */
  private metric(id: number): Buffer {
    const count = this.table('hhea').readUInt16BE(34);
    const hmtx = this.table('hmtx');
    if (id < count) return hmtx.subarray(id * 4, id * 4 + 4);
    const bearing = count * 4 + (id - count) * 2;
    return Buffer.concat([hmtx.subarray(count * 4 - 4, count * 4 - 2), hmtx.subarray(bearing, bearing + 2)]);
  }

  private outline(id: number): Buffer {
    const loca = this.table('loca');
    const long = this.table('head').readInt16BE(50) === 1;
    const at = (i: number) => (long ? loca.readUInt32BE(i * 4) : loca.readUInt16BE(i * 2) * 2);
    const outline = this.table('glyf').subarray(at(id), at(id + 1));
    if (outline.length === 0) return outline;
    const contours = outline.readInt16BE(0);
    return padded(contours < 0 ? this.compound(outline) : simple(outline, contours));
  }

  private compound(outline: Buffer): Buffer {
    const copy = Buffer.from(outline);
    let at = 10;
    for (let flags = MORE; (flags & MORE) !== 0; ) {
      flags = copy.readUInt16BE(at);
      copy.writeUInt16BE(flags & ~INSTRUCTIONS, at);
      copy.writeUInt16BE(this.includeGlyph(copy.readUInt16BE(at + 2)), at + 2);
      at += 4 + ((flags & WORDS) !== 0 ? 4 : 2);
      if ((flags & SCALE) !== 0) at += 2;
      else if ((flags & SCALE_XY) !== 0) at += 4;
      else if ((flags & TWO_BY_TWO) !== 0) at += 8;
    }
    return copy.subarray(0, at);
  }
}

function readTables(font: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  const count = font.readUInt16BE(4);
  for (let i = 0; i < count; i++) {
    const at = 12 + i * 16;
    const start = font.readUInt32BE(at + 8);
    tables.set(font.toString('latin1', at, at + 4), font.subarray(start, start + font.readUInt32BE(at + 12)));
  }
  return tables;
}

/** A simple glyph without its instructions. */
function simple(outline: Buffer, contours: number): Buffer {
  const at = 10 + contours * 2;
  const length = outline.readUInt16BE(at);
  return Buffer.concat([outline.subarray(0, at), Buffer.from([0, 0]), outline.subarray(at + 2 + length)]);
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4) sum = (sum + bytes.readUInt32BE(i)) >>> 0;
  return sum;
}

/** The font file of some tables, named in alphabetical order (OpenType specification, table directory). */
function assemble(tables: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(tables).sort();
  const power = 2 ** Math.floor(Math.log2(names.length));
  const directory = Buffer.alloc(12 + names.length * 16);
  directory.writeUInt32BE(0x00010000, 0);
  directory.writeUInt16BE(names.length, 4);
  directory.writeUInt16BE(power * 16, 6);
  directory.writeUInt16BE(Math.log2(power), 8);
  directory.writeUInt16BE((names.length - power) * 16, 10);
  let offset = directory.length;
  const bodies = names.map((name, i) => {
    const table = tables[name] as Buffer;
    if (name === 'head') table.writeUInt32BE(0, 8);
    const body = padded(table);
    const at = 12 + i * 16;
    directory.write(name, at, 'latin1');
    directory.writeUInt32BE(checksum(body), at + 4);
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(table.length, at + 12);
    offset += body.length;
    return body;
  });
  const file = Buffer.concat([directory, ...bodies]);
  const head = file.readUInt32BE(12 + names.indexOf('head') * 16 + 8);
  file.writeUInt32BE((0xb1b0afba - checksum(file)) >>> 0, head + 8);
  return file;
}
