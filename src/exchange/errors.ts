export type ExchangeErrorCode =
  | 'exchange.not-a-party'
  | 'exchange.not-a-recipient'
  | 'exchange.status-unknown'
  | 'exchange.status-reason-missing'
  | 'exchange.status-not-readable'
  | 'exchange.digest-mismatch'
  | 'exchange.not-recallable'
  | 'exchange.not-held'
  | 'exchange.period-unknown'
  | 'exchange.content-kept'
  | 'exchange.overloaded'
  | 'exchange.stopping';
