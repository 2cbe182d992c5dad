import { type DigestName, equalBytes, isTrucError } from '../../kernel/index.ts';
import { digestAnswer, schemeAnswer } from '../algorithm-rules.ts';
import {
  algorithmText,
  digestAlgorithm,
  readAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithm,
  verifySignature,
} from '../algorithms.ts';
import { context, open, TAG } from '../asn1/der-reader.ts';
import { readOid } from '../asn1/der-values.ts';
import { OID } from '../asn1/oids.ts';
import { readTime } from '../asn1/time.ts';
import { type BytePart, digestParts, sizeOf } from '../byte-source.ts';
import type { Certificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import type { Policy } from '../policy.ts';
import type { TrustStore } from '../trust-store.ts';
import { spendOnDigest } from '../work.ts';
import { type Attributes, octetsOf, signedOctets, singleValue } from './attributes.ts';
import { isSignerCertificate, type SignedData, type SignerInfo } from './signed-data.ts';
import { checkBinding, isBoundTo } from './signing-certificate.ts';

/** Content of a CMS whose digests are made once per algorithm. */
export interface Content {
  readonly parts: readonly BytePart[];
  digest(name: DigestName): Buffer;
}

export function contentOf(parts: readonly BytePart[]): Content {
  const digests = new Map<DigestName, Buffer>();
  return {
    parts,
    digest: (name) => {
      let value = digests.get(name);
      if (!value) {
        spendOnDigest(sizeOf(parts));
        value = digestParts(name, parts);
        digests.set(name, value);
      }
      return value;
    },
  };
}

/** What one SignerInfo comes to before its certificate's path is looked at. */
export interface SignerCheck {
  certificate: Certificate | null;
  codes: VerificationCode[];
  /** Claimed signing time, milliseconds. */
  signingTime: number | null;
  algorithm: SignatureAlgorithm | null;
  digest: DigestName | 'md5' | null;
  /** For people. */
  text: string | null;
  /** Whether a signing-certificate attribute is there. */
  bound: boolean;
}

/** What a SignerInfo signs: the content of its SignedData, or the signature of another SignerInfo. */
export type SignerRole = 'signer' | 'counter-signer';

/**
 * Checks attributes, digest, signature and certificate binding of one signer (RFC 5652 §5.4, §5.6, §11; RFC 5035).
 * @param content what it signs; for a counter-signer the octets of the signature that it confirms
 */
export function checkSigner(
  data: SignedData,
  signer: SignerInfo,
  content: Content,
  trust: TrustStore,
  role: SignerRole = 'signer',
): SignerCheck {
  try {
    return check(data, signer, content, trust, role);
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return {
      certificate: null,
      codes: ['cms.malformed'],
      signingTime: null,
      algorithm: null,
      digest: null,
      text: null,
      bound: false,
    };
  }
}

function check(
  data: SignedData,
  signer: SignerInfo,
  content: Content,
  trust: TrustStore,
  role: SignerRole,
): SignerCheck {
  const certificate = findCertificate(data, signer, trust);
  const named = digestAlgorithm(signer.digestAlgorithm);
  const algorithm = signatureAlgorithm(signer.signatureAlgorithm);
  const digest = algorithm?.digest ?? named;
  const codes: VerificationCode[] = [];
  if (algorithm && named && algorithm.digest !== null && algorithm.digest !== named)
    codes.push('cms.algorithm-mismatch');
  // RFC 5652 §5.1 lists the digests of the content's signers only.
  if (role === 'signer' && !data.digestAlgorithms.includes(signer.digestAlgorithm.oid))
    codes.push('cms.algorithm-mismatch');
  if (signer.signed) {
    codes.push(...typeCodes(data, signer.signed, role));
    codes.push(...attributeCodes(signer, signer.signed, named, content));
  } else
    codes.push(
      data.contentType === OID.data || role === 'counter-signer'
        ? 'cms.signed-attributes-missing'
        : 'cms.content-type-missing',
    );
  const binding = certificate ? checkBinding(signer.signed, certificate) : { present: false, codes: [] };
  codes.push(...binding.codes);
  const key = certificate?.publicKey() ?? null;
  if (!certificate) codes.push('cms.certificate-not-found');
  else if (!algorithm || !named) codes.push('cms.algorithm-unsupported');
  else if (digest === 'md5') codes.push('policy.digest-not-allowed');
  else if (!key) codes.push('path.algorithm-unsupported');
  else {
    const signed = signer.signed ? [signedOctets(signer.signed)] : content.parts;
    if (!verifySignature(algorithm, digest, key, signed, signer.signature)) codes.push('cms.signature-wrong');
  }
  return {
    certificate,
    codes,
    signingTime: signer.signed ? signingTimeOf(signer.signed) : null,
    algorithm,
    digest,
    text: algorithm ? algorithmText(algorithm, digest, key) : null,
    bound: binding.present,
  };
}

/** Of several certificates that the SignerInfo could mean, the one that its signing-certificate attribute names. */
function findCertificate(data: SignedData, signer: SignerInfo, trust: TrustStore): Certificate | null {
  const inside = data.certificates.filter((one) => isSignerCertificate(signer.id, one));
  const candidates =
    inside.length > 0
      ? inside
      : [...trust.intermediates, ...trust.anchors].filter((one) => isSignerCertificate(signer.id, one));
  if (candidates.length === 1) return candidates[0] ?? null;
  return candidates.find((one) => isBoundTo(signer.signed, one)) ?? candidates[0] ?? null;
}

const ONCE: readonly string[] = [
  OID.contentType,
  OID.messageDigest,
  OID.signingTime,
  OID.algorithmProtection,
];

/** RFC 5652 §11: these attributes stand once and have one value each. */
function attributeCodes(
  signer: SignerInfo,
  signed: Attributes,
  digest: DigestName | 'md5' | null,
  content: Content,
): VerificationCode[] {
  const codes: VerificationCode[] = [];
  if (!signed.sorted) codes.push('cms.attributes-not-sorted');
  if (signed.repeated.length > 0 || ONCE.some((type) => singleValue(signed, type) === undefined))
    codes.push('cms.attribute-repeated');
  const expected = singleValue(signed, OID.messageDigest);
  if (!expected) codes.push('cms.message-digest-missing');
  else if (!digest) codes.push('cms.algorithm-unsupported');
  else if (digest === 'md5') codes.push('policy.digest-not-allowed');
  else if (!equalBytes(octetsOf(expected), content.digest(digest))) codes.push('cms.message-digest-mismatch');
  if (!isProtectionRight(signer, signed)) codes.push('cms.algorithm-mismatch');
  return codes;
}

/** RFC 5652 §11.1, §11.4: a counter-signature has no content type, so that it is never taken for a signature of content. */
function typeCodes(data: SignedData, signed: Attributes, role: SignerRole): VerificationCode[] {
  const type = singleValue(signed, OID.contentType);
  if (role === 'counter-signer') return type === null ? [] : ['cms.content-type-mismatch'];
  if (!type) return ['cms.content-type-missing'];
  return readOid(type) === data.contentType ? [] : ['cms.content-type-mismatch'];
}

/** CMSAlgorithmProtection (RFC 6211 §2): where present it repeats both algorithms. */
function isProtectionRight(signer: SignerInfo, signed: Attributes): boolean {
  const value = singleValue(signed, OID.algorithmProtection);
  if (!value) return true;
  const cursor = open(value, TAG.sequence);
  const digest = readAlgorithm(cursor.next(TAG.sequence));
  const signature = cursor.optional(context(1));
  return (
    digest.oid === signer.digestAlgorithm.oid &&
    signature !== undefined &&
    readAlgorithm(signature, context(1)).oid === signer.signatureAlgorithm.oid
  );
}

function signingTimeOf(signed: Attributes): number | null {
  const value = singleValue(signed, OID.signingTime);
  return value ? readTime(value, true) : null;
}

/** What the policy says to digest and signature algorithm at the time the signature is known to have existed. */
export function algorithmCodes(check: SignerCheck, policy: Policy, at: number): VerificationCode[] {
  const codes: VerificationCode[] = [];
  if (check.digest) {
    const answer = digestAnswer(policy, check.digest, at);
    if (answer !== 'allowed')
      codes.push(answer === 'expired' ? 'policy.algorithm-expired' : 'policy.digest-not-allowed');
  }
  if (check.algorithm) {
    const answer = schemeAnswer(policy, check.algorithm.scheme, at);
    if (answer !== 'allowed')
      codes.push(
        answer === 'expired' ? 'policy.algorithm-expired' : 'policy.signature-algorithm-not-allowed',
      );
  }
  return codes;
}
