import { isoTime, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  type AlgorithmId,
  type PublicKey,
  readAlgorithm,
  readPublicKey,
  type SignatureAlgorithm,
  signatureAlgorithm,
  verifySignature,
} from './algorithms.ts';
import {
  context,
  type DerCursor,
  type DerNode,
  expectTag,
  inner,
  notDer,
  open,
  readDer,
  TAG,
  wholeOf,
} from './asn1/der-reader.ts';
import { integerBytes, integerHex, readBitOctets, readSmallInteger } from './asn1/der-values.ts';
import { attributeOf, type DistinguishedName, nameText, onlyAttributeOf, readName } from './asn1/names.ts';
import { readTime } from './asn1/time.ts';
import { BoundedMap } from './bounded-map.ts';
import { type Extensions, readExtensions } from './certificate-extensions.ts';
import type { VerificationErrorCode } from './errors.ts';
import type { SignerIdentity } from './report.ts';

/** An X.509 certificate (RFC 5280 §4.1), read once and shared: treat it as immutable. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly version: number;
  /** Certificate number, lower-case hexadecimal without leading zeros. */
  readonly number: string;
  /** The number's octets as encoded. */
  readonly numberBytes: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly selfIssued: boolean;
  /** Milliseconds since 1970 UTC, both ends included. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly tbs: Uint8Array;
  readonly spki: Uint8Array;
  /** Contents of subjectPublicKey: what key identifiers are digests of. */
  readonly keyOctets: Uint8Array;
  readonly signature: Uint8Array;
  /** Null where the algorithm is not supported. */
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  readonly extensions: Extensions;
  /** The key ready for use, made on first need; null where it cannot be used. */
  publicKey(): PublicKey | null;
}

const CACHE = new BoundedMap<string, Certificate>(4_096);
const MOST_BYTES = 65_536;
/** Larger ones are read anew each time: a file full of them must not fill the memory. */
const MOST_CACHED_BYTES = 8_192;

/**
 * Reads a certificate from DER; the same bytes give the same object (a bounded cache, keyed by SHA-256).
 * @throws TrucError `verification.not-a-certificate` with the reason.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const code: VerificationErrorCode = 'verification.not-a-certificate';
  if (der.length > MOST_BYTES) throw new TrucError(code, { size: der.length });
  const sha256 = sha256Hex(der);
  const known = CACHE.get(sha256);
  if (known) return known;
  try {
    // A copy, so that the cache never keeps the file alive that the certificate came in.
    const certificate = parse(Uint8Array.from(der), sha256);
    if (der.length <= MOST_CACHED_BYTES) CACHE.set(sha256, certificate);
    return certificate;
  } catch (error) {
    throw new TrucError(code, { size: der.length }, error);
  }
}

function parse(der: Uint8Array, sha256: string): Certificate {
  const outer = open(readDer(der), TAG.sequence);
  const tbsNode = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = readBitOctets(outer.next(TAG.bitString));
  outer.finish();
  const tbs = readTbs(open(tbsNode, TAG.sequence));
  // RFC 5280 §4.1.1.2: both places must name the same algorithm, parameters included.
  if (!Buffer.from(wholeOf(algorithm)).equals(wholeOf(tbs.algorithmNode)))
    throw notDer(algorithm.start, 'algorithms differ');
  let publicKey: PublicKey | null | undefined;
  return {
    der,
    sha256,
    ...tbs.fields,
    tbs: wholeOf(tbsNode),
    signature,
    signatureAlgorithm: supported(readAlgorithm(algorithm)),
    selfIssued: tbs.fields.issuer.folded === tbs.fields.subject.folded,
    publicKey: () => {
      if (publicKey === undefined) publicKey = readPublicKey(tbs.fields.spki);
      return publicKey;
    },
  };
}

function supported(id: AlgorithmId): SignatureAlgorithm | null {
  const algorithm = signatureAlgorithm(id);
  // In a certificate the identifier must say everything: there is no second place to name the digest.
  return algorithm && (algorithm.digest !== null || algorithm.scheme === 'ed25519') ? algorithm : null;
}

function readTbs(cursor: DerCursor) {
  const versionNode = cursor.optional(context(0));
  const version = versionNode ? readSmallInteger(inner(versionNode)) + 1 : 1;
  if (version > 3) throw notDer(0, 'version');
  const number = cursor.next(TAG.integer);
  const algorithmNode = cursor.next(TAG.sequence);
  const issuer = readName(cursor.next(TAG.sequence));
  const validity = open(cursor.next(TAG.sequence), TAG.sequence);
  const notBefore = readTime(validity.any());
  const notAfter = readTime(validity.any());
  validity.finish();
  const subject = readName(cursor.next(TAG.sequence));
  const spki = cursor.next(TAG.sequence);
  cursor.optional(context(1, false));
  cursor.optional(context(2, false));
  const extensions = readExtensions(extensionList(cursor, version));
  cursor.finish();
  const fields = {
    version,
    number: integerHex(number),
    numberBytes: integerBytes(number),
    issuer,
    subject,
    notBefore,
    notAfter,
    spki: wholeOf(spki),
    keyOctets: keyOctets(spki),
    extensions,
  };
  return { fields, algorithmNode };
}

function extensionList(cursor: DerCursor, version: number): DerNode | undefined {
  const node = cursor.optional(context(3));
  if (!node) return undefined;
  if (version !== 3) throw notDer(node.start, 'extensions before version 3');
  const list = inner(node);
  expectTag(list, TAG.sequence);
  return list;
}

function keyOctets(spki: DerNode): Uint8Array {
  const cursor = open(spki, TAG.sequence);
  cursor.next(TAG.sequence);
  const octets = readBitOctets(cursor.next(TAG.bitString));
  cursor.finish();
  return octets;
}

/** Checked pairs of certificate and issuer; certificates are immutable, so the answer never changes. */
const CHECKED = new WeakMap<Certificate, Map<string, boolean>>();

/** True when `issuer`'s key made the certificate's signature (nothing else is looked at). */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  let answers = CHECKED.get(certificate);
  if (!answers) {
    answers = new Map();
    CHECKED.set(certificate, answers);
  }
  const known = answers.get(issuer.sha256);
  if (known !== undefined) return known;
  const key = issuer.publicKey();
  const algorithm = certificate.signatureAlgorithm;
  const answer =
    key !== null &&
    algorithm !== null &&
    verifySignature(algorithm, algorithm.digest, key, [certificate.tbs], certificate.signature);
  if (answers.size < 64) answers.set(issuer.sha256, answer);
  return answer;
}

/** What reports say about the holder of a certificate. */
export function identityOf(certificate: Certificate): SignerIdentity {
  const { subject } = certificate;
  return {
    subject: nameText(subject),
    commonName: onlyAttributeOf(subject, '2.5.4.3'),
    serialNumber: onlyAttributeOf(subject, '2.5.4.5'),
    uid: attributeOf(subject, '0.9.2342.19200300.100.1.1'),
    organization: attributeOf(subject, '2.5.4.10'),
    issuer: nameText(certificate.issuer),
    certificateSha256: certificate.sha256,
    certificateNumber: certificate.number,
    notBefore: isoTime(certificate.notBefore),
    notAfter: isoTime(certificate.notAfter),
  };
}
