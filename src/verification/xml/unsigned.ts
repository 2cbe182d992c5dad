import type { XmlElement } from 'libxml2-wasm';
import type { VerificationCode } from '../codes.ts';
import { type Canonicalization, canonicalizationOf, DEFAULT_CANONICALIZATION } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS, XADES, XADES_141 } from './names.ts';
import { readValues, type Values } from './values.ts';

/** Time-stamp tokens with the canonical form of what they cover (ETSI EN 319 132-1 §5.1.4). */
export interface StampElement {
  canonicalization: Canonicalization;
  tokens: Buffer[];
}

/** An ArchiveTimeStamp: it covers the unsigned properties that stand before it (§5.5.2). */
export interface ArchiveElement extends StampElement {
  before: XmlElement[];
  /** How many of the CRLs and OCSP responses found stand before it. */
  covered: { crls: number; ocsps: number };
  /** Of XAdES 1.3.2, which leaves out Objects that are signed already. */
  isOld: boolean;
}

/** The unsigned properties of a signature as far as they are judged. */
export interface Unsigned {
  /** All of them, in their order. */
  unsigned: XmlElement[];
  stamps: StampElement[];
  archives: ArchiveElement[];
  values: Values;
}

/** Lists of digests of validation data: they help to find it, and no verdict rests on them. */
const REFERENCES = ['Certificate', 'Revocation'].flatMap((kind) => [
  `Complete${kind}Refs`,
  `Attribute${kind}Refs`,
]);
const TOLERATED: readonly string[] = [...REFERENCES, 'CounterSignature', 'SignaturePolicyStore'].flatMap(
  (name) => [name, `${name}V2`],
);
const VALUES: readonly string[] = [
  'CertificateValues',
  'RevocationValues',
  'AttrAuthoritiesCertValues',
  'AttributeRevocationValues',
  'TimeStampValidationData',
  'AnyValidationData',
];

/** Reads UnsignedSignatureProperties in their order. @throws a fault */
export function readUnsigned(group: XmlElement, found: Unsigned, codes: VerificationCode[]): void {
  const before: XmlElement[] = [];
  for (const one of elementsOf(group)) {
    readProperty(one, before, found, codes);
    before.push(one);
  }
  found.unsigned.push(...before);
}

function readProperty(
  one: XmlElement,
  before: XmlElement[],
  found: Unsigned,
  codes: VerificationCode[],
): void {
  const ours = one.namespaceUri === XADES || one.namespaceUri === XADES_141;
  if (ours && VALUES.includes(one.name)) {
    readValues(one, found.values, codes);
    return;
  }
  if (ours && TOLERATED.includes(one.name)) return;
  const isStamp = isNamed(one, XADES, 'SignatureTimeStamp');
  const isArchive = ours && one.name === 'ArchiveTimeStamp';
  if (!isStamp && !isArchive) {
    codes.push('xml.property-ignored');
    return;
  }
  if (isStamp ? found.stamps.length >= LIMITS.tokens : found.archives.length >= LIMITS.archives) {
    codes.push('timestamp.too-many');
    return;
  }
  const stamp = readStamp(one);
  if (isStamp) found.stamps.push(stamp);
  else {
    const { crls, ocsps } = found.values;
    const covered = { crls: crls.length, ocsps: ocsps.length };
    found.archives.push({ ...stamp, before: [...before], covered, isOld: one.namespaceUri === XADES });
  }
}

/** A time-stamp container of type XAdESTimeStampType. @throws a fault */
export function readStamp(element: XmlElement): StampElement & { includes: string[] } {
  const stamp: StampElement & { includes: string[] } = {
    canonicalization: DEFAULT_CANONICALIZATION,
    tokens: [],
    includes: [],
  };
  for (const one of elementsOf(element)) {
    if (isNamed(one, DS, 'CanonicalizationMethod')) {
      const form = canonicalizationOf(one, needAttribute(one, 'Algorithm'));
      if (!form) throw fault('xml.canonicalization-unsupported');
      stamp.canonicalization = form;
    } else if (isNamed(one, XADES, 'EncapsulatedTimeStamp')) stamp.tokens.push(octetsOf(one));
    else if (isNamed(one, XADES, 'Include')) stamp.includes.push(attribute(one, 'URI') ?? '');
    else throw fault('xml.properties-malformed', one.name);
  }
  if (stamp.tokens.length === 0 || stamp.tokens.length > LIMITS.tokens)
    throw fault('xml.properties-malformed', element.name);
  return stamp;
}
