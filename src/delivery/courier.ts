import type { Endpoint } from '../agency/index.ts';
import type { PushAttempt } from './attempt-book.ts';
import type { FailureClass } from './backoff.ts';
import type { Delivery } from './delivery.ts';

/** What came of a push. */
export type PushResult =
  | { outcome: 'notified' }
  /** The answer repeated the sha256 of the content: that is the recipient's ack. */
  | { outcome: 'acknowledged' }
  | { outcome: 'failed'; failure: FailureClass; reason: string; retryAfterMs: number | null };

/** What was asked and answered, masked already. */
export type PushExchange = Pick<PushAttempt, 'request' | 'answer'>;

/** The result of a push, and the exchange behind it where a courier tells it. */
export type Pushed = PushResult & { exchange?: PushExchange };

/** Pushes one delivery to an agency's endpoint; never throws for what the other side does. */
export type Courier = (
  endpoint: Endpoint,
  delivery: Delivery,
  content: () => Promise<Buffer>,
) => Promise<Pushed>;
