/** Codes of the errors that the room's readers throw; verdicts never throw. */
export type VerificationErrorCode =
  | 'verification.not-der'
  | 'verification.not-a-certificate'
  | 'verification.not-a-crl'
  | 'verification.not-an-ocsp-response'
  | 'verification.not-cms'
  | 'verification.not-a-timestamp'
  | 'verification.not-pem'
  | 'verification.limit-exceeded'
  | 'verification.unknown-policy'
  | 'verification.policy-invalid'
  | 'verification.trusted-list-refused';
