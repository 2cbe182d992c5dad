export type AgencyErrorCode =
  | 'agency.code-malformed'
  | 'agency.code-taken'
  | 'agency.unknown'
  | 'agency.import-invalid'
  | 'agency.parent-unknown';
