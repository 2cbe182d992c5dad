import type { XmlElement } from 'libxml2-wasm';
import { type DigestName, digestOf, equalBytes, isTrucError } from '../../kernel/index.ts';
import { open, readDer, TAG } from '../asn1/der-reader.ts';
import { integerHex } from '../asn1/der-values.ts';
import type { Certificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import { digestOfUri } from './algorithm-uris.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf, plainText } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS, XADES } from './names.ts';
import type { XmlSignature } from './structure.ts';
import { readStamp, readUnsigned, type StampElement, type Unsigned } from './unsigned.ts';

/** The first Cert of a SigningCertificate property: the signer's own. */
interface CertificateReference {
  digest: DigestName | 'md5' | null;
  hash: Buffer;
  /** Certificate number, lower-case hexadecimal; null where it is not told. */
  number: string | null;
}

/** A content time-stamp, over all references of the signature or over the named ones (EN 319 132-1 §5.2.8). */
export interface ContentStamp extends StampElement {
  /** Ids of References, in order; null for all but the one of the properties. */
  includes: string[] | null;
}

/** The XAdES properties of a signature as far as they are judged. */
export interface Properties extends Unsigned {
  codes: VerificationCode[];
  /** Claimed, milliseconds since 1970 UTC. */
  signingTime: number | null;
  certificates: CertificateReference[];
  contentStamps: ContentStamp[];
  /** The SignedProperties that a reference covers. */
  signed: XmlElement | null;
}

const none = (): Properties => ({
  codes: [],
  signingTime: null,
  certificates: [],
  contentStamps: [],
  signed: null,
  unsigned: [],
  stamps: [],
  archives: [],
  values: { certificates: [], crls: [], ocsps: [] },
});

/**
 * Reads the qualifying properties inside the signature (EN 319 132-1 §5). Signed ones count only when a Reference of
 * this signature covers them.
 * @param targets what its references point to
 */
export function readProperties(signature: XmlSignature, targets: readonly XmlElement[]): Properties {
  const found = signature.objects.flatMap((object) => qualifyingIn(object));
  const properties = none();
  if (found.length === 0) return properties;
  try {
    const [qualifying, ...others] = found as [XmlElement, ...XmlElement[]];
    if (others.length > 0) throw fault('xml.properties-malformed', 'QualifyingProperties');
    if (signature.id === null || attribute(qualifying, 'Target') !== `#${signature.id}`)
      throw fault('xml.properties-malformed', 'Target');
    readQualifying(qualifying, targets, signature, properties);
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
  signature: XmlSignature,
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
    properties.signed = signed;
    for (const group of elementsOf(signed)) {
      if (isNamed(group, XADES, 'SignedSignatureProperties')) readSigned(group, properties);
      else if (isNamed(group, XADES, 'SignedDataObjectProperties'))
        readDataObjects(group, signature, properties);
      else ignoreUnless(false, properties);
    }
  }
  for (const group of unsigned ? elementsOf(unsigned) : []) {
    if (isNamed(group, XADES, 'UnsignedSignatureProperties'))
      readUnsigned(group, properties, properties.codes);
    else ignoreUnless(false, properties);
  }
}

function ignoreUnless(known: boolean, { codes }: Properties): void {
  if (!known) codes.push('xml.property-ignored');
}

/** Properties of what is signed (§5.2.3 to §5.2.9): they must speak of references of this very signature. */
function readDataObjects(group: XmlElement, signature: XmlSignature, properties: Properties): void {
  const ids = signature.references.flatMap(({ id }) => (id === null ? [] : [`#${id}`]));
  for (const one of elementsOf(group)) {
    if (isNamed(one, XADES, 'DataObjectFormat')) {
      const about = attribute(one, 'ObjectReference');
      if (about === null || !ids.includes(about)) properties.codes.push('xml.object-reference-wrong');
    } else if (isNamed(one, XADES, 'CommitmentTypeIndication')) {
      const about = elementsOf(one).filter((child) => isNamed(child, XADES, 'ObjectReference'));
      if (about.some((child) => !ids.includes(plainText(child).trim())))
        properties.codes.push('xml.object-reference-wrong');
    } else if (isContentStamp(one)) readContentStamp(one, ids, properties);
    else ignoreUnless(false, properties);
  }
}

function isContentStamp(one: XmlElement): boolean {
  return (
    isNamed(one, XADES, 'AllDataObjectsTimeStamp') || isNamed(one, XADES, 'IndividualDataObjectsTimeStamp')
  );
}

function readContentStamp(one: XmlElement, ids: readonly string[], properties: Properties): void {
  if (properties.contentStamps.length >= LIMITS.tokens) throw fault('xml.limit-exceeded', one.name);
  const { includes, ...stamp } = readStamp(one);
  const isAll = one.name === 'AllDataObjectsTimeStamp';
  if (isAll === includes.length > 0 || includes.some((uri) => !ids.includes(uri)))
    throw fault('xml.properties-malformed', 'Include');
  properties.contentStamps.push({ ...stamp, includes: isAll ? null : includes });
}

/** What a signer says of place, role and policy is a claim that no verdict rests on. */
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
