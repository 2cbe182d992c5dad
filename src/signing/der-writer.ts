/** Writes DER (ITU-T X.690): every function returns one complete tag-length-value. */

const UNIVERSAL = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([tag, 0x80 | bytes.length, ...bytes]);
}

/** One value under any single-byte tag. */
export function tlv(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(tag, length), ...content]);
}

export function sequence(...items: readonly Uint8Array[]): Buffer {
  return tlv(UNIVERSAL.sequence, ...items);
}

/** SET OF: the members are put into the order that DER demands (X.690 §11.6). */
export function setOf(...items: readonly Uint8Array[]): Buffer {
  return tlv(UNIVERSAL.set, ...[...items].sort((a, b) => Buffer.compare(a, b)));
}

/** `[n]` in place of the value's own tag would be implicit; this wraps it (explicit, constructed). */
export function explicit(n: number, ...content: readonly Uint8Array[]): Buffer {
  return tlv(0xa0 | n, ...content);
}

/** `[n]` replacing the tag of an encoded value; a constructed value stays constructed. */
export function implicit(n: number, encoded: Uint8Array): Buffer {
  const constructed = (encoded[0] ?? 0) & 0x20;
  const copy = Buffer.from(encoded);
  copy[0] = 0x80 | constructed | n;
  return copy;
}

export function boolean(value: boolean): Buffer {
  return tlv(UNIVERSAL.boolean, Buffer.from([value ? 0xff : 0]));
}

/** A non-negative INTEGER from a number, a bigint or big-endian magnitude bytes. */
export function integer(value: number | bigint | Uint8Array): Buffer {
  const magnitude = typeof value === 'object' ? Buffer.from(value) : magnitudeOf(BigInt(value));
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const trimmed = magnitude.subarray(start);
  const padding = ((trimmed[0] ?? 0) & 0x80) !== 0 ? [Buffer.from([0])] : [];
  return tlv(UNIVERSAL.integer, ...padding, trimmed);
}

function magnitudeOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export function enumerated(value: number): Buffer {
  return tlv(UNIVERSAL.enumerated, Buffer.from([value]));
}

export function octetString(...content: readonly Uint8Array[]): Buffer {
  return tlv(UNIVERSAL.octetString, ...content);
}

/** BIT STRING of whole bytes. */
export function bitString(content: Uint8Array): Buffer {
  return tlv(UNIVERSAL.bitString, Buffer.from([0]), content);
}

/** BIT STRING of named bits: the numbers of the bits that are set, trailing zero bits cut (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Buffer {
  const last = Math.max(-1, ...bits);
  const bytes = Buffer.alloc(Math.floor(last / 8) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  const unused = last < 0 ? 0 : 7 - (last & 7);
  return tlv(UNIVERSAL.bitString, Buffer.from([unused]), bytes);
}

export const derNull: Buffer = Buffer.from([UNIVERSAL.null, 0]);

/** OBJECT IDENTIFIER from dotted decimals. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(base128);
  return tlv(UNIVERSAL.oid, Buffer.from(bytes));
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 0x80);
  }
  return bytes;
}

export function utf8String(text: string): Buffer {
  return tlv(UNIVERSAL.utf8, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Buffer {
  return tlv(UNIVERSAL.printable, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string): Buffer {
  return tlv(UNIVERSAL.ia5, Buffer.from(text, 'latin1'));
}

function compactTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.\d+Z$/, 'Z');
}

/** GeneralizedTime in whole seconds, UTC; `ms` since 1970. */
export function generalizedTime(ms: number): Buffer {
  return tlv(UNIVERSAL.generalizedTime, Buffer.from(compactTime(ms), 'latin1'));
}

/** Time as RFC 5280 §4.1.2.5 asks: UTCTime through 2049, GeneralizedTime afterwards. */
export function time(ms: number): Buffer {
  const text = compactTime(ms);
  if (text >= '19500101000000Z' && text < '20500101000000Z') {
    return tlv(UNIVERSAL.utcTime, Buffer.from(text.slice(2), 'latin1'));
  }
  return generalizedTime(ms);
}
