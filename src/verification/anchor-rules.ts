import { attributeOf } from './asn1/names.ts';
import type { Certificate } from './certificate.ts';
import type { VerificationCode } from './codes.ts';
import type { AnchorPattern, Policy } from './policy-rules.ts';

/**
 * Whether a policy lets a verdict rest on an anchor of the caller's.
 * @param at time for which the path is judged, milliseconds
 */
export function anchorCodes({ anchors }: Policy, anchor: Certificate, at: number): VerificationCode[] {
  const { accepted, refused } = anchors.value;
  const fits = (pattern: AnchorPattern) =>
    isMeant(pattern, anchor) && at >= pattern.from && at <= pattern.until;
  const welcome = (accepted === null || accepted.some(fits)) && !refused.some(fits);
  return welcome ? [] : ['policy.anchor-not-accepted'];
}

/** Times around `at` for which the answer about an anchor stays the same, milliseconds. */
export function anchorAnswerLife(
  { anchors }: Policy,
  anchor: Certificate,
  at: number,
): { from: number; until: number } {
  const { accepted, refused } = anchors.value;
  const meant = [...(accepted ?? []), ...refused].filter((pattern) => isMeant(pattern, anchor));
  const starts = meant.flatMap(({ from, until }) => [from, until + 1]);
  return {
    from: Math.max(Number.NEGATIVE_INFINITY, ...starts.filter((start) => start <= at)),
    until: Math.min(Number.POSITIVE_INFINITY, ...starts.filter((start) => start > at).map((one) => one - 1)),
  };
}

function isMeant({ sha256, commonName, organization }: AnchorPattern, anchor: Certificate): boolean {
  if (sha256 !== null && sha256 !== anchor.sha256) return false;
  return is(anchor, '2.5.4.3', commonName) && is(anchor, '2.5.4.10', organization);
}

function is({ subject }: Certificate, oid: string, wanted: string | null): boolean {
  return wanted === null || attributeOf(subject, oid)?.normalize('NFC') === wanted.normalize('NFC');
}
