import { sha256Hex, TrucError } from '../kernel/index.ts';
import { readAlgorithm, type SignatureAlgorithm, signatureAlgorithm, verifySignature } from './algorithms.ts';
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
  unwrap,
  wholeOf,
} from './asn1/der-reader.ts';
import {
  readBitOctets,
  readBoolean,
  readNamedBits,
  readOctets,
  readSmallInteger,
} from './asn1/der-values.ts';
import { type DistinguishedName, readName } from './asn1/names.ts';
import { EXTENSION } from './asn1/oids.ts';
import { readTime } from './asn1/time.ts';
import type { Certificate } from './certificate.ts';
import { readExtension } from './certificate-extensions.ts';
import { crlIndex, type RevokedEntry } from './crl-index.ts';
import { ALL_REASONS, type DistributionPoint, readPointName } from './distribution-point.ts';
import type { VerificationErrorCode } from './errors.ts';

/** IssuingDistributionPoint (RFC 5280 §5.2.5). */
export interface CrlScope {
  point: Pick<DistributionPoint, 'names' | 'relative'> | null;
  onlyUsers: boolean;
  onlyCas: boolean;
  onlyAttributes: boolean;
  reasons: number;
  indirect: boolean;
}

/** A certificate revocation list (RFC 5280 §5.1). Entries stay in their DER; the index over them is made on first need. */
export interface Crl {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly authorityKeyId: string | null;
  readonly number: string | null;
  /** Number of the list that a delta CRL builds on; null for a complete list. */
  readonly deltaBase: string | null;
  readonly scope: CrlScope;
  /** The list also answers for certificates that expired at or after this time; null: not stated. */
  readonly expiredSince: number | null;
  /** Critical extensions that we do not process: the list must not be used (RFC 5280 §5.2). */
  readonly unknownCritical: readonly string[];
  readonly signatureAlgorithm: SignatureAlgorithm | null;
  /** True when this certificate's key signed the list; remembered per key. */
  isSignedBy(certificate: Certificate): boolean;
  /**
   * The entry for a certificate, or null. `issuer` is the certificate's issuer name (it matters for indirect lists).
   * @throws TrucError `verification.not-a-crl` where an entry is broken.
   */
  find(number: Uint8Array, issuer: DistinguishedName): RevokedEntry | null;
}

const MOST_BYTES = 512 * 1_048_576;

/** Reads a CRL from DER without touching its entries. @throws TrucError `verification.not-a-crl` */
export function readCrl(der: Uint8Array): Crl {
  const code: VerificationErrorCode = 'verification.not-a-crl';
  if (der.length > MOST_BYTES) throw new TrucError(code, { size: der.length });
  try {
    return parse(der);
  } catch (error) {
    throw new TrucError(code, { size: der.length }, error);
  }
}

function parse(der: Uint8Array): Crl {
  const outer = open(readDer(der), TAG.sequence);
  const tbs = outer.next(TAG.sequence);
  const algorithmNode = outer.next(TAG.sequence);
  const signature = readBitOctets(outer.next(TAG.bitString));
  outer.finish();
  const fields = readTbs(tbs, algorithmNode);
  const algorithm = signatureAlgorithm(readAlgorithm(algorithmNode));
  const checked = new Map<string, boolean>();
  let index: ReturnType<typeof crlIndex> | undefined;
  return {
    der,
    sha256: sha256Hex(der),
    ...fields.values,
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
    find: (number, issuer) => {
      if (!fields.entries) return null;
      index ??= crlIndex(fields.entries, fields.values.scope.indirect ? fields.values.issuer : null);
      return index.find(number, issuer);
    },
  };
}

function readTbs(tbs: DerNode, algorithmNode: DerNode) {
  const cursor = open(tbs, TAG.sequence);
  const version = cursor.optional(TAG.integer);
  if (version && readSmallInteger(version) !== 1) throw notDer(version.start, 'version');
  const inside = cursor.next(TAG.sequence);
  if (!Buffer.from(wholeOf(inside)).equals(wholeOf(algorithmNode)))
    throw notDer(inside.start, 'algorithms differ');
  const issuer = readName(cursor.next(TAG.sequence));
  const thisUpdate = readTime(cursor.any());
  const hasNext = cursor.tag === TAG.utcTime || cursor.tag === TAG.generalizedTime;
  const nextUpdate = hasNext ? readTime(cursor.any()) : null;
  const entries = cursor.optional(TAG.sequence);
  const extensions = cursor.optional(context(0));
  cursor.finish();
  return { values: { issuer, thisUpdate, nextUpdate, ...readCrlExtensions(extensions) }, entries };
}

interface CrlExtensions {
  authorityKeyId: string | null;
  number: string | null;
  deltaBase: string | null;
  scope: CrlScope;
  expiredSince: number | null;
  unknownCritical: string[];
}

function readCrlExtensions(node: DerNode | undefined): CrlExtensions {
  const into: CrlExtensions = {
    authorityKeyId: null,
    number: null,
    deltaBase: null,
    scope: {
      point: null,
      onlyUsers: false,
      onlyCas: false,
      onlyAttributes: false,
      reasons: ALL_REASONS,
      indirect: false,
    },
    expiredSince: null,
    unknownCritical: [],
  };
  if (!node) return into;
  const seen = new Set<string>();
  for (const child of children(inner(node), 100)) {
    const { oid, critical, value } = readExtension(child);
    if (seen.has(oid)) throw notDer(child.start, 'repeated extension');
    seen.add(oid);
    if (!readCrlExtension(oid, value, into) && critical) into.unknownCritical.push(oid);
  }
  return into;
}

/** Returns false for an extension that we do not process. */
function readCrlExtension(oid: string, value: DerNode, into: CrlExtensions): boolean {
  switch (oid) {
    case EXTENSION.authorityKeyIdentifier: {
      const keyId = open(unwrap(value), TAG.sequence).optional(context(0, false));
      into.authorityKeyId = keyId ? hex(bodyOf(keyId)) : null;
      return true;
    }
    case EXTENSION.crlNumber:
      into.number = numberOf(unwrap(value));
      return true;
    case EXTENSION.deltaCrlIndicator:
      into.deltaBase = numberOf(unwrap(value));
      return true;
    case EXTENSION.issuingDistributionPoint:
      into.scope = readScope(unwrap(value));
      return true;
    case EXTENSION.expiredCertsOnCrl:
      into.expiredSince = readTime(unwrap(value), true);
      return true;
    default:
      return oid === EXTENSION.freshestCrl || oid === EXTENSION.issuerAltName;
  }
}

function readScope(node: DerNode): CrlScope {
  const cursor = open(node, TAG.sequence);
  const point = cursor.optional(context(0));
  const flag = (n: number): boolean => {
    const found = cursor.optional(context(n, false));
    return found ? readBoolean({ ...found, tag: TAG.boolean }) : false;
  };
  const onlyUsers = flag(1);
  const onlyCas = flag(2);
  const reasons = cursor.optional(context(3, false));
  const indirect = flag(4);
  const onlyAttributes = flag(5);
  cursor.finish();
  return {
    point: point ? readPointName(inner(point)) : null,
    onlyUsers,
    onlyCas,
    onlyAttributes,
    reasons: reasons ? readNamedBits(reasons, context(3, false)) & ALL_REASONS : ALL_REASONS,
    indirect,
  };
}

function numberOf(node: DerNode): string {
  expectTag(node, TAG.integer);
  return hex(readOctets({ ...node, tag: TAG.octetString })).replace(/^0+(?=.)/, '');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
