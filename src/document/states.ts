/**
 * `received`: stored, not yet recorded in the ledger (nobody sees it). `accepted`: recorded, on its way. `held`: recorded,
 * waiting for a decision. `released`: decided, deliveries
 * are being planned. `refused`: a held document that was turned away. `recalled`: taken back by its sender.
 * `destroyed`: content and key are gone, proofs stay.
 */
export type DocumentState =
  | 'received'
  | 'accepted'
  | 'held'
  | 'released'
  | 'refused'
  | 'recalled'
  | 'destroyed';
