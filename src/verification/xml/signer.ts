import type { XmlElement } from 'libxml2-wasm';
import { isTrucError } from '../../kernel/index.ts';
import { type PublicKey, type SignatureAlgorithm, verifySignature } from '../algorithms.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import type { TrustStore } from '../trust-store.ts';
import { elementsOf, isNamed, octetsOf } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS } from './names.ts';
import { namesCertificate, type Properties } from './xades.ts';

/** Certificates that KeyInfo carries: candidates and nothing more, since nobody vouches for KeyInfo. */
export interface Candidates {
  certificates: Certificate[];
  codes: VerificationCode[];
}

/** Reads KeyInfo/X509Data/X509Certificate. Bare keys, names and retrieval methods identify nobody and are not used. */
export function candidatesIn(keyInfo: XmlElement | null): Candidates {
  const found: Candidates = { certificates: [], codes: [] };
  if (!keyInfo) return found;
  try {
    const elements = elementsOf(keyInfo)
      .filter((one) => isNamed(one, DS, 'X509Data'))
      .flatMap((data) => elementsOf(data).filter((one) => isNamed(one, DS, 'X509Certificate')));
    if (elements.length > LIMITS.certificates) throw fault('xml.limit-exceeded', 'X509Certificate');
    for (const one of elements) addCertificate(one, found);
  } catch (error) {
    found.codes.push(faultCode(error));
  }
  return found;
}

function addCertificate(element: XmlElement, found: Candidates): void {
  try {
    const certificate = readCertificate(octetsOf(element));
    if (!found.certificates.includes(certificate)) found.certificates.push(certificate);
  } catch (error) {
    if (!isTrucError(error)) throw error;
    found.codes.push('xml.certificate-unreadable');
  }
}

/**
 * Certificates that a signed SigningCertificate property names by digest, out of the unsigned properties and the local
 * store: where KeyInfo carries none.
 */
export function namedCandidates(properties: Properties, trust: TrustStore): Certificate[] {
  if (properties.certificates.length === 0) return [];
  const known = [...properties.values.certificates, ...trust.intermediates, ...trust.anchors];
  return known.filter((one) => namesCertificate(properties, one));
}

export interface SignerFound {
  certificate: Certificate | null;
  key: PublicKey | null;
  codes: VerificationCode[];
  /** A signed SigningCertificate property names the certificate. */
  bound: boolean;
}

/**
 * The signer is the candidate whose key made the signature; of several with that key, the one that the signed
 * SigningCertificate property names.
 * @param octets canonical form of SignedInfo
 */
export function findSigner(
  candidates: readonly Certificate[],
  properties: Properties,
  algorithm: SignatureAlgorithm,
  octets: Buffer,
  value: Buffer,
): SignerFound {
  const fitting = candidates.filter((one) => {
    const key = one.publicKey();
    return key !== null && isMadeBy(key, algorithm, octets, value);
  });
  const named = fitting.find((one) => namesCertificate(properties, one));
  const certificate = named ?? fitting[0] ?? null;
  const codes: VerificationCode[] = certificate ? [] : [withoutSigner(candidates)];
  if (certificate && !named) codes.push('xml.signing-certificate-mismatch');
  const bound = named !== undefined && properties.certificates.length > 0;
  return { certificate, key: certificate?.publicKey() ?? null, codes, bound };
}

function withoutSigner(candidates: readonly Certificate[]): VerificationCode {
  if (candidates.length === 0) return 'xml.certificate-not-found';
  const usable = candidates.some((one) => one.publicKey() !== null);
  return usable ? 'xml.signature-wrong' : 'path.algorithm-unsupported';
}

function isMadeBy(key: PublicKey, algorithm: SignatureAlgorithm, octets: Buffer, value: Buffer): boolean {
  const signature = algorithm.scheme === 'ecdsa' ? derOfPair(value, key.bits) : value;
  return signature !== null && verifySignature(algorithm, algorithm.digest, key, [octets], signature);
}

/** XML writes (r, s) as two numbers of the field's length (XML Signature 1.1 §6.4.3); DER is what is checked. */
function derOfPair(value: Buffer, bits: number): Buffer | null {
  const size = Math.ceil(bits / 8);
  if (size === 0 || value.length !== 2 * size) return null;
  const body = Buffer.concat([derInteger(value.subarray(0, size)), derInteger(value.subarray(size))]);
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

function derInteger(number: Buffer): Buffer {
  let from = 0;
  while (from < number.length - 1 && number[from] === 0) from++;
  const digits = number.subarray(from);
  const padded = (digits[0] as number) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded]);
}
