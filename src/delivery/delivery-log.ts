import type { Level } from '../agency/index.ts';
import type { Priority } from '../document/index.ts';
import type { Delivery, DeliveryKind, TransportState } from './delivery.ts';

/** Which deliveries are meant. What is absent is not asked for. Times are RFC 3339 UTC. */
export interface LogFilter {
  /** Only what one of these agencies sent or was sent; null for all. */
  reach: readonly string[] | null;
  kind: DeliveryKind;
  /** Planned at or after. */
  from?: string;
  /** Planned before. */
  to?: string;
  documentIds?: readonly string[];
  senderId?: string;
  recipientId?: string;
  senderLevel?: Level;
  recipientLevel?: Level;
  priority?: Priority;
  states?: readonly TransportState[];
  /** Two-digit business status that the recipient has reached, or `none` before the first. */
  business?: string;
  /** Reason of the last failure. */
  failure?: string;
}

/** Where a page ended. */
export interface LogPlace {
  createdAt: string;
  deliveryId: string;
}

export interface LogQuery extends LogFilter {
  order: 'newest' | 'oldest';
  /** Last line of the page before (exclusive). */
  after?: LogPlace;
  limit: number;
}

/** A delivery as the log shows it. */
export interface LogLine extends Delivery {
  /** Furthest business status of the recipient, null before the first. */
  business: string | null;
}

export interface LogCounts {
  /** How many there are; never more than was asked to be counted. */
  total: number;
  states: Readonly<Record<TransportState, number>>;
  /** There are more than were counted: the figures of the states are of those alone. */
  more: boolean;
}

/** How much waits for an agency, or with which reason it failed. */
export interface LogLoad {
  recipientId: string;
  waiting: number;
  failed: number;
  /** When the oldest that waits was planned; null where nothing waits. */
  oldestAt: string | null;
}

/**
 * Deliveries as administrators look for them; it only reads. Every look-up is scoped by `reach`. A page is read in the same time
 * wherever it lies, and rows that come meanwhile change no page that was read before: the order is that of planning.
 */
export interface DeliveryLog {
  page(query: LogQuery): Promise<LogLine[]>;
  /** Counts at most `most` lines. */
  counts(filter: LogFilter, most: number): Promise<LogCounts>;
  /**
   * Documents by a key of {@link searchKeys}, newest first.
   * @param whole false where the key may go on
   */
  documents(key: string, whole: boolean, limit: number): Promise<string[]>;
  /** Whose entry stands at this index of the ledger: documentId, refusalId and the like; null where none of ours does. */
  subjectAt(index: number): Promise<string | null>;
  /** Recipients with open or failed deliveries, those with most failed ones first. */
  loads(reach: readonly string[] | null, limit: number): Promise<LogLoad[]>;
}
