/** Everything that the test PKI can refuse. */
export type PkiErrorCode =
  | 'lab.pki-declaration-invalid'
  | 'lab.pki-unknown-entity'
  | 'lab.pki-unknown-issuer'
  | 'lab.pki-name-taken'
  | 'lab.pki-not-an-authority'
  | 'lab.pki-export-invalid';
