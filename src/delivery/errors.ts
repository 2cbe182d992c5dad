export type DeliveryErrorCode =
  | 'delivery.unknown'
  | 'delivery.not-leased'
  | 'delivery.already-acknowledged'
  | 'delivery.cancelled'
  | 'delivery.not-failed'
  | 'delivery.not-cancellable'
  | 'delivery.changed-meanwhile';
