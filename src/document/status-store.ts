import type { PendingEvent } from './event.ts';
import type { StatusRecord } from './statuses.ts';

/** Status messages. Durable on return. */
export interface StatusStore {
  /**
   * Stores the first message of (document, reporter, code) with its event; a repeat is counted and gets the first.
   * Recall requests and answers (13, 15, 16) repeat per addressee.
   */
  record(status: StatusRecord, event: PendingEvent): Promise<{ first: StatusRecord; repeated: boolean }>;
  /** Oldest first. */
  of(documentId: string): Promise<StatusRecord[]>;
}
