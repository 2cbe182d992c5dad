import { TrucError } from '../../kernel/index.ts';
import type { ByteSource } from '../byte-source.ts';
import { spendOnDigest } from '../work.ts';
import type { PdfCode } from './codes.ts';
import type { PdfDictionary, PdfName, PdfString, PdfValue } from './objects.ts';

/** Nesting of arrays and dictionaries that is read; real files stay under ten. */
const MAX_DEPTH = 48;
/** Octets of one string: signatures with all their validation data stay under one mebioctet. */
const MAX_STRING = 32 * 1024 * 1024;
const MAX_NAME = 65_536;
const MAX_DIGITS = 40;
/** Values that may be in memory at once, numbers of an array each for one, others by what they take: some 64 MiB. */
const MAX_VALUES = 4_000_000;
const OBJECT_VALUES = 4;
const DICTIONARY_VALUES = 16;
/** Longer white space, comments and strings are paid for: a file can make us read the same ones over and over. */
const FREE_OCTETS = 4_096;

/** How many values may still be parsed: shared by all that stay in memory together. */
export interface ValueAllowance {
  left: number;
}

export function valueAllowance(): ValueAllowance {
  return { left: MAX_VALUES };
}

/** 1 white space, 2 delimiter, 0 regular (ISO 32000-2 §7.2.3). */
const CLASSES = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASSES[byte] = 1;
for (const char of '()<>[]{}/%') CLASSES[char.charCodeAt(0)] = 2;

export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && CLASSES[byte] === 1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const names = new Map<string, PdfName>();

/** Names repeat all the time: short ones are kept once. */
function nameOf(text: string): PdfName {
  const known = names.get(text);
  if (known) return known;
  const name: PdfName = { kind: 'name', name: text };
  if (names.size < 2000 && text.length < 32) names.set(text, name);
  return name;
}

/** Reads PDF values; every fault is a TrucError `pdf.syntax` with its offset. */
export class PdfParser {
  readonly source: ByteSource;
  pos: number;
  private readonly allowance: ValueAllowance;

  constructor(source: ByteSource, pos: number, allowance: ValueAllowance = valueAllowance()) {
    this.source = source;
    this.pos = pos;
    this.allowance = allowance;
  }

  fault(): TrucError<PdfCode> {
    return new TrucError<PdfCode>('pdf.syntax', { offset: this.pos });
  }

  private limit(): TrucError<PdfCode> {
    return new TrucError<PdfCode>('pdf.limit-exceeded', { offset: this.pos });
  }

  private take(values: number): void {
    this.allowance.left -= values;
    if (this.allowance.left < 0) throw this.limit();
  }

  /** White space and comments. */
  skip(): void {
    const { source, pos: start } = this;
    for (;;) {
      const byte = source.at(this.pos);
      if (byte !== undefined && CLASSES[byte] === 1) this.pos += 1;
      else if (byte === 0x25) this.skipComment();
      else break;
    }
    if (this.pos - start > FREE_OCTETS) spendOnDigest(this.pos - start);
  }

  private skipComment(): void {
    const { source } = this;
    while (this.pos < source.length && source.at(this.pos) !== 10 && source.at(this.pos) !== 13)
      this.pos += 1;
  }

  /** Whether the word stands here (after white space); moves past it when it does. */
  keyword(word: string): boolean {
    this.skip();
    const end = this.pos + word.length;
    for (let i = 0; i < word.length; i++)
      if (this.source.at(this.pos + i) !== word.charCodeAt(i)) return false;
    const after = this.source.at(end);
    if (after !== undefined && CLASSES[after] === 0) return false;
    this.pos = end;
    return true;
  }

  /** A non-negative integer of at most ten digits, or null (the position stays). */
  unsigned(): number | null {
    this.skip();
    const start = this.pos;
    let value = 0;
    let after = this.source.at(start);
    while (after !== undefined && isDigit(after)) {
      value = value * 10 + (after - 0x30);
      after = this.source.at(++this.pos);
    }
    const length = this.pos - start;
    if (length === 0 || length > 10 || (after !== undefined && CLASSES[after] === 0)) {
      this.pos = start;
      return null;
    }
    return value;
  }

  value(depth = 0): PdfValue {
    if (depth > MAX_DEPTH) throw this.limit();
    this.take(1);
    this.skip();
    const byte = this.source.at(this.pos);
    if (byte === 0x2f) return nameOf(this.name());
    if (byte === 0x5b) return this.array(depth);
    if (byte === 0x28) return this.literal();
    if (byte === 0x3c)
      return this.source.at(this.pos + 1) === 0x3c ? this.dictionary(depth) : this.hexString();
    if (isDigit(byte)) return this.numberOrReference();
    if (byte === 0x2b || byte === 0x2d || byte === 0x2e) return this.number();
    if (this.keyword('null')) return null;
    if (this.keyword('true')) return true;
    if (this.keyword('false')) return false;
    throw this.fault();
  }

  private name(): string {
    const { source } = this;
    const start = ++this.pos;
    let escaped = false;
    for (;;) {
      const byte = source.at(this.pos);
      if (byte === undefined || CLASSES[byte] !== 0) break;
      if (byte === 0x23) escaped = true;
      this.pos += 1;
    }
    if (this.pos - start > MAX_NAME) throw this.limit();
    const text = source.text(start, this.pos);
    if (!escaped) return text;
    return text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  private array(depth: number): PdfValue[] {
    this.pos += 1;
    const items: PdfValue[] = [];
    for (;;) {
      this.skip();
      const byte = this.source.at(this.pos);
      if (byte === 0x5d) {
        this.pos += 1;
        return items;
      }
      if (byte === undefined) throw this.fault();
      items.push(this.value(depth + 1));
    }
  }

  dictionary(depth = 0): PdfDictionary {
    const start = this.pos;
    this.pos += 2;
    this.take(DICTIONARY_VALUES);
    const result: PdfDictionary = { kind: 'dictionary', entries: new Map(), repeated: [], start, end: start };
    for (;;) {
      this.skip();
      const byte = this.source.at(this.pos);
      if (byte === 0x3e && this.source.at(this.pos + 1) === 0x3e) {
        this.pos += 2;
        result.end = this.pos;
        return result;
      }
      if (byte !== 0x2f) throw this.fault();
      const key = this.name();
      if (result.entries.has(key)) result.repeated.push(key);
      result.entries.set(key, this.value(depth + 1));
    }
  }

  private literal(): PdfString {
    const { source } = this;
    this.take(OBJECT_VALUES);
    const start = this.pos++;
    for (let open = 1; open > 0; this.pos += 1) {
      const byte = source.at(this.pos);
      if (byte === undefined) throw this.fault();
      if (this.pos - start > MAX_STRING) throw this.limit();
      if (byte === 0x5c) this.pos += 1;
      else if (byte === 0x28) open += 1;
      else if (byte === 0x29) open -= 1;
    }
    if (this.pos - start > FREE_OCTETS) spendOnDigest(this.pos - start);
    return { kind: 'string', hex: false, start, end: this.pos, source };
  }

  private hexString(): PdfString {
    const { source, pos: start } = this;
    this.take(OBJECT_VALUES);
    const close = source.indexOf(0x3e, start, start + MAX_STRING);
    this.pos = close < 0 ? Math.min(source.length, start + MAX_STRING) : close + 1;
    if (this.pos - start > FREE_OCTETS) spendOnDigest(this.pos - start);
    if (close < 0) throw this.pos < source.length ? this.limit() : this.fault();
    return { kind: 'string', hex: true, start, end: this.pos, source };
  }

  private numberOrReference(): PdfValue {
    const start = this.pos;
    const num = this.unsigned();
    if (num === null) return this.number();
    const after = this.pos;
    const gen = isSpace(this.source.at(after)) ? this.unsigned() : null;
    if (gen !== null && this.keyword('R')) {
      this.take(OBJECT_VALUES);
      return { kind: 'reference', num, gen };
    }
    this.pos = after;
    if (this.source.at(start) === undefined) throw this.fault();
    return num;
  }

  private number(): number {
    const start = this.pos;
    let byte = this.source.at(this.pos);
    while (isDigit(byte) || byte === 0x2e || byte === 0x2b || byte === 0x2d)
      byte = this.source.at(++this.pos);
    if (this.pos - start > MAX_DIGITS) throw this.fault();
    const text = this.source.text(start, this.pos);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw this.fault();
    if (byte !== undefined && CLASSES[byte] === 0) throw this.fault();
    return Number(text);
  }
}
