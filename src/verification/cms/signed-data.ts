import { isTrucError, TrucError } from '../../kernel/index.ts';
import { type AlgorithmId, readAlgorithm } from '../algorithms.ts';
import {
  bodyOf,
  children,
  context,
  type DerNode,
  expectTag,
  inner,
  notDer,
  open,
  readDer,
  TAG,
  wholeOf,
} from '../asn1/der-reader.ts';
import { integerHex, readOctets, readOid, readSmallInteger } from '../asn1/der-values.ts';
import { type DistinguishedName, readName } from '../asn1/names.ts';
import { OID } from '../asn1/oids.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { type Crl, readCrl } from '../crl.ts';
import type { VerificationErrorCode } from '../errors.ts';
import { type OcspResponse, readOcsp } from '../ocsp.ts';
import { type Attributes, readAttributes } from './attributes.ts';

/** SignedData (RFC 5652 §5.1). */
export interface SignedData {
  contentType: string;
  /** The same as encoded, tag and length included. */
  contentTypeDer: Uint8Array;
  /** The content inside, or null where it is detached. */
  content: Uint8Array | null;
  certificates: Certificate[];
  /** How many certificates could not be read. */
  unreadable: number;
  crls: Crl[];
  ocsps: OcspResponse[];
  /** Identifiers of the digests that the SignedData names for its signers. */
  digestAlgorithms: string[];
  /** Every CertificateChoices and every RevocationInfoChoice as encoded, readable or not. */
  encoded: { certificates: Uint8Array[]; revocation: Uint8Array[] };
  signers: SignerInfo[];
}

/** SignerInfo (RFC 5652 §5.3). */
export interface SignerInfo {
  id: { issuer: DistinguishedName; number: string } | { keyId: string };
  digestAlgorithm: AlgorithmId;
  signatureAlgorithm: AlgorithmId;
  signature: Uint8Array;
  /** Version to signature as encoded: what an archive time-stamp covers of it (EN 319 122-1 §5.5.3). */
  fields: Uint8Array;
  signed: Attributes | null;
  unsigned: Attributes | null;
}

const MOST_CERTIFICATES = 200;
const MOST_SIGNERS = 50;
const OCSP_FORMAT = '1.3.6.1.5.5.7.16.2';

/** Reads a ContentInfo with SignedData from DER. @throws TrucError `verification.not-der`, `verification.not-cms` */
export function readSignedData(der: Uint8Array): SignedData {
  const outer = open(readDer(der), TAG.sequence);
  const type = readOid(outer.next(TAG.oid));
  if (type !== OID.signedData) {
    const code: VerificationErrorCode = 'verification.not-cms';
    throw new TrucError(code, { type });
  }
  const wrapped = outer.next(context(0));
  outer.finish();
  const cursor = open(inner(wrapped), TAG.sequence);
  // RFC 5652 §5.1: 0 and 2 were never in use.
  expectVersion(cursor.next(TAG.integer), [1, 3, 4, 5]);
  const digests = children(cursor.next(TAG.set), MOST_SIGNERS).map((node) => readAlgorithm(node).oid);
  const content = readContent(cursor.next(TAG.sequence));
  const certificates = cursor.optional(context(0));
  const revocation = cursor.optional(context(1));
  const signers = children(cursor.next(TAG.set), MOST_SIGNERS).map(readSigner);
  cursor.finish();
  const choices = certificates ? children(certificates, MOST_CERTIFICATES) : [];
  const lists = revocation ? children(revocation, MOST_CERTIFICATES) : [];
  return {
    ...content,
    ...readCertificates(choices),
    ...readRevocation(lists),
    digestAlgorithms: digests,
    encoded: { certificates: choices.map(wholeOf), revocation: lists.map(wholeOf) },
    signers,
  };
}

function expectVersion(node: DerNode, versions: readonly number[]): void {
  if (!versions.includes(readSmallInteger(node))) throw notDer(node.start, 'version');
}

function readContent(node: DerNode): Pick<SignedData, 'contentType' | 'contentTypeDer' | 'content'> {
  const cursor = open(node, TAG.sequence);
  const type = cursor.next(TAG.oid);
  const wrapped = cursor.optional(context(0));
  cursor.finish();
  const content = wrapped ? readOctets(inner(wrapped)) : null;
  return { contentType: readOid(type), contentTypeDer: wholeOf(type), content };
}

function readCertificates(choices: readonly DerNode[]): Pick<SignedData, 'certificates' | 'unreadable'> {
  const certificates: Certificate[] = [];
  let unreadable = 0;
  for (const child of choices) {
    // Other choices than X.509 (attribute certificates, for one) are none of ours.
    if (child.tag !== TAG.sequence) continue;
    const certificate = attempt(() => readCertificate(wholeOf(child)));
    if (certificate) certificates.push(certificate);
    else unreadable++;
  }
  return { certificates, unreadable };
}

function readRevocation(lists: readonly DerNode[]): Pick<SignedData, 'crls' | 'ocsps'> {
  const crls: Crl[] = [];
  const ocsps: OcspResponse[] = [];
  for (const child of lists) {
    const crl = child.tag === TAG.sequence ? attempt(() => readCrl(wholeOf(child))) : null;
    if (crl) crls.push(crl);
    // OtherRevocationInfoFormat with a BasicOCSPResponse or OCSPResponse (RFC 5940 §2).
    const ocsp = child.tag === context(1) ? attempt(() => readOtherInfo(child)) : null;
    if (ocsp) ocsps.push(ocsp);
  }
  return { crls, ocsps };
}

function readOtherInfo(node: DerNode): OcspResponse | null {
  const cursor = open(node, context(1));
  const format = readOid(cursor.next(TAG.oid));
  if (format !== OCSP_FORMAT && format !== OID.ocspBasic) return null;
  return readOcsp(wholeOf(cursor.any()));
}

/** The value read, or null where it cannot be read. */
export function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (isTrucError(error)) return null;
    throw error;
  }
}

/** Reads one SignerInfo. @throws TrucError `verification.not-der` */
export function readSigner(node: DerNode): SignerInfo {
  const cursor = open(node, TAG.sequence);
  const version = cursor.next(TAG.integer);
  const id = readSignerId(cursor.any());
  // RFC 5652 §5.3; version 1 with a key identifier is widely written.
  expectVersion(version, 'keyId' in id ? [1, 3] : [1]);
  const digestAlgorithm = readAlgorithm(cursor.next(TAG.sequence));
  const signed = cursor.optional(context(0));
  const signatureAlgorithm = readAlgorithm(cursor.next(TAG.sequence));
  const value = cursor.next(TAG.octetString);
  const unsigned = cursor.optional(context(1));
  cursor.finish();
  return {
    id,
    digestAlgorithm,
    signatureAlgorithm,
    signature: readOctets(value),
    fields: node.bytes.subarray(version.start, value.end),
    signed: signed ? readAttributes(signed) : null,
    unsigned: unsigned ? readAttributes(unsigned) : null,
  };
}

function readSignerId(node: DerNode): SignerInfo['id'] {
  if (node.tag === context(0, false)) return { keyId: Buffer.from(bodyOf(node)).toString('hex') };
  expectTag(node, TAG.sequence);
  const cursor = open(node, TAG.sequence);
  const issuer = readName(cursor.next(TAG.sequence));
  const number = integerHex(cursor.next(TAG.integer));
  cursor.finish();
  return { issuer, number };
}

/** True when the certificate is the one that a SignerInfo names. */
export function isSignerCertificate(id: SignerInfo['id'], certificate: Certificate): boolean {
  if ('keyId' in id) return certificate.extensions.subjectKeyId === id.keyId;
  return certificate.number === id.number && certificate.issuer.folded === id.issuer.folded;
}
