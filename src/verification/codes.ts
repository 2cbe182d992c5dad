import { asicCodes } from './asic/codes.ts';
import {
  type CodeMeaning,
  failed,
  type Indication,
  type SubIndication,
  undecided,
  warning,
} from './indication.ts';
import { pdfCodes } from './pdf/codes.ts';
import { xmlCodes } from './xml/codes.ts';

const fileCodes = {
  'file.limit-exceeded': undecided('POLICY_PROCESSING_ERROR'),
  'file.not-readable': undecided('SIGNED_DATA_NOT_FOUND'),
  'format-not-judged': undecided('POLICY_PROCESSING_ERROR'),
  'file.two-formats': undecided('POLICY_PROCESSING_ERROR'),
  'file.signer-not-declared': undecided('SIG_CONSTRAINTS_FAILURE'),
  'file.declared-unreadable': undecided('POLICY_PROCESSING_ERROR'),
  'file.counter-signature-not-passed': warning,
} as const satisfies Record<string, CodeMeaning>;

const cmsCodes = {
  'cms.not-der': failed('FORMAT_FAILURE'),
  'cms.malformed': failed('FORMAT_FAILURE'),
  'cms.attribute-repeated': failed('FORMAT_FAILURE'),
  'cms.attributes-not-sorted': failed('FORMAT_FAILURE'),
  'cms.content-type-missing': failed('FORMAT_FAILURE'),
  'cms.content-type-mismatch': failed('FORMAT_FAILURE'),
  'cms.message-digest-missing': failed('FORMAT_FAILURE'),
  'cms.message-digest-mismatch': failed('HASH_FAILURE'),
  'cms.signature-wrong': failed('SIG_CRYPTO_FAILURE'),
  'cms.signing-certificate-mismatch': failed('FORMAT_FAILURE'),
  'cms.signing-certificate-missing': warning,
  'cms.signing-certificate-sha1': warning,
  // Without them a signature over attributes passes as one over content that looks like attributes.
  'cms.signed-attributes-missing': undecided('SIG_CONSTRAINTS_FAILURE'),
  'cms.algorithm-mismatch': undecided('SIG_CONSTRAINTS_FAILURE'),
  'cms.algorithm-unsupported': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'cms.certificate-not-found': undecided('NO_SIGNING_CERTIFICATE_FOUND'),
  'cms.certificate-unreadable': warning,
  'cms.content-missing': undecided('SIGNED_DATA_NOT_FOUND'),
  // Programs that open the CMS show what is inside, whatever the signature was made for.
  'cms.content-differs': failed('FORMAT_FAILURE'),
  'cms.counter-signature-not-judged': warning,
  'cms.archive-timestamp-not-judged': warning,
  'cms.too-many-signatures': warning,
  'cms.signing-time-differs': warning,
  'cms.signing-time-offset': warning,
  'cms.ber-encoded': warning,
} as const satisfies Record<string, CodeMeaning>;

const pathCodes = {
  'path.no-chain': undecided('NO_CERTIFICATE_CHAIN_FOUND'),
  'path.certificate-unreadable': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.signature-wrong': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.algorithm-unsupported': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'path.expired': undecided('OUT_OF_BOUNDS_NO_POE'),
  'path.expired-not-revoked': undecided('OUT_OF_BOUNDS_NOT_REVOKED'),
  'path.not-yet-valid': undecided('OUT_OF_BOUNDS_NO_POE'),
  'path.ca-out-of-bounds': undecided('OUT_OF_BOUNDS_NO_POE'),
  'path.expired-when-signed': failed('EXPIRED'),
  'path.not-yet-valid-when-signed': failed('NOT_YET_VALID'),
  'path.not-a-ca': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.too-long': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.ca-key-usage': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.key-usage': undecided('CHAIN_CONSTRAINTS_FAILURE'),
  'path.extended-key-usage': undecided('CHAIN_CONSTRAINTS_FAILURE'),
  'path.critical-extension': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.name-constraints': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.certificate-policies': undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE'),
  'path.weak-key': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'path.weak-signature': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'path.algorithm-expired': undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE'),
  'path.limit-exceeded': undecided('POLICY_PROCESSING_ERROR'),
} as const satisfies Record<string, CodeMeaning>;

const revocationCodes = {
  'revocation.not-proven': undecided('REVOKED_CA_NO_POE'),
  'revocation.missing': undecided('TRY_LATER'),
  'revocation.stale': undecided('TRY_LATER'),
  'revocation.signature-wrong': undecided('TRY_LATER'),
  'revocation.issuer-not-authorised': undecided('TRY_LATER'),
  'revocation.responder-not-authorised': undecided('TRY_LATER'),
  'revocation.crl-extension-unsupported': undecided('TRY_LATER'),
  'revocation.crl-delta-only': undecided('TRY_LATER'),
  'revocation.crl-out-of-scope': undecided('TRY_LATER'),
  'revocation.malformed': undecided('TRY_LATER'),
  'revocation.status-unknown': undecided('TRY_LATER'),
  'revocation.weak-signature': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'revocation.algorithm-expired': undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE'),
  'revocation.on-hold': undecided('TRY_LATER'),
  'revocation.revoked': undecided('REVOKED_NO_POE'),
  'revocation.ca-revoked': undecided('REVOKED_CA_NO_POE'),
  'revocation.revoked-when-signed': failed('REVOKED'),
  'revocation.issued-after-expiry': undecided('REVOCATION_OUT_OF_BOUNDS_NO_POE'),
  'revocation.revoked-later': warning,
  'revocation.only-after-expiry': warning,
  'revocation.not-checked': warning,
  'revocation.not-available': warning,
} as const satisfies Record<string, CodeMeaning>;

const timestampCodes = {
  'timestamp.malformed': failed('FORMAT_FAILURE'),
  'timestamp.imprint-mismatch': failed('HASH_FAILURE'),
  'timestamp.index-missing': failed('FORMAT_FAILURE'),
  'timestamp.index-mismatch': failed('HASH_FAILURE'),
  'timestamp.usage': undecided('CHAIN_CONSTRAINTS_FAILURE'),
  'timestamp.signing-certificate-missing': undecided('SIG_CONSTRAINTS_FAILURE'),
  'timestamp.outside-certificate-life': undecided('OUT_OF_BOUNDS_NO_POE'),
  'timestamp.in-the-future': undecided('TIMESTAMP_ORDER_FAILURE'),
  'timestamp.order': undecided('TIMESTAMP_ORDER_FAILURE'),
  'timestamp.inaccurate': undecided('SIG_CONSTRAINTS_FAILURE'),
  'timestamp.authority-revoked-later': warning,
  'timestamp.not-accepted': warning,
  'timestamp.too-many': warning,
} as const satisfies Record<string, CodeMeaning>;

const policyCodes = {
  'policy.digest-not-allowed': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'policy.signature-algorithm-not-allowed': undecided('CRYPTO_CONSTRAINTS_FAILURE'),
  'policy.algorithm-expired': undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE'),
  'policy.signing-certificate-demanded': undecided('SIG_CONSTRAINTS_FAILURE'),
  'policy.timestamp-demanded': undecided('SIG_CONSTRAINTS_FAILURE'),
  'policy.anchor-not-accepted': undecided('CHAIN_CONSTRAINTS_FAILURE'),
  'policy.not-in-force': undecided('POLICY_PROCESSING_ERROR'),
} as const satisfies Record<string, CodeMeaning>;

/** Every verification code with its meaning: the one table behind reports, `docs/verdicts.md` and the sentences. */
export const codeMeanings = {
  ...fileCodes,
  ...cmsCodes,
  ...pathCodes,
  ...revocationCodes,
  ...timestampCodes,
  ...policyCodes,
  ...pdfCodes,
  ...xmlCodes,
  ...asicCodes,
} as const;

/** Closed list of what a verdict can say beside its indication. */
export type VerificationCode = keyof typeof codeMeanings;

export interface Judgement {
  indication: Indication;
  subIndication: SubIndication | null;
  errors: VerificationCode[];
  warnings: VerificationCode[];
}

/**
 * The verdict that a set of codes adds up to: TOTAL_FAILED beats INDETERMINATE beats TOTAL_PASSED, and the
 * sub-indication is the one of the first code with that indication. Repeated codes are told once.
 */
export function judge(codes: readonly VerificationCode[]): Judgement {
  const result: Judgement = { indication: 'TOTAL_PASSED', subIndication: null, errors: [], warnings: [] };
  for (const code of new Set(codes)) {
    const meaning: CodeMeaning = codeMeanings[code];
    if (meaning.severity === 'warning') {
      result.warnings.push(code);
      continue;
    }
    result.errors.push(code);
    const worse = meaning.indication === 'TOTAL_FAILED' && result.indication !== 'TOTAL_FAILED';
    if (worse || result.indication === 'TOTAL_PASSED') {
      result.indication = meaning.indication;
      result.subIndication = meaning.subIndication;
    }
  }
  return result;
}
