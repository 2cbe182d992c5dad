import type { DeliveryQueue } from '../../delivery/index.ts';

/**
 * Wake-ups by name between nodes, which may be lost. The names of recipients are their ids; those of the ledger begin
 * with `ledger/`.
 */
export type Hints = Pick<DeliveryQueue, 'wake' | 'wait'>;
