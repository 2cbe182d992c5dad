import { constants, createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';
import type { DigestName } from '../kernel/index.ts';
import { context, type DerNode, inner, open, TAG } from './asn1/der-reader.ts';
import { readOid, readSmallInteger } from './asn1/der-values.ts';
import { DIGEST_OIDS, OID, SIGNATURE_OIDS, type SignatureScheme } from './asn1/oids.ts';
import { type BytePart, piecesOf, sizeOf, wholeOfParts } from './byte-source.ts';
import { exhaust, spendOnKey } from './work.ts';

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface AlgorithmId {
  oid: string;
  parameters: DerNode | undefined;
}

/** How a signature is to be checked; `digest` null: the algorithm identifier leaves it open. */
export interface SignatureAlgorithm {
  scheme: SignatureScheme;
  digest: DigestName | 'md5' | null;
  /** Salt octets of RSASSA-PSS. */
  saltLength: number;
}

export function readAlgorithm(node: DerNode, tag: number = TAG.sequence): AlgorithmId {
  const cursor = open(node, tag);
  const oid = readOid(cursor.next(TAG.oid));
  const parameters = cursor.done ? undefined : cursor.any();
  cursor.finish();
  return { oid, parameters };
}

/** Absent or NULL: all that digests and signatures other than PSS may have (RFC 5754 §2, RFC 8017 §A.2.4). */
function hasPlainParameters({ parameters }: AlgorithmId): boolean {
  return !parameters || (parameters.tag === TAG.null && parameters.end === parameters.body);
}

/** The digest an identifier names, or null where we do not know it. */
export function digestAlgorithm(id: AlgorithmId): DigestName | 'md5' | null {
  return hasPlainParameters(id) ? (DIGEST_OIDS[id.oid] ?? null) : null;
}

/** The signature algorithm an identifier names, or null where we do not support it. */
export function signatureAlgorithm(id: AlgorithmId): SignatureAlgorithm | null {
  const known = SIGNATURE_OIDS[id.oid];
  if (!known) return null;
  if (known.scheme === 'rsa-pss') return readPss(id.parameters);
  return hasPlainParameters(id) ? { ...known, saltLength: 0 } : null;
}

/** RSASSA-PSS-params (RFC 4055 §3.1). Only one digest for message and mask is supported, as every signer does. */
function readPss(parameters: DerNode | undefined): SignatureAlgorithm | null {
  if (!parameters) return null;
  const cursor = open(parameters, TAG.sequence);
  const hash = cursor.optional(context(0));
  const mask = cursor.optional(context(1));
  const salt = cursor.optional(context(2));
  const trailer = cursor.optional(context(3));
  cursor.finish();
  if (!hash || !mask || (trailer && readSmallInteger(inner(trailer)) !== 1)) return null;
  const digest = digestAlgorithm(readAlgorithm(inner(hash)));
  const generator = readAlgorithm(inner(mask));
  if (!digest || generator.oid !== OID.mgf1 || !generator.parameters) return null;
  if (digestAlgorithm(readAlgorithm(generator.parameters)) !== digest) return null;
  return { scheme: 'rsa-pss', digest, saltLength: salt ? readSmallInteger(inner(salt)) : 20 };
}

export type KeyKind = 'rsa' | 'rsa-pss' | 'ec' | 'dsa' | 'ed25519';

/** A public key ready for use, with what policies ask about it. */
export interface PublicKey {
  key: KeyObject;
  kind: KeyKind;
  /** Modulus or field size in bits. */
  bits: number;
  /** OpenSSL's name of the curve, for EC keys. */
  curve: string | null;
}

const CURVE_BITS: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
const KINDS: readonly string[] = ['rsa', 'rsa-pss', 'ec', 'dsa', 'ed25519'] satisfies KeyKind[];
/** Beyond this one verification costs milliseconds: a way to stop a server with one certificate. */
const MOST_RSA_BITS = 8_192;
const MOST_EXPONENT = 1n << 33n;
/** With exponent 1 everybody signs; even ones are no RSA. */
const LEAST_EXPONENT = 3n;

/** Reads a SubjectPublicKeyInfo; null where the key cannot be used here (unknown, broken, absurdly large). */
export function readPublicKey(spki: Uint8Array): PublicKey | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const kind = key.asymmetricKeyType;
    if (kind === undefined || !isKeyKind(kind)) return null;
    const details = key.asymmetricKeyDetails ?? {};
    const exponent = details.publicExponent ?? LEAST_EXPONENT;
    if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT || exponent % 2n === 0n) return null;
    if ((details.modulusLength ?? 0) > MOST_RSA_BITS) return null;
    const curve = details.namedCurve ?? null;
    const bits = details.modulusLength ?? CURVE_BITS[curve ?? ''] ?? (kind === 'ed25519' ? 256 : 0);
    return { key, kind, bits, curve };
  } catch {
    return null;
  }
}

function isKeyKind(kind: string): kind is KeyKind {
  return KINDS.includes(kind);
}

/** Octets that Ed25519 may sign directly: it goes over them twice (RFC 8032 §5.1.7), so they must all be in memory. */
const MOST_AT_ONCE = 64 * 1024 * 1024;

const KEY_OF_SCHEME: Readonly<Record<SignatureScheme, readonly KeyKind[]>> = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  dsa: ['dsa'],
  ed25519: ['ed25519'],
};

/**
 * Checks one signature over the concatenation of `parts`. `digest` is the one in force (the algorithm's own or, where it
 * leaves it open, the one named beside it). A key of another kind than the algorithm's is a wrong signature.
 * @throws TrucError `verification.limit-exceeded` when the work of the verification is spent
 */
export function verifySignature(
  algorithm: SignatureAlgorithm,
  digest: DigestName | 'md5' | null,
  publicKey: PublicKey,
  parts: readonly BytePart[],
  signature: Uint8Array,
): boolean {
  if (!KEY_OF_SCHEME[algorithm.scheme].includes(publicKey.kind)) return false;
  if (digest === 'md5' || (digest === null && algorithm.scheme !== 'ed25519')) return false;
  spendOnKey(publicKey.bits);
  if (algorithm.scheme === 'ed25519' && sizeOf(parts) > MOST_AT_ONCE) exhaust();
  try {
    return runVerify(algorithm, digest, publicKey.key, parts, signature);
  } catch {
    return false;
  }
}

function runVerify(
  algorithm: SignatureAlgorithm,
  digest: DigestName | null,
  key: KeyObject,
  parts: readonly BytePart[],
  signature: Uint8Array,
): boolean {
  const options =
    algorithm.scheme === 'rsa-pss'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength }
      : key;
  const [first] = parts;
  if (algorithm.scheme === 'ed25519') return verify(null, wholeOfParts(parts), key, signature);
  if (parts.length === 1 && first instanceof Uint8Array) return verify(digest, first, options, signature);
  const state = createVerify(digest as DigestName);
  for (const piece of piecesOf(parts)) state.update(piece);
  return state.verify(options, signature);
}

const SCHEME_NAMES: Readonly<Record<SignatureScheme, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ecdsa: 'ECDSA',
  dsa: 'DSA',
  ed25519: 'Ed25519',
};

/** For people: "RSA-2048 with SHA-256", "ECDSA P-256 with SHA-256", "Ed25519". */
export function algorithmText(
  algorithm: SignatureAlgorithm,
  digest: DigestName | 'md5' | null,
  key: PublicKey | null,
): string {
  const scheme = SCHEME_NAMES[algorithm.scheme];
  if (algorithm.scheme === 'ed25519') return scheme;
  const size = algorithm.scheme === 'ecdsa' ? ` P-${key?.bits ?? '?'}` : `-${key?.bits ?? '?'}`;
  return `${scheme}${size} with ${(digest ?? '?').toUpperCase().replace(/^SHA(\d)/, 'SHA-$1')}`;
}
