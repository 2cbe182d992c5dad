import type { Alert } from './alert.ts';

/** One message about everything that has changed in a round. */
export interface AlertNews {
  /** RFC 3339 UTC. */
  at: string;
  alerts: readonly Alert[];
}

/** Tells people or systems. Throws where it could not: it is told again with the next round. */
export type AlertTeller = (news: AlertNews) => Promise<void>;
