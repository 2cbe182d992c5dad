import type { ByteSource } from '../byte-source.ts';
import { spendOnDigest } from '../work.ts';

/** PDF values (ISO 32000-2 §7.3). Numbers, booleans, null and arrays are JavaScript's own. */
export type PdfValue =
  | null
  | boolean
  | number
  | PdfString
  | PdfName
  | PdfReference
  | PdfDictionary
  | PdfStream
  | PdfValue[];

export interface PdfString {
  kind: 'string';
  hex: boolean;
  /** First byte of the string in its buffer, delimiter included. */
  start: number;
  /** One past the closing delimiter. */
  end: number;
  /** Where it was read from. */
  source: ByteSource;
}

export interface PdfName {
  kind: 'name';
  /** Without the slash, `#xx` decoded, one character per byte (Latin-1). */
  name: string;
}

export interface PdfReference {
  kind: 'reference';
  num: number;
  gen: number;
}

export interface PdfDictionary {
  kind: 'dictionary';
  entries: Map<string, PdfValue>;
  /** Names that occurred more than once; the last value is kept. */
  repeated: string[];
  start: number;
  end: number;
}

export interface PdfStream {
  kind: 'stream';
  dictionary: PdfDictionary;
  /** Where the encoded bytes stand: they are read when somebody asks for them. */
  source: ByteSource;
  from: number;
  to: number;
}

export function isName(value: PdfValue | undefined, name?: string): value is PdfName {
  return isKind(value, 'name') && (name === undefined || value.name === name);
}

export function isReference(value: PdfValue | undefined): value is PdfReference {
  return isKind(value, 'reference');
}

export function isDictionary(value: PdfValue | undefined): value is PdfDictionary {
  return isKind(value, 'dictionary');
}

export function isStream(value: PdfValue | undefined): value is PdfStream {
  return isKind(value, 'stream');
}

export function isString(value: PdfValue | undefined): value is PdfString {
  return isKind(value, 'string');
}

type Tagged = PdfString | PdfName | PdfReference | PdfDictionary | PdfStream;

function isKind<K extends Tagged['kind']>(
  value: PdfValue | undefined,
  kind: K,
): value is Extract<Tagged, { kind: K }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value.kind === kind;
}

/** The dictionary of a dictionary or stream; undefined for other values. */
export function dictionaryOf(value: PdfValue | undefined): PdfDictionary | undefined {
  if (isDictionary(value)) return value;
  return isStream(value) ? value.dictionary : undefined;
}

const ESCAPES: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 };

/** The bytes that a string stands for: escapes and hexadecimal digits decoded. */
export function stringBytes(value: PdfString): Buffer {
  const raw = value.source.slice(value.start + 1, value.end - 1);
  return value.hex ? hexBytes(raw) : literalBytes(raw);
}

function hexBytes(raw: Buffer): Buffer {
  const digits = raw.toString('latin1').replace(/[^0-9a-fA-F]/g, '');
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

function literalBytes(raw: Buffer): Buffer {
  if (!raw.includes(0x5c) && !raw.includes(0x0d)) return raw;
  const out: number[] = [];
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i] ?? 0;
    if (byte === 0x0d) {
      out.push(10);
      if (raw[i + 1] === 10) i += 1;
    } else if (byte !== 0x5c) {
      out.push(byte);
    } else {
      i += 1;
      const octal = /^[0-7]{1,3}/.exec(raw.toString('latin1', i, i + 3))?.[0];
      const next = raw[i];
      if (octal) {
        out.push(Number.parseInt(octal, 8) & 0xff);
        i += octal.length - 1;
      } else if (next === 0x0d) {
        if (raw[i + 1] === 10) i += 1;
      } else if (next !== undefined && next !== 0x0a) out.push(ESCAPES[next] ?? next);
    }
  }
  return Buffer.from(out);
}

/** A text string (ISO 32000-2 §7.9.2.2): UTF-16BE or UTF-8 by their marks, else Latin-1 (near enough to PDFDoc). */
export function textOf(value: PdfString): string {
  const bytes = stringBytes(value);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
    return even.swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  return bytes.toString('latin1');
}

/** Whether two values are the same text of the file, references compared as references. */
export function sameValue(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameValue(item, b[i]));
  }
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name;
  if (a.kind === 'reference') return b.kind === 'reference' && a.num === b.num && a.gen === b.gen;
  if (a.kind === 'string') return b.kind === 'string' && stringBytes(a).equals(stringBytes(b));
  if (a.kind === 'stream') {
    return b.kind === 'stream' && sameValue(a.dictionary, b.dictionary) && sameBytes(a, b);
  }
  return b.kind === 'dictionary' && sameEntries(a, b);
}

const BLOCK = 262_144;

/** Paid for: many pairs of streams can be made of the same long stretch of a file. */
function sameBytes(a: PdfStream, b: PdfStream): boolean {
  const length = a.to - a.from;
  if (length !== b.to - b.from) return false;
  spendOnDigest(length);
  for (let at = 0; at < length; at += BLOCK) {
    const end = Math.min(length, at + BLOCK);
    if (!a.source.slice(a.from + at, a.from + end).equals(b.source.slice(b.from + at, b.from + end)))
      return false;
  }
  return true;
}

function sameEntries(a: PdfDictionary, b: PdfDictionary): boolean {
  if (a.entries.size !== b.entries.size) return false;
  if (a.repeated.length > 0 || b.repeated.length > 0) return false;
  for (const [key, value] of a.entries) {
    if (!b.entries.has(key) || !sameValue(value, b.entries.get(key))) return false;
  }
  return true;
}
