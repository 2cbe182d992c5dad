import { type DigestName, digestOf, equalBytes } from '../../kernel/index.ts';
import { digestAlgorithm, readAlgorithm } from '../algorithms.ts';
import { children, context, type DerNode, inner, open, TAG } from '../asn1/der-reader.ts';
import { integerHex, readOctets } from '../asn1/der-values.ts';
import { readName } from '../asn1/names.ts';
import { OID } from '../asn1/oids.ts';
import type { Certificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import { spendOnDigest } from '../work.ts';
import { type Attributes, singleValue } from './attributes.ts';

/** One ESSCertID or ESSCertIDv2 (RFC 5035 §4). */
interface CertificateReference {
  digest: DigestName | 'md5' | null;
  hash: Uint8Array;
  issuer: string | null;
  number: string | null;
}

export interface BindingResult {
  present: boolean;
  codes: VerificationCode[];
}

/**
 * Checks the signing-certificate attributes against the certificate that the signer is taken to have
 * (RFC 5035 §3, §4; RFC 5816 for time-stamps). Where both forms are present both must fit.
 */
export function checkBinding(signed: Attributes | null, certificate: Certificate): BindingResult {
  const forms = [OID.signingCertificateV2, OID.signingCertificate].filter((type) => signed?.byType.has(type));
  if (!signed || forms.length === 0) return { present: false, codes: [] };
  const codes: VerificationCode[] = [];
  for (const form of forms) {
    const value = singleValue(signed, form);
    if (!value) codes.push('cms.attribute-repeated');
    else if (!fits(firstReference(value, form), certificate)) codes.push('cms.signing-certificate-mismatch');
  }
  if (!forms.includes(OID.signingCertificateV2)) codes.push('cms.signing-certificate-sha1');
  return { present: true, codes };
}

/** True when an attribute, if there is any, names this certificate: tells between certificates with one number. */
export function isBoundTo(signed: Attributes | null, certificate: Certificate): boolean {
  return checkBinding(signed, certificate).codes.every((code) => code !== 'cms.signing-certificate-mismatch');
}

function fits(reference: CertificateReference, certificate: Certificate): boolean {
  if (reference.digest === null || reference.digest === 'md5') return false;
  spendOnDigest(certificate.der.length);
  if (!equalBytes(digestOf(reference.digest, certificate.der), reference.hash)) return false;
  if (reference.number !== null && reference.number !== certificate.number) return false;
  return reference.issuer === null || reference.issuer === certificate.issuer.folded;
}

/** The first reference is the signer's certificate, further ones are its path (RFC 5035 §3). */
function firstReference(value: DerNode, form: string): CertificateReference {
  const list = open(value, TAG.sequence).next(TAG.sequence);
  const cursor = open(open(list, TAG.sequence).next(TAG.sequence), TAG.sequence);
  const second = form === OID.signingCertificateV2;
  const algorithm = second ? cursor.optional(TAG.sequence) : undefined;
  const byDefault = second ? 'sha256' : 'sha1';
  const digest = algorithm ? digestAlgorithm(readAlgorithm(algorithm)) : byDefault;
  const hash = readOctets(cursor.next(TAG.octetString));
  const serial = cursor.optional(TAG.sequence);
  cursor.finish();
  return { digest, hash, ...(serial ? readIssuerSerial(serial) : { issuer: null, number: null }) };
}

function readIssuerSerial(node: DerNode): { issuer: string | null; number: string } {
  const cursor = open(node, TAG.sequence);
  const names = children(cursor.next(TAG.sequence), 20);
  const number = integerHex(cursor.next(TAG.integer));
  cursor.finish();
  const directory = names.find((name) => name.tag === context(4));
  return { issuer: directory ? readName(inner(directory)).folded : null, number };
}
