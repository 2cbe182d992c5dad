import type { ActType, LedgerPlace, PendingEvent, RecordedEvent } from './event.ts';

export interface EventQuery {
  /** Positions greater than this. */
  since: number;
  limit: number;
  /** Events of documents in which one of these agencies is a party. */
  agencyIds: readonly string[];
}

export interface ActQuery {
  types: readonly ActType[];
  /** Positions less than this. */
  before?: number;
  limit: number;
}

/**
 * Events of all documents. `append` and the writes of other stores that carry events put them in as pending;
 * `settle` says where the ledger has them. All writes are durable on return and idempotent by eventId.
 */
export interface EventBook {
  append(events: readonly PendingEvent[]): Promise<void>;
  settle(places: readonly LedgerPlace[]): Promise<void>;
  /** Events of one subject in the order of their positions. */
  of(subjectId: string): Promise<RecordedEvent[]>;
  /** Events that the ledger does not have yet, oldest first; only of documents past `received`. */
  pending(limit: number): Promise<PendingEvent[]>;
  /**
   * Settled events in the order of their positions, none beyond the first that is not settled yet: a reader that goes on
   * from the last position it saw would never be shown the ones that settle later.
   */
  since(query: EventQuery): Promise<RecordedEvent[]>;
  /** Acts of administrators, newest first. */
  acts(query: ActQuery): Promise<RecordedEvent[]>;
  /** Events whose entries have an index in [from, from + count), in the order of the ledger. */
  placed(from: number, count: number): Promise<RecordedEvent[]>;
}
