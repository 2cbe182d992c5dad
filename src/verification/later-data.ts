import { codeMeanings, type VerificationCode } from './codes.ts';
import type { FileReport, SignatureReport, TimestampReport } from './report.ts';

/** Wants of other data than revocation's that may come: authorities' certificates, and time itself. */
const OTHERS: readonly VerificationCode[] = [
  'path.no-chain',
  'path.not-yet-valid',
  'revocation.issued-after-expiry',
  'timestamp.in-the-future',
];

/** Whether a code says no more than that current revocation data are missing (TRY_LATER, EN 319 102-1 §5.2.5). */
export function wantsRevocationData(code: VerificationCode): boolean {
  const meaning = codeMeanings[code];
  return 'subIndication' in meaning && meaning.subIndication === 'TRY_LATER';
}

/**
 * Whether a file that could not be judged to the end may be judged otherwise once newer data are there: fresh CRLs and
 * OCSP answers, further certificates of authorities, a later hour. A TOTAL_FAILED is final, a TOTAL_PASSED stands.
 */
export function mayChangeLater(report: FileReport): boolean {
  return (
    report.indication === 'INDETERMINATE' &&
    report.signatures.some((one) => one.indication === 'INDETERMINATE' && isWanting(one))
  );
}

/** A time-stamp that could not be judged takes the proof of time away, so what it waits for counts too. */
function isWanting(signature: SignatureReport): boolean {
  const parts: readonly (SignatureReport | TimestampReport)[] = [signature, ...signature.timestamps];
  return parts.some(({ errors }) =>
    errors.some((code) => wantsRevocationData(code) || OTHERS.includes(code)),
  );
}
