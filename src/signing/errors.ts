/** Everything that signing can refuse. */
export type SigningErrorCode =
  | 'signing.der-malformed'
  | 'signing.certificate-malformed'
  | 'signing.key-not-supported'
  | 'signing.attributes-malformed'
  | 'signing.pdf-not-usable'
  | 'signing.page-not-found'
  | 'signing.field-name-taken'
  | 'signing.contents-too-small'
  | 'signing.placeholder-not-found'
  | 'signing.text-not-drawable'
  | 'signing.font-malformed'
  | 'signing.timestamp-refused'
  | 'signing.timestamp-malformed'
  | 'signing.timestamp-mismatch'
  | 'signing.timestamp-unreachable';
