import type { PendingEvent } from '../document/index.ts';
import type { Delegation } from './delegation.ts';

/** Delegations as registered; all that ever changes is that one is withdrawn. Durable on return, an event is there exactly when its delegation or withdrawal is. */
export interface DelegationBook {
  add(delegation: Delegation, event: PendingEvent): Promise<void>;
  /**
   * Withdraws one; the first withdrawal stays. @returns the delegation as it is now and whether this call withdrew it, null where
   * there is none
   */
  withdraw(
    delegationId: string,
    withdrawnAt: string,
    event: PendingEvent,
  ): Promise<{ delegation: Delegation; withdrawn: boolean } | null>;
  get(delegationId: string): Promise<Delegation | null>;
  /** Those of an agency, newest first. */
  of(agencyId: string, limit: number): Promise<Delegation[]>;
}
