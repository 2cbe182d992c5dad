export type AgencyErrorCode =
  | 'agency.code-malformed'
  | 'agency.code-taken'
  | 'agency.unknown'
  | 'agency.import-invalid'
  | 'agency.parent-unknown'
  | 'agency.person-unknown'
  | 'agency.person-changed-meanwhile'
  | 'agency.subject-taken'
  | 'agency.role-invalid'
  | 'agency.role-not-held'
  | 'agency.provider-away'
  | 'agency.login-declined'
  | 'agency.login-invalid';
