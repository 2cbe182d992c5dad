import { bodyOf, type DerNode, expectTag, notDer, TAG } from './der-reader.ts';

/** BOOLEAN: DER knows 00 and FF only (X.690 §11.1). */
export function readBoolean(node: DerNode): boolean {
  expectTag(node, TAG.boolean);
  const value = node.bytes[node.body];
  if (node.end - node.body !== 1 || (value !== 0 && value !== 0xff)) throw notDer(node.start, 'boolean');
  return value === 0xff;
}

/** INTEGER contents in the fewest octets (X.690 §8.3.2), two's complement. `tag` for implicitly tagged ones. */
export function integerBytes(node: DerNode, tag: number = TAG.integer): Uint8Array {
  expectTag(node, tag);
  const length = node.end - node.body;
  if (length === 0) throw notDer(node.start, 'empty integer');
  const first = node.bytes[node.body] as number;
  const second = node.bytes[node.body + 1] as number;
  if (length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw notDer(node.start, 'integer not minimal');
  return bodyOf(node);
}

/** A non-negative INTEGER (or ENUMERATED) below 2^31. */
export function readSmallInteger(node: DerNode, tag: number = TAG.integer): number {
  const bytes = integerBytes(node, tag);
  if ((bytes[0] as number) >= 0x80 || bytes.length > 4) throw notDer(node.start, 'integer out of range');
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

/** An INTEGER of any length as lower-case hexadecimal without leading zeros; a negative one starts with "-". */
export function integerHex(node: DerNode): string {
  const bytes = integerBytes(node);
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  const trimmed = hex.replace(/^0+(?=.)/, '');
  return (bytes[0] as number) >= 0x80 ? `-${trimmed}` : trimmed;
}

export function readOctets(node: DerNode): Uint8Array {
  expectTag(node, TAG.octetString);
  return bodyOf(node);
}

/** BIT STRING whose length is a multiple of eight: keys and signatures. */
export function readBitOctets(node: DerNode): Uint8Array {
  expectTag(node, TAG.bitString);
  if (node.end === node.body || node.bytes[node.body] !== 0) throw notDer(node.start, 'bit string');
  return node.bytes.subarray(node.body + 1, node.end);
}

/**
 * BIT STRING of named bits as a number: bit n of the result is the n-th named bit. At most 31 bits are looked at.
 * Unused bits must be zero (X.690 §11.2.1); trailing zero bits are tolerated, as real certificates carry them.
 */
export function readNamedBits(node: DerNode, tag: number = TAG.bitString): number {
  expectTag(node, tag);
  const length = node.end - node.body;
  const unused = node.bytes[node.body] as number;
  if (length === 0 || unused > 7 || (length === 1 && unused !== 0)) throw notDer(node.start, 'bit string');
  const last = node.bytes[node.end - 1] as number;
  if (length > 1 && (last & ((1 << unused) - 1)) !== 0) throw notDer(node.start, 'unused bits');
  let bits = 0;
  for (let i = 0; i < Math.min((length - 1) * 8, 31); i++) {
    const byte = node.bytes[node.body + 1 + (i >> 3)] as number;
    if (byte & (0x80 >> (i & 7))) bits |= 1 << i;
  }
  return bits;
}

const OID_CACHE = new Map<string, string>();
const OID_CACHE_LIMIT = 2_000;

/** OBJECT IDENTIFIER in dotted form. Arcs are read exactly, whatever their size; `tag` for implicitly tagged ones. */
export function readOid(node: DerNode, tag: number = TAG.oid): string {
  expectTag(node, tag);
  const { bytes, body, end } = node;
  if (end === body || end - body > 64) throw notDer(node.start, 'object identifier');
  let key = '';
  for (let i = body; i < end; i++) key += String.fromCharCode(bytes[i] as number);
  const known = OID_CACHE.get(key);
  if (known !== undefined) return known;
  const text = decodeOid(node);
  if (OID_CACHE.size < OID_CACHE_LIMIT) OID_CACHE.set(key, text);
  return text;
}

function decodeOid(node: DerNode): string {
  const { bytes, body, end } = node;
  if ((bytes[end - 1] as number) >= 0x80) throw notDer(node.start, 'object identifier cut off');
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (let i = body; i < end; i++) {
    const byte = bytes[i] as number;
    if (fresh && byte === 0x80) throw notDer(node.start, 'object identifier not minimal');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const first = arcs[0] as bigint;
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...arcs.slice(1)].join('.');
}
