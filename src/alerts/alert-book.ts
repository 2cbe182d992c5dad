import type { Alert } from './alert.ts';
import type { Sample } from './measure.ts';

/** Alerts and the samples behind them. Durable on return; one node at a time judges, any node acknowledges. */
export interface AlertBook {
  /** Adds or replaces. An acknowledgement that came meanwhile stays. */
  put(alerts: readonly Alert[]): Promise<void>;
  /** Not resolved ones, the oldest first. */
  open(): Promise<Alert[]>;
  /** All that somebody was told of, the newest first. */
  list(limit: number): Promise<Alert[]>;
  /** @returns false where it is not open, or somebody was faster */
  acknowledge(alertId: string, by: NonNullable<Alert['acknowledged']>): Promise<boolean>;
  /** Keeps a sample; one of the same moment is replaced. */
  sample(sample: Sample): Promise<void>;
  /** From a time on (RFC 3339 UTC), oldest first. */
  samples(from: string, limit: number): Promise<Sample[]>;
  /** Removes samples and resolved alerts of before a time (RFC 3339 UTC). @returns how many went */
  forget(before: string): Promise<number>;
}
