export type AppErrorCode =
  | 'app.config-invalid'
  | 'app.data-in-use'
  | 'app.data-newer'
  | 'app.demo-refused'
  | 'app.port-taken'
  | 'app.address-unusable'
  | 'app.key-unreadable'
  | 'app.profile-unavailable'
  | 'app.ledger-behind-signer';
