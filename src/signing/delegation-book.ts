import type { PendingEvent } from '../document/index.ts';
import type { Delegation } from './delegation.ts';

/** Delegations as registered; none is ever changed. Durable on return, an event is there exactly when its delegation is. */
export interface DelegationBook {
  add(delegation: Delegation, event: PendingEvent): Promise<void>;
  get(delegationId: string): Promise<Delegation | null>;
  /** Those of an agency, newest first. */
  of(agencyId: string, limit: number): Promise<Delegation[]>;
}
