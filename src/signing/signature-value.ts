import { verify, X509Certificate } from 'node:crypto';
import type { SignatureAlgorithm } from './cms.ts';
import { derAt, derChildren, derContent } from './der-walk.ts';
import * as der from './der-writer.ts';

/** Bytes of r and of s for the curves in use: 32 (P-256), 48 (P-384), 66 (P-521). */
const COORDINATES = [32, 48, 66];

/**
 * Whether a signature value is the certificate holder's over these bytes, by SHA-256. Never throws for bad input.
 * @param certificate DER
 * @param signature RSA PKCS #1 v1.5, or the DER form of (r, s)
 */
export function signatureFits(
  certificate: Buffer,
  algorithm: SignatureAlgorithm,
  toBeSigned: Buffer,
  signature: Buffer,
): boolean {
  try {
    const { publicKey } = new X509Certificate(certificate);
    const type = algorithm === 'rsa-sha256' ? 'rsa' : 'ec';
    return publicKey.asymmetricKeyType === type && verify('sha256', toBeSigned, publicKey, signature);
  } catch {
    return false;
  }
}

/** The DER form of an ECDSA value that is written as r ‖ s (IEEE P1363, as WebCrypto and PKCS #11 give it); null for another length. */
export function ecdsaToDer(value: Buffer): Buffer | null {
  const half = value.length / 2;
  if (!COORDINATES.includes(half)) return null;
  return der.sequence(der.integer(value.subarray(0, half)), der.integer(value.subarray(half)));
}

/** The form r ‖ s of an ECDSA value in DER, each part as long as the curve that both fit (P-256, P-384, P-521). */
export function ecdsaFromDer(value: Buffer): Buffer {
  const parts = derChildren(value, derAt(value, 0)).map((part) => {
    const bytes = derContent(value, part);
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  });
  const longest = Math.max(...parts.map((part) => part.length));
  const size = COORDINATES.find((one) => one >= longest) ?? longest;
  return Buffer.concat(parts.map((part) => Buffer.concat([Buffer.alloc(size - part.length), part])));
}
