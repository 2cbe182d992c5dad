import { TrucError } from '../../kernel/index.ts';
import type { ByteSource } from '../byte-source.ts';
import type { PdfCode } from './codes.ts';
import { decodeStream } from './filters.ts';
import { isName, isStream, type PdfDictionary, type PdfValue } from './objects.ts';
import { isSpace, PdfParser, type ValueAllowance } from './parser.ts';

export type XrefEntry =
  | { type: 'free' }
  | { type: 'offset'; offset: number; gen: number }
  | { type: 'compressed'; stream: number; index: number };

/** One cross-reference table or stream (ISO 32000-2 §7.5.4, §7.5.8), read lazily. */
export interface XrefSection {
  kind: 'table' | 'stream';
  /** First byte of `xref`, or of the stream's object. */
  offset: number;
  /** One past the trailer dictionary, or past `endobj`. */
  end: number;
  /** Octets that stay in memory for it. */
  unpacked: number;
  trailer: PdfDictionary;
  /** Numbers that have an entry here, in file order; repeated ones are repeated. */
  numbers(): Iterable<number>;
  lookup(num: number): XrefEntry | undefined;
}

interface Range {
  first: number;
  count: number;
  /** Position of the first entry, in the file or in the decoded stream. */
  at: number;
  width: number;
}

/** No real object number comes near; keeps sums exact. */
const MAX_OBJECT = 8_388_607;
/** Subsections of one table; a range stays in memory for each. */
const MAX_RANGES = 100_000;

function malformed(offset: number): TrucError<PdfCode> {
  return new TrucError<PdfCode>('pdf.xref-malformed', { offset });
}

/**
 * Reads the section at an offset.
 * @throws TrucError `pdf.xref-malformed`, `pdf.syntax`, `pdf.object-malformed`, `pdf.filter-unsupported`, `pdf.limit-exceeded`
 */
export function readSection(bytes: ByteSource, offset: number): XrefSection {
  const parser = new PdfParser(bytes, offset);
  return parser.keyword('xref') ? readTable(parser, offset) : readXrefStream(bytes, offset);
}

function readTable(parser: PdfParser, offset: number): XrefSection {
  const bytes = parser.source;
  const ranges: Range[] = [];
  while (!parser.keyword('trailer')) {
    const first = parser.unsigned();
    const count = parser.unsigned();
    if (first === null || count === null || first + count > MAX_OBJECT) throw malformed(parser.pos);
    while (isSpace(bytes.at(parser.pos))) parser.pos += 1;
    const width = count === 0 || isSpace(bytes.at(parser.pos + 19)) ? 20 : 19;
    ranges.push({ first, count, at: parser.pos, width });
    parser.pos += count * width;
    if (parser.pos > bytes.length) throw malformed(offset);
    if (ranges.length > MAX_RANGES) throw new TrucError<PdfCode>('pdf.limit-exceeded', { offset });
  }
  parser.skip();
  if (bytes.at(parser.pos) !== 0x3c || bytes.at(parser.pos + 1) !== 0x3c) throw malformed(parser.pos);
  const trailer = parser.dictionary();
  if (trailer.repeated.length > 0) throw malformed(trailer.start);
  return section({ kind: 'table', offset, end: parser.pos, unpacked: 0, trailer }, ranges, (at) =>
    tableEntry(bytes, at),
  );
}

function section(
  place: Omit<XrefSection, 'numbers' | 'lookup'>,
  ranges: readonly Range[],
  read: (at: number) => XrefEntry,
): XrefSection {
  return {
    ...place,
    *numbers() {
      for (const { first, count } of ranges) for (let i = 0; i < count; i++) yield first + i;
    },
    lookup(num) {
      const range = ranges.find(({ first, count }) => num >= first && num < first + count);
      return range && read(range.at + (num - range.first) * range.width);
    },
  };
}

/** `nnnnnnnnnn ggggg n` (ISO 32000-2 §7.5.4); the end-of-line bytes are not judged. */
function tableEntry(bytes: ByteSource, at: number): XrefEntry {
  const offset = digits(bytes, at, 10);
  const gen = digits(bytes, at + 11, 5);
  const type = bytes.at(at + 17);
  if (bytes.at(at + 10) !== 0x20 || bytes.at(at + 16) !== 0x20) throw malformed(at);
  if (type === 0x66) return { type: 'free' };
  if (type !== 0x6e) throw malformed(at);
  return { type: 'offset', offset, gen };
}

function digits(bytes: ByteSource, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const byte = bytes.at(i) ?? 0;
    if (byte < 0x30 || byte > 0x39) throw malformed(i);
    value = value * 10 + byte - 0x30;
  }
  return value;
}

function readXrefStream(bytes: ByteSource, offset: number): XrefSection {
  const object = readObject(bytes, offset, (length) => (typeof length === 'number' ? length : null));
  if (!isStream(object.value) || !object.ended) throw malformed(offset);
  const { dictionary } = object.value;
  if (dictionary.repeated.length > 0 || !isName(dictionary.entries.get('Type'), 'XRef'))
    throw malformed(offset);
  const widths = integers(dictionary.entries.get('W') ?? null, offset);
  const [typeWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  if (widths.length !== 3 || widths.some((width) => width > 7)) throw malformed(offset);
  const width = typeWidth + secondWidth + thirdWidth;
  // Entries of no octets would cost nothing to write and everything to walk through.
  if (width === 0) throw malformed(offset);
  const data = decodeStream(object.value);
  const index = integers(dictionary.entries.get('Index') ?? [0, dictionary.entries.get('Size') ?? 0], offset);
  const ranges: Range[] = [];
  let at = 0;
  for (let i = 0; i + 1 < index.length; i += 2) {
    const [first = 0, count = 0] = index.slice(i, i + 2);
    if (first + count > MAX_OBJECT || at + count * width > data.length) throw malformed(offset);
    ranges.push({ first, count, at, width });
    at += count * width;
  }
  const place = {
    kind: 'stream' as const,
    offset,
    end: object.end,
    unpacked: data.length,
    trailer: dictionary,
  };
  return section(place, ranges, (from) => {
    const type = typeWidth === 0 ? 1 : big(data, from, typeWidth);
    const second = big(data, from + typeWidth, secondWidth);
    const third = big(data, from + typeWidth + secondWidth, thirdWidth);
    if (type === 0) return { type: 'free' };
    if (type === 1) return { type: 'offset', offset: second, gen: third };
    if (type === 2) return { type: 'compressed', stream: second, index: third };
    throw malformed(offset);
  });
}

function integers(value: PdfValue, offset: number): number[] {
  if (!Array.isArray(value) || value.length > 4000) throw malformed(offset);
  return value.map((item) => {
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0) throw malformed(offset);
    return item;
  });
}

function big(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (data[at + i] ?? 0);
  return value;
}

/** An indirect object as it stands in the file. */
export interface IndirectObject {
  num: number;
  gen: number;
  value: PdfValue;
  start: number;
  /** One past `endobj`, or past the value where `endobj` is missing. */
  end: number;
  /** Whether `endobj` closes it. */
  ended: boolean;
}

/**
 * Reads `n g obj … endobj` at an offset; `lengthOf` turns a stream's /Length value into a number (null: unknown).
 * @throws TrucError `pdf.syntax`, `pdf.object-malformed`, `pdf.limit-exceeded`
 */
export function readObject(
  bytes: ByteSource,
  offset: number,
  lengthOf: (value: PdfValue) => number | null,
  allowance?: ValueAllowance,
): IndirectObject {
  const fault = () => new TrucError<PdfCode>('pdf.object-malformed', { offset });
  if (offset >= bytes.length) throw fault();
  const parser = new PdfParser(bytes, offset, allowance);
  parser.skip();
  const start = parser.pos;
  const num = parser.unsigned();
  const gen = parser.unsigned();
  if (num === null || gen === null || !parser.keyword('obj')) throw fault();
  let value = parser.value();
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dictionary') {
    if (parser.keyword('stream')) {
      if (bytes.at(parser.pos) === 13) parser.pos += 1;
      if (bytes.at(parser.pos) !== 10) throw fault();
      const from = parser.pos + 1;
      const length = lengthOf(value.entries.get('Length') ?? null);
      if (length === null || from + length > bytes.length) throw fault();
      parser.pos = from + length;
      if (!parser.keyword('endstream')) throw fault();
      value = { kind: 'stream', dictionary: value, source: bytes, from, to: from + length };
    }
  }
  const after = parser.pos;
  const ended = parser.keyword('endobj');
  return { num, gen, value, start, end: ended ? parser.pos : after, ended };
}
