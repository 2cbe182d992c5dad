/** Overall results of ETSI EN 319 102-1 §5.1.3. */
export type Indication = 'TOTAL_PASSED' | 'INDETERMINATE' | 'TOTAL_FAILED';

/** Sub-indications of ETSI EN 319 102-1 table 6 that Trục uses. */
export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'POLICY_PROCESSING_ERROR'
  | 'TIMESTAMP_ORDER_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'OUT_OF_BOUNDS_NOT_REVOKED'
  | 'REVOCATION_OUT_OF_BOUNDS_NO_POE'
  | 'NO_POE'
  | 'TRY_LATER'
  | 'SIGNED_DATA_NOT_FOUND';

/**
 * What one verification code stands for. An error takes the verdict down to `indication`; a warning is told and
 * leaves the verdict as it is (its indication is TOTAL_PASSED).
 */
export interface CodeMeaning {
  indication: Indication;
  subIndication: SubIndication | null;
  severity: 'error' | 'warning';
}

/** An error that proves the signature or file wrong. */
export const failed = <S extends SubIndication>(subIndication: S) =>
  ({ indication: 'TOTAL_FAILED', subIndication, severity: 'error' }) as const;

/** An error after which nobody can tell whether the signature is right. */
export const undecided = <S extends SubIndication>(subIndication: S) =>
  ({ indication: 'INDETERMINATE', subIndication, severity: 'error' }) as const;

/** A fact worth telling that does not change the verdict. */
export const warning = { indication: 'TOTAL_PASSED', subIndication: null, severity: 'warning' } as const;
