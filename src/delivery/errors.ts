export type DeliveryErrorCode =
  | 'delivery.unknown'
  | 'delivery.not-leased'
  | 'delivery.already-acknowledged'
  | 'delivery.cancelled'
  | 'delivery.changed-meanwhile';
