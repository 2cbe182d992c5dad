import { algorithmAnswer, isKeyStrongEnough } from './algorithm-rules.ts';
import { OID } from './asn1/oids.ts';
import type { Certificate } from './certificate.ts';
import { KEY_USAGE } from './certificate-extensions.ts';
import type { VerificationCode } from './codes.ts';
import { namesKeepTo } from './name-constraints.ts';
import type { Policy } from './policy.ts';
import { type PolicyInputs, processPolicies } from './policy-tree.ts';

/** What the first certificate of a path is used for. */
export type PathPurpose = 'signing' | 'timestamping' | 'crl-signing' | 'any';

export interface ValidationQuestion {
  /** Leaf first, anchor last; signatures are already checked. */
  chain: readonly Certificate[];
  /** Time for which the path must hold, milliseconds. */
  time: number;
  /** True when `time` is proven by a time-stamp. */
  proven: boolean;
  purpose: PathPurpose;
  policy: Policy;
  inputs: PolicyInputs;
}

/** Path validation of RFC 5280 §6.1 without signatures (checked while building) and without revocation. */
export function validatePath(question: ValidationQuestion): VerificationCode[] {
  const { chain, inputs } = question;
  const codes: VerificationCode[] = [];
  chain.forEach((certificate, i) => {
    codes.push(...lifeCodes(question, certificate, i), ...strengthCodes(question, certificate, i));
    if (i < chain.length - 1 && certificate.extensions.unknownCritical.length > 0)
      codes.push('path.critical-extension');
    if (i > 0) codes.push(...issuerCodes(chain, i));
  });
  codes.push(...nameCodes(chain), ...purposeCodes(question, chain[0] as Certificate));
  const below = chain.slice(0, -1).toReversed();
  if (below.length > 0 && !processPolicies(below, inputs).acceptable) codes.push('path.certificate-policies');
  return codes;
}

function lifeCodes(question: ValidationQuestion, certificate: Certificate, i: number): VerificationCode[] {
  const early = question.time < certificate.notBefore;
  if (!early && question.time <= certificate.notAfter) return [];
  if (i > 0) return ['path.ca-out-of-bounds'];
  if (!early) return ['path.expired'];
  // EN 319 102-1 §5.5.4: a proven time before the certificate began is a contradiction, not a lack of proof.
  return [question.proven ? 'path.not-yet-valid-when-signed' : 'path.not-yet-valid'];
}

function strengthCodes(
  question: ValidationQuestion,
  certificate: Certificate,
  i: number,
): VerificationCode[] {
  const { policy, time, chain } = question;
  const key = certificate.publicKey();
  const codes: VerificationCode[] = [];
  if (!key) codes.push('path.algorithm-unsupported');
  else if (!isKeyStrongEnough(policy, key)) codes.push('path.weak-key');
  // An anchor is trusted for its bytes, not for its own signature.
  if (i === chain.length - 1) return codes;
  const algorithm = certificate.signatureAlgorithm;
  if (!algorithm) return [...codes, 'path.algorithm-unsupported'];
  const answer = algorithmAnswer(policy, algorithm, time);
  if (answer === 'refused') codes.push('path.weak-signature');
  // EN 319 102-1 §5.2.8.4: a proof that it is older might still save it.
  if (answer === 'expired') codes.push('path.algorithm-expired');
  return codes;
}

/** RFC 5280 §6.1.4 (k)–(n) for the issuer at position `i`; the anchor is held to what its certificate says too. */
function issuerCodes(chain: readonly Certificate[], i: number): VerificationCode[] {
  const { extensions, version } = chain[i] as Certificate;
  const isAnchor = i === chain.length - 1;
  const codes: VerificationCode[] = [];
  if (!extensions.isCa && !(isAnchor && (version < 3 || !extensions.hasBasicConstraints)))
    codes.push('path.not-a-ca');
  if (extensions.keyUsage !== null && (extensions.keyUsage & KEY_USAGE.keyCertSign) === 0)
    codes.push('path.ca-key-usage');
  const between = chain.slice(1, i).filter((certificate) => !certificate.selfIssued).length;
  if (extensions.pathLength !== null && between > extensions.pathLength) codes.push('path.too-long');
  return codes;
}

function nameCodes(chain: readonly Certificate[]): VerificationCode[] {
  for (const [i, issuer] of chain.entries()) {
    const constraints = issuer.extensions.nameConstraints;
    if (!constraints) continue;
    const kept = chain.slice(0, i).every((certificate, j) => {
      // RFC 5280 §6.1.3 (b): self-issued certificates are exempt unless they end the path.
      return (certificate.selfIssued && j > 0) || namesKeepTo(certificate, constraints);
    });
    if (!kept) return ['path.name-constraints'];
  }
  return [];
}

const SIGNING_BITS = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation;

function purposeCodes({ purpose, policy }: ValidationQuestion, leaf: Certificate): VerificationCode[] {
  const { keyUsage, extendedKeyUsage } = leaf.extensions;
  const codes: VerificationCode[] = [];
  if (purpose === 'crl-signing') {
    if (keyUsage !== null && (keyUsage & KEY_USAGE.crlSign) === 0) codes.push('path.key-usage');
    return codes;
  }
  if (purpose === 'any') return codes;
  if (keyUsage !== null && (keyUsage & SIGNING_BITS) === 0) codes.push('path.key-usage');
  if (purpose === 'timestamping') {
    // RFC 3161 §2.3: this one usage, and critical.
    const { oids, critical } = extendedKeyUsage ?? { oids: [], critical: false };
    if (!critical || oids.length !== 1 || oids[0] !== OID.timeStamping) codes.push('timestamp.usage');
    return codes;
  }
  const allowed = policy.allowedEkus.value;
  if (extendedKeyUsage && allowed && !extendedKeyUsage.oids.some((oid) => allowed.includes(oid)))
    codes.push('path.extended-key-usage');
  return codes;
}
