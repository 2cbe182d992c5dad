import type { XmlElement } from 'libxml2-wasm';
import { type DigestName, digestOf, equalBytes, isTrucError } from '../../kernel/index.ts';
import { open, readDer, TAG } from '../asn1/der-reader.ts';
import { integerHex } from '../asn1/der-values.ts';
import type { Certificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import { digestOfUri } from './algorithm-uris.ts';
import { type Canonicalization, canonicalizationOf, DEFAULT_CANONICALIZATION } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf, plainText } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS, XADES } from './names.ts';
import type { XmlSignature } from './structure.ts';

/** The first Cert of a SigningCertificate property: the signer's own. */
interface CertificateReference {
  digest: DigestName | 'md5' | null;
  hash: Buffer;
  /** Certificate number, lower-case hexadecimal; null where it is not told. */
  number: string | null;
}

/** A SignatureTimeStamp: tokens over the canonical form of SignatureValue (ETSI EN 319 132-1 §5.3). */
export interface StampElement {
  canonicalization: Canonicalization;
  tokens: Buffer[];
}

/** The XAdES properties of a signature as far as they are judged. */
export interface Properties {
  codes: VerificationCode[];
  /** Claimed, milliseconds since 1970 UTC. */
  signingTime: number | null;
  certificates: CertificateReference[];
  stamps: StampElement[];
}

const NONE: Properties = { codes: [], signingTime: null, certificates: [], stamps: [] };

/**
 * Reads the qualifying properties inside the signature (EN 319 132-1 §5). Signed ones count only when a Reference of
 * this signature covers them.
 * @param targets what its references point to
 */
export function readProperties(signature: XmlSignature, targets: readonly XmlElement[]): Properties {
  const found = signature.objects.flatMap((object) => qualifyingIn(object));
  if (found.length === 0) return NONE;
  const properties: Properties = { codes: [], signingTime: null, certificates: [], stamps: [] };
  try {
    const [qualifying, ...others] = found as [XmlElement, ...XmlElement[]];
    if (others.length > 0) throw fault('xml.properties-malformed', 'QualifyingProperties');
    if (signature.id === null || attribute(qualifying, 'Target') !== `#${signature.id}`)
      throw fault('xml.properties-malformed', 'Target');
    readQualifying(qualifying, targets, properties);
  } catch (error) {
    properties.codes.push(faultCode(error));
  }
  return properties;
}

/** An Object may hold anything; only one that holds these properties is read. */
function qualifyingIn(object: XmlElement): XmlElement[] {
  try {
    return elementsOf(object).filter((one) => isNamed(one, XADES, 'QualifyingProperties'));
  } catch (error) {
    faultCode(error);
    return [];
  }
}

function readQualifying(
  qualifying: XmlElement,
  targets: readonly XmlElement[],
  properties: Properties,
): void {
  const [signed, unsigned] = ['SignedProperties', 'UnsignedProperties'].map((name) => {
    const list = elementsOf(qualifying).filter((one) => isNamed(one, XADES, name));
    if (list.length > 1) throw fault('xml.properties-malformed', name);
    return list[0];
  });
  if (!signed || !targets.some((one) => one.isSameNode(signed))) {
    properties.codes.push('xml.properties-not-signed');
  } else {
    for (const group of elementsOf(signed)) {
      if (isNamed(group, XADES, 'SignedSignatureProperties')) readSigned(group, properties);
      else ignoreUnless(isNamed(group, XADES, 'SignedDataObjectProperties'), properties);
    }
  }
  for (const group of unsigned ? elementsOf(unsigned) : []) {
    if (isNamed(group, XADES, 'UnsignedSignatureProperties')) readUnsigned(group, properties);
    else ignoreUnless(false, properties);
  }
}

function ignoreUnless(known: boolean, { codes }: Properties): void {
  if (!known && !codes.includes('xml.property-ignored')) codes.push('xml.property-ignored');
}

/** What a signer says of place and role is a claim that no verdict rests on. */
const CLAIMS = ['SignatureProductionPlace', 'SignatureProductionPlaceV2', 'SignerRole', 'SignerRoleV2'];

function readSigned(group: XmlElement, properties: Properties): void {
  const seen = new Set<string>();
  for (const one of elementsOf(group)) {
    if (one.namespaceUri !== XADES || seen.has(one.name)) throw fault('xml.properties-malformed', one.name);
    seen.add(one.name);
    if (one.name === 'SigningTime') properties.signingTime = timeOf(plainText(one));
    else if (one.name === 'SigningCertificateV2' || one.name === 'SigningCertificate')
      properties.certificates.push(firstCertificate(one));
    else ignoreUnless(CLAIMS.includes(one.name), properties);
  }
}

const DATE_TIME = /^-?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** xsd:dateTime with a time zone (EN 319 132-1 §5.2.1). */
function timeOf(text: string): number {
  const trimmed = text.trim();
  const time = DATE_TIME.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  if (Number.isNaN(time)) throw fault('xml.properties-malformed', 'SigningTime');
  return time;
}

function firstCertificate(property: XmlElement): CertificateReference {
  const cert = elementsOf(property)[0];
  if (!cert || !isNamed(cert, XADES, 'Cert')) throw fault('xml.properties-malformed', property.name);
  const [digest, issuer, ...rest] = elementsOf(cert);
  if (!digest || !isNamed(digest, XADES, 'CertDigest') || rest.length > 0)
    throw fault('xml.properties-malformed', 'Cert');
  const [method, value, ...more] = elementsOf(digest);
  if (!method || !value || more.length > 0) throw fault('xml.properties-malformed', 'CertDigest');
  if (!isNamed(method, DS, 'DigestMethod') || !isNamed(value, DS, 'DigestValue'))
    throw fault('xml.properties-malformed', 'CertDigest');
  return {
    digest: digestOfUri(needAttribute(method, 'Algorithm')),
    hash: octetsOf(value),
    number: issuer ? numberOf(issuer) : null,
  };
}

function numberOf(issuer: XmlElement): string {
  if (isNamed(issuer, XADES, 'IssuerSerialV2')) return numberInDer(octetsOf(issuer));
  const serial = elementsOf(issuer).find((one) => isNamed(one, DS, 'X509SerialNumber'));
  const digits = serial ? plainText(serial).trim() : '';
  if (!/^\d{1,60}$/.test(digits)) throw fault('xml.properties-malformed', 'X509SerialNumber');
  return BigInt(digits).toString(16);
}

/** IssuerSerial of RFC 5035 §3: names, then the number. */
function numberInDer(der: Buffer): string {
  try {
    const cursor = open(readDer(der), TAG.sequence);
    cursor.next(TAG.sequence);
    return integerHex(cursor.next(TAG.integer));
  } catch (error) {
    if (!isTrucError(error)) throw error;
    throw fault('xml.properties-malformed', 'IssuerSerialV2');
  }
}

function readUnsigned(group: XmlElement, properties: Properties): void {
  for (const one of elementsOf(group)) {
    if (!isNamed(one, XADES, 'SignatureTimeStamp')) {
      ignoreUnless(false, properties);
      continue;
    }
    if (properties.stamps.length >= LIMITS.tokens) {
      properties.codes.push('timestamp.too-many');
      return;
    }
    properties.stamps.push(readStamp(one));
  }
}

function readStamp(element: XmlElement): StampElement {
  const stamp: StampElement = { canonicalization: DEFAULT_CANONICALIZATION, tokens: [] };
  for (const one of elementsOf(element)) {
    if (isNamed(one, DS, 'CanonicalizationMethod')) {
      const form = canonicalizationOf(one, needAttribute(one, 'Algorithm'));
      if (!form) throw fault('xml.canonicalization-unsupported');
      stamp.canonicalization = form;
    } else if (isNamed(one, XADES, 'EncapsulatedTimeStamp')) stamp.tokens.push(octetsOf(one));
    else throw fault('xml.properties-malformed', one.name);
  }
  if (stamp.tokens.length === 0 || stamp.tokens.length > LIMITS.tokens)
    throw fault('xml.properties-malformed', 'SignatureTimeStamp');
  return stamp;
}

/** True when every SigningCertificate property names this certificate. */
export function namesCertificate(properties: Properties, certificate: Certificate): boolean {
  return properties.certificates.every(
    ({ digest, hash, number }) =>
      digest !== null &&
      digest !== 'md5' &&
      equalBytes(digestOf(digest, certificate.der), hash) &&
      (number === null || number === certificate.number),
  );
}
