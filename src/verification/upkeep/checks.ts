import { equalBytes, isTrucError } from '../../kernel/index.ts';
import { algorithmAnswer } from '../algorithm-rules.ts';
import { pemOrDer } from '../asn1/pem.ts';
import type { Certificate } from '../certificate.ts';
import { KEY_USAGE } from '../certificate-extensions.ts';
import type { VerificationContext } from '../context.ts';
import { type Crl, readCrl } from '../crl.ts';
import { ocspRefusal, readOcsp } from '../ocsp.ts';
import { statusByResponse } from '../path.ts';

/** A list or answer that may be kept, or why not: a short stable word. */
export type Checked =
  | { ok: true; der: Uint8Array; thisUpdate: number; nextUpdate: number | null }
  | { ok: false; reason: string };

export interface CrlCheck {
  /** Who may have signed it, beside the trust store's certificates of its issuer's name. */
  signers: readonly Certificate[];
  /** thisUpdate of the list that is held from the same address, milliseconds; null: none is. */
  heldSince: number | null;
}

/**
 * Whether a fetched CRL is worth keeping: a whole list, signed by a key that may, current, and not older than the one we
 * hold, so that nobody on the way can put an old list in place of a newer one. Whether it speaks for a certificate is
 * asked again at every verdict.
 */
export function checkCrl(
  bytes: Uint8Array,
  { signers, heldSince }: CrlCheck,
  { trust, policy, at }: VerificationContext,
): Checked {
  const list = readList(bytes);
  if (!list) return refused('not-a-crl');
  const { crl, der } = list;
  if (crl.unknownCritical.length > 0) return refused('crl-extension-unsupported');
  if (algorithmAnswer(policy, crl.signatureAlgorithm, at) !== 'allowed') return refused('weak-signature');
  const candidates = [...signers, ...trust.named(crl.issuer.folded)].filter(
    ({ subject }) => subject.folded === crl.issuer.folded,
  );
  if (!candidates.some((one) => crl.isSignedBy(one))) return refused('signature-wrong');
  if (!candidates.some((one) => maySignCrls(one) && crl.isSignedBy(one)))
    return refused('issuer-not-authorised');
  if (crl.thisUpdate > at + policy.revocation.clockSkew.value) return refused('not-yet-valid');
  if (crl.nextUpdate !== null && crl.nextUpdate < at) return refused('stale');
  if (heldSince !== null && crl.thisUpdate < heldSince) return refused('older-than-held');
  return { ok: true, der, thisUpdate: crl.thisUpdate, nextUpdate: crl.nextUpdate };
}

export interface OcspCheck {
  certificate: Certificate;
  issuer: Certificate;
  /** What the question had. */
  nonce: Uint8Array;
  /** Whether an answer must repeat it; one with another nonce is refused in any case. */
  nonceRule: 'required' | 'expected';
  heldSince: number | null;
}

/**
 * Whether an OCSP response answers the question: our nonce, an authorised responder, a current status of this
 * certificate. An answer without a nonce (RFC 6960 §4.4.1 leaves it to the responder) counts like a CRL: until its
 * nextUpdate, and never in place of a newer one.
 */
export function checkOcsp(
  bytes: Uint8Array,
  { certificate, issuer, nonce, nonceRule, heldSince }: OcspCheck,
  ctx: VerificationContext,
): Checked {
  const response = readOrNull(() => readOcsp(bytes));
  if (!response) return refused(ocspRefusal(bytes) ?? 'not-an-ocsp-response');
  if (response.nonce !== null && !equalBytes(response.nonce, nonce)) return refused('nonce-wrong');
  if (response.nonce === null && nonceRule === 'required') return refused('nonce-missing');
  const status = statusByResponse(response, certificate, issuer, ctx);
  if (status.state === 'unknown') return refused((status.codes[0] ?? 'missing').replace(/^[a-z]+\./, ''));
  const own = response.statuses.find(({ number }) => number === certificate.number);
  const { thisUpdate, nextUpdate } = own as NonNullable<typeof own>;
  if (nextUpdate !== null && nextUpdate < ctx.at) return refused('stale');
  if (response.nonce === null && nextUpdate === null) return refused('nonce-missing');
  if (heldSince !== null && thisUpdate < heldSince) return refused('older-than-held');
  return { ok: true, der: bytes, thisUpdate, nextUpdate };
}

function refused(reason: string): Checked {
  return { ok: false, reason };
}

/** RFC 5280 §4.2.1.13 asks for DER; some authorities serve PEM under the same address. */
function readList(bytes: Uint8Array): { crl: Crl; der: Uint8Array } | null {
  return readOrNull(() => {
    const [first, ...more] = pemOrDer(bytes);
    if (!first || more.length > 0) return null;
    const crl = readCrl(first.der);
    // Looking up any number checks the frame of every entry.
    crl.find(first.der.subarray(0, 1), crl.issuer);
    return { crl, der: first.der };
  });
}

function readOrNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return null;
  }
}

function maySignCrls({ extensions }: Certificate): boolean {
  return extensions.keyUsage === null || (extensions.keyUsage & KEY_USAGE.crlSign) !== 0;
}
