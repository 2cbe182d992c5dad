import {
  children,
  context,
  type DerNode,
  expectTag,
  inner,
  notDer,
  open,
  readNode,
  TAG,
  unwrap,
} from './asn1/der-reader.ts';
import { integerBytes, readSmallInteger } from './asn1/der-values.ts';
import { type DistinguishedName, readName } from './asn1/names.ts';
import { EXTENSION } from './asn1/oids.ts';
import { readTime } from './asn1/time.ts';
import { readExtension } from './certificate-extensions.ts';

/** CRLReason (RFC 5280 §5.3.1); absent means unspecified. */
export const REASON = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessation: 5,
  hold: 6,
  removeFromCrl: 8,
} as const;

export interface RevokedEntry {
  /** Milliseconds since 1970 UTC: the revocation, or the earlier invalidityDate that the entry states. */
  revokedAt: number;
  reason: number;
  /** False where the entry gives no reason: RFC 3161 §4 treats that worse than any stated one. */
  reasonStated: boolean;
  /** False where the entry has a critical extension that we do not process. */
  understood: boolean;
}

export interface CrlIndex {
  find(number: Uint8Array, issuer: DistinguishedName): RevokedEntry | null;
}

/**
 * An index over revokedCertificates: an open-addressing table of offsets into the DER, four octets a slot, so that a
 * list of a million entries costs its own bytes and 8 MB. Every entry's frame is checked while it is built.
 * @param entries the SEQUENCE OF entries
 * @param indirectIssuer issuer of the list if it is an indirect one, where entries name their certificates' issuer
 * @throws TrucError `verification.not-der`
 */
export function crlIndex(entries: DerNode, indirectIssuer: DistinguishedName | null): CrlIndex {
  const { bytes, body, end } = entries;
  const offsets = scan(entries);
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(4, offsets.length * 2))));
  const mask = slots.length - 1;
  for (const offset of offsets) {
    let slot = hashAt(bytes, offset) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    // Offsets are relative to the list and shifted by one, so that zero means empty.
    slots[slot] = offset - body + 1;
  }
  const issuers = indirectIssuer ? issuerRanges(entries, offsets, indirectIssuer) : null;
  return {
    find: (number, issuer) => {
      let slot = hash(number, 0, number.length) & mask;
      let found: RevokedEntry | null = null;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const offset = (slots[slot] as number) + body - 1;
        if (!sameNumber(bytes, offset, number)) continue;
        if (issuers && issuers.at(offset) !== issuer.folded) continue;
        const entry = readEntry(readNode(bytes, offset, end));
        if (!found || entry.revokedAt < found.revokedAt) found = entry;
      }
      return found;
    },
  };
}

/** Offsets of all entries; each must be a SEQUENCE that starts with an INTEGER. */
function scan(entries: DerNode): Uint32Array {
  const { bytes, body, end } = entries;
  let offsets = new Uint32Array(Math.max(16, Math.ceil((end - body) / 24)));
  let count = 0;
  let at = body;
  while (at < end) {
    const short = bytes[at + 1] as number;
    // Nearly every entry is below 128 octets: the general reader is only for the others.
    const next = bytes[at] === TAG.sequence && short < 0x80 ? at + 2 + short : readNode(bytes, at, end).end;
    const number = bytes[at] === TAG.sequence ? at + headerLength(bytes, at) : -1;
    if (next > end || number + 2 > next || bytes[number] !== TAG.integer) throw notDer(at, 'entry');
    if (number + 2 + (bytes[number + 1] as number) > next || (bytes[number + 1] as number) > 0x7f)
      throw notDer(at, 'entry number');
    // A number in more octets than it needs would not be found by its own certificate.
    if (isPadded(bytes, number + 2, bytes[number + 1] as number)) throw notDer(at, 'entry number');
    if (count === offsets.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(offsets);
      offsets = larger;
    }
    offsets[count++] = at;
    at = next;
  }
  return offsets.subarray(0, count);
}

/** X.690 §8.3.2. */
function isPadded(bytes: Uint8Array, at: number, length: number): boolean {
  if (length === 0) return true;
  const [first, second] = [bytes[at] as number, bytes[at + 1] as number];
  return length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function headerLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] as number;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

/** FNV-1a over the number's octets. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let i = from; i < to; i++) value = Math.imul(value ^ (bytes[i] as number), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

function hashAt(bytes: Uint8Array, offset: number): number {
  const number = offset + headerLength(bytes, offset);
  return hash(bytes, number + 2, number + 2 + (bytes[number + 1] as number));
}

function sameNumber(bytes: Uint8Array, offset: number, number: Uint8Array): boolean {
  const at = offset + headerLength(bytes, offset);
  if (bytes[at + 1] !== number.length) return false;
  for (let i = 0; i < number.length; i++) if (bytes[at + 2 + i] !== number[i]) return false;
  return true;
}

function readEntry(node: DerNode): RevokedEntry {
  const cursor = open(node, TAG.sequence);
  integerBytes(cursor.next(TAG.integer));
  const revokedAt = readTime(cursor.any());
  const extensions = cursor.optional(TAG.sequence);
  cursor.finish();
  const entry: RevokedEntry = {
    revokedAt,
    reason: REASON.unspecified,
    reasonStated: false,
    understood: true,
  };
  for (const child of extensions ? children(extensions, 20) : []) {
    const { oid, critical, value } = readExtension(child);
    if (oid === EXTENSION.reasonCode) {
      entry.reason = readSmallInteger(unwrap(value), TAG.enumerated);
      entry.reasonStated = true;
    } else if (oid === EXTENSION.invalidityDate) {
      // RFC 5280 §5.3.2: the key is suspect from then on, whenever the authority came to write it down.
      entry.revokedAt = Math.min(entry.revokedAt, readTime(unwrap(value)));
    } else if (critical && oid !== EXTENSION.certificateIssuer) {
      entry.understood = false;
    }
  }
  return entry;
}

/** In an indirect list an entry's certificateIssuer holds for the entries after it too (RFC 5280 §5.3.3). */
function issuerRanges(entries: DerNode, offsets: Uint32Array, first: DistinguishedName) {
  const starts: number[] = [0];
  const names: string[] = [first.folded];
  for (const offset of offsets) {
    const named = certificateIssuer(readNode(entries.bytes, offset, entries.end));
    if (named === null) continue;
    starts.push(offset);
    names.push(named);
  }
  return {
    at: (offset: number): string => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return names[low] as string;
    },
  };
}

function certificateIssuer(node: DerNode): string | null {
  const cursor = open(node, TAG.sequence);
  cursor.next(TAG.integer);
  cursor.any();
  const extensions = cursor.optional(TAG.sequence);
  for (const child of extensions ? children(extensions, 20) : []) {
    const { oid, value } = readExtension(child);
    if (oid !== EXTENSION.certificateIssuer) continue;
    const names = unwrap(value);
    expectTag(names, TAG.sequence);
    for (const name of children(names, 20)) if (name.tag === context(4)) return readName(inner(name)).folded;
    throw notDer(node.start, 'certificate issuer');
  }
  return null;
}
