import { isTrucError } from '../kernel/index.ts';
import type { Certificate } from './certificate.ts';
import { KEY_USAGE } from './certificate-extensions.ts';
import type { VerificationCode } from './codes.ts';
import type { Crl } from './crl.ts';
import { REASON, type RevokedEntry } from './crl-index.ts';
import { ALL_REASONS, type DistributionPoint, pointKeys } from './distribution-point.ts';
import {
  afterExpiry,
  freshness,
  proofRefusal,
  type RevocationAsk,
  type RevocationStatus,
  weaknessOf,
} from './revocation-status.ts';

type Good = Extract<RevocationStatus, { state: 'good' }>;

/** What the CRLs at hand say about a certificate: RFC 5280 §6.3.3, with delta, indirect and partitioned lists. */
export function statusFromCrls(ask: RevocationAsk): RevocationStatus {
  const codes: VerificationCode[] = [];
  let covered = 0;
  let good: Good | null = null;
  for (const point of pointsOf(ask.certificate)) {
    for (const crl of listsFor(ask, point)) {
      const reasons = crl.scope.reasons & point.reasons;
      const answer = answerOf(ask, crl, point);
      if (answer.state === 'revoked') return answer;
      if (answer.state === 'unknown') codes.push(...answer.codes);
      else if ((covered | reasons) !== covered) {
        covered |= reasons;
        good = good ? combine(good, answer) : answer;
      }
    }
  }
  if (good && covered === ALL_REASONS) return good;
  return { state: 'unknown', codes: codes.length > 0 ? codes : [absence(ask)] };
}

/** Why there is no answer: no list at all, or delta lists without the list that they build on. */
function absence({ data, certificate }: RevocationAsk): VerificationCode {
  const lists = data.crlsFrom(certificate.issuer.folded);
  const deltasOnly = lists.length > 0 && lists.every(({ deltaBase }) => deltaBase !== null);
  return deltasOnly ? 'revocation.crl-delta-only' : 'revocation.missing';
}

function combine(a: Good, b: Good): Good {
  return {
    state: 'good',
    from: Math.min(a.from, b.from),
    until: Math.min(a.until, b.until),
    warnings: [...a.warnings, ...b.warnings],
  };
}

/** The certificate's distribution points, then a nameless one for lists of its issuer (end of RFC 5280 §6.3.3). */
function pointsOf(certificate: Certificate): DistributionPoint[] {
  const issuerPoint: DistributionPoint = {
    names: [`directory:${certificate.issuer.folded}`],
    relative: null,
    reasons: ALL_REASONS,
    crlIssuers: [],
  };
  return [...certificate.extensions.crlDistributionPoints, issuerPoint];
}

/** Complete lists whose issuer is the one that the point asks for. */
function listsFor(ask: RevocationAsk, point: DistributionPoint): Crl[] {
  const issuers = point.crlIssuers.length > 0 ? point.crlIssuers : [ask.certificate.issuer];
  return issuers
    .flatMap((issuer) => ask.data.crlsFrom(issuer.folded))
    .filter((crl) => crl.deltaBase === null);
}

function answerOf(ask: RevocationAsk, crl: Crl, point: DistributionPoint): RevocationStatus {
  const refusal = scopeRefusal(ask, crl, point) ?? signerRefusal(ask, crl);
  if (refusal) return { state: 'unknown', codes: [refusal] };
  try {
    return lookUp(ask, crl);
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return { state: 'unknown', codes: ['revocation.malformed'] };
  }
}

function lookUp(ask: RevocationAsk, crl: Crl): RevocationStatus {
  const delta = deltaFor(ask, crl);
  const { numberBytes, issuer } = ask.certificate;
  let entry: RevokedEntry | null = crl.find(numberBytes, issuer);
  const change = delta?.find(numberBytes, issuer) ?? null;
  if (change) entry = change.reason === REASON.removeFromCrl ? null : change;
  const newest = delta ?? crl;
  const { fresh, until } = freshness(ask, newest.thisUpdate, newest.nextUpdate);
  if (entry && !entry.understood)
    return { state: 'unknown', codes: ['revocation.crl-extension-unsupported'] };
  // A revocation is final, so an old list proves it as well as a new one; a hold must be current.
  if (entry && (fresh || entry.reason !== REASON.hold))
    return { state: 'revoked', at: entry.revokedAt, reason: entry.reason, reasonStated: entry.reasonStated };
  if (!fresh) return { state: 'unknown', codes: ['revocation.stale'] };
  const late = afterExpiry(ask, newest.thisUpdate, newest.expiredSince);
  if (late.includes('revocation.issued-after-expiry')) return { state: 'unknown', codes: late };
  return { state: 'good', from: newest.thisUpdate, until, warnings: late };
}

/** RFC 5280 §6.3.3 (b): issuer, distribution point and kinds of certificate must fit. */
function scopeRefusal(ask: RevocationAsk, crl: Crl, point: DistributionPoint): VerificationCode | null {
  const { scope } = crl;
  if (crl.unknownCritical.length > 0) return 'revocation.crl-extension-unsupported';
  const foreign = crl.issuer.folded !== ask.certificate.issuer.folded;
  if (foreign && !scope.indirect) return 'revocation.crl-out-of-scope';
  const { isCa } = ask.certificate.extensions;
  if ((scope.onlyUsers && isCa) || (scope.onlyCas && !isCa) || scope.onlyAttributes)
    return 'revocation.crl-out-of-scope';
  if (scope.point && !pointsMeet(crl, scope.point, point)) return 'revocation.crl-out-of-scope';
  return null;
}

function pointsMeet(
  crl: Crl,
  listPoint: NonNullable<Crl['scope']['point']>,
  point: DistributionPoint,
): boolean {
  const wanted = new Set(pointKeys(point, point.crlIssuers[0] ?? crl.issuer));
  // RFC 5280 §6.3.3 (b)(2)(i): without a name of its own, the point's crlIssuer stands for it.
  if (wanted.size === 0) for (const issuer of point.crlIssuers) wanted.add(`directory:${issuer.folded}`);
  return pointKeys(listPoint, crl.issuer).some((key) => wanted.has(key));
}

/** RFC 5280 §6.3.3 (f), (g): who signed the list, and whether that key may. */
function signerRefusal(ask: RevocationAsk, crl: Crl): VerificationCode | null {
  const weakness = proofRefusal(ask, crl) ?? weaknessOf(ask, crl);
  if (weakness) return weakness;
  if (crl.issuer.folded === ask.issuer.subject.folded && crl.isSignedBy(ask.issuer))
    return maySignCrls(ask.issuer) ? null : 'revocation.issuer-not-authorised';
  const signers = ask.named(crl.issuer.folded).filter((one) => one !== ask.issuer && crl.isSignedBy(one));
  if (signers.length === 0) return 'revocation.signature-wrong';
  const authorised = signers.some((one) => maySignCrls(one) && ask.isValidSigner(one));
  return authorised ? null : 'revocation.issuer-not-authorised';
}

function maySignCrls(certificate: Certificate): boolean {
  const { keyUsage } = certificate.extensions;
  return keyUsage === null || (keyUsage & KEY_USAGE.crlSign) !== 0;
}

/** RFC 5280 §5.2.4 and §6.3.3 (c): a delta list for the same scope that builds on this or an earlier list. */
function deltaFor(ask: RevocationAsk, base: Crl): Crl | null {
  if (base.number === null) return null;
  const number = BigInt(`0x${base.number}`);
  const fits = ask.data.crlsFrom(base.issuer.folded).filter((delta) => {
    if (delta.deltaBase === null || delta.number === null || delta.unknownCritical.length > 0) return false;
    if (BigInt(`0x${delta.deltaBase}`) > number || BigInt(`0x${delta.number}`) < number) return false;
    if (delta.authorityKeyId !== base.authorityKeyId || scopeKey(delta) !== scopeKey(base)) return false;
    return signerRefusal(ask, delta) === null;
  });
  return fits.reduce<Crl | null>(
    (newest, one) => (newest && newest.thisUpdate >= one.thisUpdate ? newest : one),
    null,
  );
}

function scopeKey({ scope, issuer }: Crl): string {
  const point = scope.point ? pointKeys(scope.point, issuer).join('|') : '';
  return JSON.stringify([
    scope.onlyUsers,
    scope.onlyCas,
    scope.onlyAttributes,
    scope.reasons,
    scope.indirect,
    point,
  ]);
}
