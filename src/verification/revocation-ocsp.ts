import { algorithmAnswer, isKeyStrongEnough } from './algorithm-rules.ts';
import { OID } from './asn1/oids.ts';
import { type Certificate, isSignedBy } from './certificate.ts';
import { KEY_USAGE } from './certificate-extensions.ts';
import type { VerificationCode } from './codes.ts';
import { isAbout, isResponder, type OcspResponse, type OcspStatus } from './ocsp.ts';
import {
  afterExpiry,
  freshness,
  proofRefusal,
  type RevocationAsk,
  type RevocationStatus,
  weaknessOf,
} from './revocation-status.ts';

/** What the OCSP responses at hand say about a certificate (RFC 6960 §3.2, §4.2.2). */
export function statusFromOcsps(ask: RevocationAsk): RevocationStatus {
  const codes: VerificationCode[] = [];
  let good: RevocationStatus | undefined;
  for (const response of ask.data.ocspsFor(ask.certificate.number)) {
    for (const status of response.statuses) {
      if (!isAbout(status, ask.certificate, ask.issuer)) continue;
      const refusal = refusalOf(ask, response);
      if (refusal) {
        codes.push(refusal);
        break;
      }
      const answer = answerOf(ask, status);
      if (answer.state === 'revoked') return answer;
      if (answer.state === 'good') good ??= answer;
      else codes.push(...answer.codes);
    }
  }
  return good ?? { state: 'unknown', codes: codes.length > 0 ? codes : ['revocation.missing'] };
}

function answerOf(ask: RevocationAsk, status: OcspStatus): RevocationStatus {
  if (!status.understood) return { state: 'unknown', codes: ['revocation.malformed'] };
  if (status.status === 'revoked')
    return {
      state: 'revoked',
      at: status.revokedAt,
      reason: status.reason,
      reasonStated: status.reasonStated,
    };
  if (status.status === 'unknown') return { state: 'unknown', codes: ['revocation.status-unknown'] };
  const { fresh, until } = freshness(ask, status.thisUpdate, status.nextUpdate);
  if (!fresh) return { state: 'unknown', codes: ['revocation.stale'] };
  const late = afterExpiry(ask, status.thisUpdate, status.keptSince);
  if (late.includes('revocation.issued-after-expiry')) return { state: 'unknown', codes: late };
  return { state: 'good', from: status.thisUpdate, until, warnings: late };
}

/** Why a response may not be used, or null. */
function refusalOf(ask: RevocationAsk, response: OcspResponse): VerificationCode | null {
  const weakness = proofRefusal(ask, response) ?? weaknessOf(ask, response);
  if (weakness) return weakness;
  if (isResponder(response, ask.issuer))
    return response.isSignedBy(ask.issuer) ? null : 'revocation.signature-wrong';
  const candidates = [
    ...response.certificates,
    ...('name' in response.responder ? ask.named(response.responder.name.folded) : []),
  ].filter((candidate) => isResponder(response, candidate));
  const authorised = candidates.filter((candidate) => isAuthorised(ask, response, candidate));
  if (authorised.length === 0) return 'revocation.responder-not-authorised';
  return authorised.some((candidate) => response.isSignedBy(candidate)) ? null : 'revocation.signature-wrong';
}

const SIGNING_BITS = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation;

/** RFC 6960 §4.2.2.2: a delegated responder is issued by the same key, for OCSP signing, and not revoked itself. */
function isAuthorised(ask: RevocationAsk, response: OcspResponse, responder: Certificate): boolean {
  const { extensions } = responder;
  if (responder.issuer.folded !== ask.issuer.subject.folded || !isSignedBy(responder, ask.issuer))
    return false;
  if (!extensions.extendedKeyUsage?.oids.includes(OID.ocspSigning)) return false;
  if (extensions.keyUsage !== null && (extensions.keyUsage & SIGNING_BITS) === 0) return false;
  const key = responder.publicKey();
  if (!key || !isKeyStrongEnough(ask.policy, key)) return false;
  const at = ask.existedAt(response);
  if (extensions.unknownCritical.length > 0) return false;
  if (algorithmAnswer(ask.policy, responder.signatureAlgorithm, at) !== 'allowed') return false;
  if (response.producedAt < responder.notBefore || response.producedAt > responder.notAfter) return false;
  if (extensions.ocspNoCheck) return true;
  return ask.responderStatus(responder, ask.issuer).state === 'good';
}
