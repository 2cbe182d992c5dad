import { type DigestName, digestOf, isTrucError, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  digestAlgorithm,
  readAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithm,
  verifySignature,
} from './algorithms.ts';
import {
  children,
  context,
  type DerNode,
  expectTag,
  inner,
  notDer,
  open,
  readDer,
  TAG,
  unwrap,
  wholeOf,
} from './asn1/der-reader.ts';
import { integerHex, readBitOctets, readOctets, readOid, readSmallInteger } from './asn1/der-values.ts';
import { type DistinguishedName, readName } from './asn1/names.ts';
import { OID } from './asn1/oids.ts';
import { readTime } from './asn1/time.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { readExtension } from './certificate-extensions.ts';
import type { VerificationErrorCode } from './errors.ts';

/** SingleResponse (RFC 6960 §4.2.1). */
export interface OcspStatus {
  digest: DigestName | 'md5' | null;
  issuerNameHash: string;
  issuerKeyHash: string;
  /** Certificate number, lower-case hexadecimal. */
  number: string;
  status: 'good' | 'revoked' | 'unknown';
  revokedAt: number;
  reason: number;
  reasonStated: boolean;
  thisUpdate: number;
  nextUpdate: number | null;
  /** The responder also answers for certificates that ended at or after this time (archive cutoff); null: not stated. */
  keptSince: number | null;
  /** False where a critical extension is not processed. */
  understood: boolean;
}

export interface OcspResponse {
  /** As it was read: an OCSPResponse, or a bare BasicOCSPResponse. */
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly responder: { name: DistinguishedName } | { keyHash: string };
  readonly producedAt: number;
  readonly statuses: readonly OcspStatus[];
  /** Octets inside the nonce extension (RFC 9654 §2.1); null where there is none. */
  readonly nonce: Uint8Array | null;
  /** Certificates that came with the response: untrusted. */
  readonly certificates: readonly Certificate[];
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  isSignedBy(certificate: Certificate): boolean;
}

const MOST_BYTES = 1_048_576;

/**
 * Reads an OCSPResponse with status successful, or a BasicOCSPResponse (the form that CMS and PDF may carry).
 * @throws TrucError `verification.not-an-ocsp-response`
 */
export function readOcsp(der: Uint8Array): OcspResponse {
  const code: VerificationErrorCode = 'verification.not-an-ocsp-response';
  if (der.length > MOST_BYTES) throw new TrucError(code, { size: der.length });
  try {
    return { der, ...parseBasic(basicOf(readDer(der))) };
  } catch (error) {
    throw new TrucError(code, { size: der.length }, error);
  }
}

function basicOf(node: DerNode): DerNode {
  const cursor = open(node, TAG.sequence);
  if (cursor.tag !== TAG.enumerated) return node;
  if (readSmallInteger(cursor.next(TAG.enumerated), TAG.enumerated) !== 0) throw notDer(node.start, 'status');
  const bytes = open(inner(cursor.next(context(0))), TAG.sequence);
  cursor.finish();
  if (readOid(bytes.next(TAG.oid)) !== OID.ocspBasic) throw notDer(node.start, 'response type');
  return unwrap(bytes.next(TAG.octetString));
}

function parseBasic(node: DerNode): Omit<OcspResponse, 'der'> {
  const cursor = open(node, TAG.sequence);
  const tbs = cursor.next(TAG.sequence);
  const algorithm = signatureAlgorithm(readAlgorithm(cursor.next(TAG.sequence)));
  const signature = readBitOctets(cursor.next(TAG.bitString));
  const list = cursor.optional(context(0));
  cursor.finish();
  const checked = new Map<string, boolean>();
  return {
    sha256: sha256Hex(wholeOf(node)),
    ...readResponseData(tbs),
    certificates: list ? children(inner(list), 20).map((one) => readCertificate(wholeOf(one))) : [],
    signatureAlgorithm: algorithm,
    isSignedBy: (certificate) => {
      const known = checked.get(certificate.sha256);
      if (known !== undefined) return known;
      const key = certificate.publicKey();
      const answer =
        algorithm !== null &&
        key !== null &&
        verifySignature(algorithm, algorithm.digest, key, [wholeOf(tbs)], signature);
      if (checked.size < 64) checked.set(certificate.sha256, answer);
      return answer;
    },
  };
}

function readResponseData(tbs: DerNode) {
  const cursor = open(tbs, TAG.sequence);
  const version = cursor.optional(context(0));
  if (version && readSmallInteger(inner(version)) !== 0) throw notDer(version.start, 'version');
  const responder = readResponder(cursor.any());
  const producedAt = readTime(cursor.next(TAG.generalizedTime), true);
  const statuses = children(cursor.next(TAG.sequence), 1_000).map(readStatus);
  const extensions = cursor.optional(context(1));
  cursor.finish();
  const nonce = extensions ? readResponseExtensions(inner(extensions)) : null;
  return { responder, producedAt, statuses, nonce };
}

function readResponder(node: DerNode): OcspResponse['responder'] {
  if (node.tag === context(1)) return { name: readName(inner(node)) };
  expectTag(node, context(2));
  return { keyHash: hex(readOctets(inner(node))) };
}

function readStatus(node: DerNode): OcspStatus {
  const cursor = open(node, TAG.sequence);
  const id = open(cursor.next(TAG.sequence), TAG.sequence);
  const digest = digestAlgorithm(readAlgorithm(id.next(TAG.sequence)));
  const issuerNameHash = hex(readOctets(id.next(TAG.octetString)));
  const issuerKeyHash = hex(readOctets(id.next(TAG.octetString)));
  const number = integerHex(id.next(TAG.integer));
  id.finish();
  const status = readCertStatus(cursor.any());
  const thisUpdate = readTime(cursor.next(TAG.generalizedTime), true);
  const next = cursor.optional(context(0));
  const extensions = cursor.optional(context(1));
  cursor.finish();
  const kept = readSingleExtensions(extensions ? inner(extensions) : null);
  return {
    digest,
    issuerNameHash,
    issuerKeyHash,
    number,
    ...status,
    thisUpdate,
    nextUpdate: next ? readTime(inner(next), true) : null,
    ...kept,
  };
}

function readCertStatus(node: DerNode): Pick<OcspStatus, 'status' | 'revokedAt' | 'reason' | 'reasonStated'> {
  const plain = { revokedAt: 0, reason: 0, reasonStated: false };
  if (node.tag === context(0, false)) return { status: 'good', ...plain };
  if (node.tag === context(2, false)) return { status: 'unknown', ...plain };
  const cursor = open(node, context(1));
  const revokedAt = readTime(cursor.next(TAG.generalizedTime), true);
  const reason = cursor.optional(context(0));
  cursor.finish();
  return {
    status: 'revoked',
    revokedAt,
    reason: reason ? readSmallInteger(inner(reason), TAG.enumerated) : 0,
    reasonStated: reason !== undefined,
  };
}

/** RFC 6960 §4.4.4: archive cutoff is the one that says something about the status. */
function readSingleExtensions(list: DerNode | null): Pick<OcspStatus, 'keptSince' | 'understood'> {
  const found: Pick<OcspStatus, 'keptSince' | 'understood'> = { keptSince: null, understood: true };
  if (!list) return found;
  expectTag(list, TAG.sequence);
  for (const child of children(list, 50)) {
    const { oid, critical, value } = readExtension(child);
    if (oid === OID.ocspArchiveCutoff) found.keptSince = readTime(unwrap(value), true);
    else if (critical) found.understood = false;
  }
  return found;
}

/** Returns the nonce; RFC 6960 §4.4.1 names it, and its OCTET STRING may be wrapped or, by old responders, bare. */
function readResponseExtensions(list: DerNode): Uint8Array | null {
  expectTag(list, TAG.sequence);
  let nonce: Uint8Array | null = null;
  for (const child of children(list, 50)) {
    const { oid, critical, value } = readExtension(child);
    if (oid === OID.ocspNonce) nonce = nonceOctets(readOctets(value));
    else if (critical) throw notDer(child.start, 'critical extension');
  }
  return nonce;
}

function nonceOctets(octets: Uint8Array): Uint8Array {
  const wrapped = octets[0] === TAG.octetString && octets[1] === octets.length - 2;
  return wrapped ? octets.subarray(2) : octets;
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  1: 'malformed-request',
  2: 'internal-error',
  3: 'try-later',
  5: 'signature-required',
  6: 'unauthorized',
};

/** What a response says that has no answer in it (OCSPResponseStatus, RFC 6960 §4.2.1); null where it is none of these. */
export function ocspRefusal(der: Uint8Array): string | null {
  try {
    const cursor = open(readDer(der), TAG.sequence);
    return STATUS_NAMES[readSmallInteger(cursor.next(TAG.enumerated), TAG.enumerated)] ?? null;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return null;
  }
}

/** True when the status is about `certificate` as issued by `issuer` (RFC 6960 §4.1.1: hashes of name and key). */
export function isAbout(status: OcspStatus, certificate: Certificate, issuer: Certificate): boolean {
  if (status.number !== certificate.number || status.digest === null || status.digest === 'md5') return false;
  return (
    hex(digestOf(status.digest, certificate.issuer.der)) === status.issuerNameHash &&
    hex(digestOf(status.digest, issuer.keyOctets)) === status.issuerKeyHash
  );
}

/** True when the certificate is the one that the response names as its responder (RFC 6960 §4.2.1: SHA-1 of the key). */
export function isResponder(response: OcspResponse, certificate: Certificate): boolean {
  return 'name' in response.responder
    ? response.responder.name.folded === certificate.subject.folded
    : response.responder.keyHash === hex(digestOf('sha1', certificate.keyOctets));
}

/** True for a DER value that looks like an OCSP response rather than a CRL. */
export function looksLikeOcsp(der: Uint8Array): boolean {
  try {
    const cursor = open(readDer(der), TAG.sequence);
    return cursor.tag === TAG.enumerated;
  } catch {
    return false;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
