import { collapseSpaces } from '../../kernel/index.ts';
import { BoundedMap } from '../bounded-map.ts';
import {
  bodyOf,
  children,
  type DerNode,
  expectTag,
  notDer,
  open,
  readDer,
  TAG,
  wholeOf,
} from './der-reader.ts';
import { readOid } from './der-values.ts';
import { ATTRIBUTE_NAMES } from './oids.ts';

export interface NameAttribute {
  oid: string;
  /** The value as text, or null where it is not a string type. */
  text: string | null;
  /** Form in which two values are compared (RFC 5280 §7.1). */
  folded: string;
}

/** An X.501 name. */
export interface DistinguishedName {
  der: Uint8Array;
  /** Relative names in the order of the encoding; most have one attribute. */
  rdns: NameAttribute[][];
  /** Folded relative names: equal strings mean equal names (RFC 5280 §7.1). */
  foldedRdns: string[];
  /** All of `foldedRdns` as one string. */
  folded: string;
}

/** The same few names stand in every certificate, signature and time-stamp; keyed by their octets. */
const KNOWN = new BoundedMap<string, DistinguishedName>(2_000);
const LONGEST_KNOWN = 512;

/** Reads a Name; the same octets may give the same object. @throws TrucError `verification.not-der` */
export function readName(node: DerNode): DistinguishedName {
  expectTag(node, TAG.sequence);
  const whole = wholeOf(node);
  if (whole.length > LONGEST_KNOWN) return parseName(node);
  const key = Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString('latin1');
  let name = KNOWN.get(key);
  if (!name) {
    // From a copy, so that what is kept does not keep a whole file alive.
    name = parseName(readDer(Uint8Array.from(whole)));
    KNOWN.set(key, name);
  }
  return name;
}

function parseName(node: DerNode): DistinguishedName {
  const rdns = children(node, 64).map((child) => readRdn(child));
  const foldedRdns = rdns.map(foldRdn);
  return { der: wholeOf(node), rdns, foldedRdns, folded: foldedRdns.join(',') };
}

/** Reads one RelativeDistinguishedName; `tag` for implicitly tagged ones (distribution points). */
export function readRdn(node: DerNode, tag: number = TAG.set): NameAttribute[] {
  expectTag(node, tag);
  const parts = children(node, 64);
  if (parts.length === 0) throw notDer(node.start, 'empty relative name');
  return parts.map(readAttribute);
}

/** The compared form of one relative name: its attributes in a fixed order. */
export function foldRdn(rdn: readonly NameAttribute[]): string {
  const parts = rdn.map((attribute) => `${attribute.oid}=${JSON.stringify(attribute.folded)}`);
  return parts.sort().join('+');
}

function readAttribute(node: DerNode): NameAttribute {
  const cursor = open(node, TAG.sequence);
  const oid = readOid(cursor.next(TAG.oid));
  const value = cursor.any();
  cursor.finish();
  const text = readText(value);
  // RFC 5280 §7.1: letter case and runs of spaces do not count, nor does the string type.
  const folded =
    text === null
      ? `#${Buffer.from(wholeOf(value)).toString('hex')}`
      : collapseSpaces(text.normalize('NFKC')).toLowerCase();
  return { oid, text, folded };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const UTF16 = new TextDecoder('utf-16be', { fatal: true });

/** The text of a directory string, or null where the type is not a string or its octets are not well-formed. */
export function readText(node: DerNode): string | null {
  const bytes = bodyOf(node);
  switch (node.tag) {
    case TAG.utf8String:
      return decode(UTF8, bytes);
    case TAG.bmpString:
      return bytes.length % 2 === 0 ? decode(UTF16, bytes) : null;
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.numericString:
    case TAG.visibleString:
    case TAG.teletexString:
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    case TAG.universalString:
      return readUtf32(bytes);
    default:
      return null;
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function readUtf32(bytes: Uint8Array): string | null {
  if (bytes.length % 4 !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = '';
  for (let i = 0; i < bytes.length; i += 4) {
    const point = view.getUint32(i);
    if (point > 0x10ffff) return null;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** RFC 4514 string, most specific attribute first. Control characters are escaped, so it is safe to print. */
export function nameText(name: DistinguishedName): string {
  let text = TEXTS.get(name);
  if (text === undefined) {
    text = writeName(name);
    TEXTS.set(name, text);
  }
  return text;
}

const TEXTS = new WeakMap<DistinguishedName, string>();

function writeName(name: DistinguishedName): string {
  return name.rdns
    .toReversed()
    .map((rdn) => rdn.map(attributeText).join('+'))
    .join(',');
}

function attributeText(attribute: NameAttribute): string {
  const type = ATTRIBUTE_NAMES[attribute.oid] ?? attribute.oid;
  if (attribute.text === null) return `${type}=${attribute.folded}`;
  return `${type}=${escapeValue(attribute.text)}`;
}

/** RFC 4514 §2.4. */
function escapeValue(value: string): string {
  return (
    value
      .replace(/[\\",+;<>]/g, (char) => `\\${char}`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped here
      .replace(/[\u0000-\u001f\u007f]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
      .replace(/^[ #]/, (char) => `\\${char}`)
      .replace(/ $/, '\\ ')
  );
}

/** The first value of an attribute as text, most specific relative name first; null where there is none. */
export function attributeOf(name: DistinguishedName, oid: string): string | null {
  for (const rdn of name.rdns.toReversed()) {
    const found = rdn.find((attribute) => attribute.oid === oid);
    if (found) return found.text;
  }
  return null;
}

/** The value of an attribute that stands once; null where it stands more often: nobody can say which one is meant. */
export function onlyAttributeOf(name: DistinguishedName, oid: string): string | null {
  const found = name.rdns.flat().filter((attribute) => attribute.oid === oid);
  return found.length === 1 ? (found[0]?.text ?? null) : null;
}

/** True when `name` lies in the subtree of `base` (RFC 5280 §4.2.1.10): base's relative names come first. */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return (
    base.foldedRdns.length <= name.foldedRdns.length &&
    base.foldedRdns.every((rdn, i) => rdn === name.foldedRdns[i])
  );
}
