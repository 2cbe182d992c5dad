import type { Certificate } from './certificate.ts';
import type { VerificationCode } from './codes.ts';
import type { Crl } from './crl.ts';
import { REASON } from './crl-index.ts';
import type { OcspResponse } from './ocsp.ts';
import { statusFromCrls } from './revocation-crl.ts';
import { statusFromOcsps } from './revocation-ocsp.ts';
import type { RevocationAsk, RevocationStatus } from './revocation-status.ts';
import type { TrustStore } from './trust-store.ts';

export type { RevocationAsk, RevocationStatus } from './revocation-status.ts';

/**
 * What the local CRLs and OCSP responses say about one certificate of a path (RFC 5280 §6.3, RFC 6960 §3.2).
 * A revocation that any of them proves counts, whatever the others say; else one current answer is enough.
 */
export function revocationStatus(ask: RevocationAsk): RevocationStatus {
  const answers = [statusFromOcsps(ask), statusFromCrls(ask)];
  const revoked = answers.find((one) => one.state === 'revoked');
  if (revoked) return revoked;
  const good = answers.filter((one) => one.state === 'good');
  if (good.length > 0) return good.reduce((a, b) => (a.warnings.length <= b.warnings.length ? a : b));
  const codes = answers.flatMap((one) => (one.state === 'unknown' ? one.codes : []));
  const reasons = codes.filter((code) => code !== 'revocation.missing');
  return { state: 'unknown', codes: reasons.length > 0 ? reasons : ['revocation.missing'] };
}

/** Which CRLs and OCSP responses there are for a path: the store's and those that came with the file. */
export interface RevocationData {
  crlsFrom(foldedIssuer: string): readonly Crl[];
  ocspsFor(number: string): readonly OcspResponse[];
}

/** Puts the data embedded in a file beside the store's. */
export function revocationData(
  trust: TrustStore,
  crls: readonly Crl[],
  ocsps: readonly OcspResponse[],
): RevocationData {
  if (crls.length === 0 && ocsps.length === 0) return trust;
  return {
    crlsFrom: (issuer) => [...trust.crlsFrom(issuer), ...crls.filter((crl) => crl.issuer.folded === issuer)],
    ocspsFor: (number) => [
      ...trust.ocspsFor(number),
      ...ocsps.filter((one) => one.statuses.some((status) => status.number === number)),
    ],
  };
}

/** How a status weighs on a path that is judged for `controlTime`. */
export function revocationCodes(
  status: RevocationStatus,
  certificate: Certificate,
  controlTime: number,
  proven: boolean,
  isLeaf: boolean,
): VerificationCode[] {
  if (status.state === 'good') return [...status.warnings];
  if (status.state === 'unknown') return [...status.codes];
  // EN 319 102-1 §5.5.4: a signature that provably existed before the revocation stands.
  if (proven && controlTime < status.at) return ['revocation.revoked-later'];
  if (status.reason === REASON.hold) return ['revocation.on-hold'];
  if (!isLeaf || certificate.extensions.isCa) return ['revocation.ca-revoked'];
  return ['revocation.revoked'];
}

/** RFC 3161 §4: tokens made before a revocation for one of these stated reasons remain valid. */
export function isHarmlessForTokens(status: { reason: number; reasonStated: boolean }): boolean {
  const harmless: readonly number[] = [
    REASON.unspecified,
    REASON.affiliationChanged,
    REASON.superseded,
    REASON.cessation,
  ];
  return status.reasonStated && harmless.includes(status.reason);
}
