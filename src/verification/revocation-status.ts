import { algorithmAnswer } from './algorithm-rules.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import type { VerificationCode } from './codes.ts';
import type { Crl } from './crl.ts';
import type { OcspResponse } from './ocsp.ts';
import type { Policy } from './policy.ts';

export type RevocationStatus =
  | {
      state: 'good';
      /** Oldest thisUpdate of what the answer rests on, milliseconds. */
      from: number;
      /** Time until which the answer counts as current. */
      until: number;
      warnings: VerificationCode[];
    }
  | { state: 'revoked'; at: number; reason: number; reasonStated: boolean }
  | { state: 'unknown'; codes: VerificationCode[] };

/** A question about one certificate of a path. */
export interface RevocationAsk {
  certificate: Certificate;
  /** The certificate above it in the path, already validated. */
  issuer: Certificate;
  /** Time of validation. */
  at: number;
  /** Time for which the status is wanted: the proven time of the signature, else `at`. */
  controlTime: number;
  policy: Policy;
  data: {
    crlsFrom(foldedIssuer: string): readonly Crl[];
    ocspsFor(number: string): readonly OcspResponse[];
  };
  /** Certificates with this folded subject name that may have signed a CRL or response. */
  named(foldedSubject: string): readonly Certificate[];
  /**
   * Whether a separate signer of CRLs is validated itself, below the same anchor (RFC 5280 §6.3.3 (f)).
   */
  isValidSigner(signer: Certificate): boolean;
  /**
   * Time by which a list or response must provably have existed: the revocation of a certificate above, whose key may
   * be in wrong hands since; infinite where there is none (EN 319 102-1 §5.6.2.2).
   */
  provenBefore: number;
  /** Time by which a list or response provably existed: `at` where nothing proves that it is older. */
  existedAt(list: { sha256: string }): number;
  /** Status of a delegated OCSP responder's own certificate. */
  responderStatus(responder: Certificate, issuer: Certificate): RevocationStatus;
}

export interface Freshness {
  fresh: boolean;
  until: number;
}

/** Whether an answer issued at `thisUpdate` speaks for the control time (RFC 5280 §6.3.3 (a), RFC 6960 §4.2.2.1). */
export function freshness(ask: RevocationAsk, thisUpdate: number, nextUpdate: number | null): Freshness {
  const until = nextUpdate ?? thisUpdate + ask.policy.revocation.longestAge.value;
  const begun = thisUpdate <= ask.at + ask.policy.revocation.clockSkew.value;
  return { fresh: begun && until >= ask.controlTime, until };
}

/**
 * An answer issued after the certificate's end may lack a revocation that once was there (RFC 5280 §3.3).
 * @returns codes: none where it does not matter, else a warning or an error as the policy says
 */
export function afterExpiry(
  ask: RevocationAsk,
  thisUpdate: number,
  keepsSince: number | null,
): VerificationCode[] {
  const { notAfter } = ask.certificate;
  if (thisUpdate <= notAfter || (keepsSince !== null && keepsSince <= notAfter)) return [];
  return ask.policy.revocation.issuedAfterExpiry.value === 'accepted'
    ? ['revocation.only-after-expiry']
    : ['revocation.issued-after-expiry'];
}

/** `revocation.not-proven` where a key that may have been lost since could have made this list or response; or null. */
export function proofRefusal(ask: RevocationAsk, list: { sha256: string }): VerificationCode | null {
  return ask.existedAt(list) <= ask.provenBefore ? null : 'revocation.not-proven';
}

/** What the policy has against the algorithm that signed a list or response, at the time by which it existed; or null. */
export function weaknessOf(
  ask: RevocationAsk,
  list: { sha256: string; signatureAlgorithm: SignatureAlgorithm | null },
): VerificationCode | null {
  const answer = algorithmAnswer(ask.policy, list.signatureAlgorithm, ask.existedAt(list));
  if (answer === 'allowed') return null;
  return answer === 'expired' ? 'revocation.algorithm-expired' : 'revocation.weak-signature';
}
