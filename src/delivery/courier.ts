import type { Endpoint } from '../agency/index.ts';
import type { FailureClass } from './backoff.ts';
import type { Delivery } from './delivery.ts';

/** What came of a push. */
export type PushResult =
  | { outcome: 'notified' }
  /** The answer repeated the sha256 of the content: that is the recipient's ack. */
  | { outcome: 'acknowledged' }
  | { outcome: 'failed'; failure: FailureClass; reason: string; retryAfterMs: number | null };

/** Pushes one delivery to an agency's endpoint; never throws for what the other side does. */
export type Courier = (
  endpoint: Endpoint,
  delivery: Delivery,
  content: () => Promise<Buffer>,
) => Promise<PushResult>;
