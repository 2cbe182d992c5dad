import type { DocumentRecord } from './document.ts';
import type { PendingEvent } from './event.ts';
import type { DocumentState } from './states.ts';

export type Registration = { outcome: 'registered' } | { outcome: 'exists'; existing: DocumentRecord };

export interface DocumentChange {
  documentId: string;
  /** The change happens only from one of these states. */
  from: readonly DocumentState[];
  to: DocumentState;
  receipt?: string;
  acceptedAt?: string;
  /** Destroys: forgets content reference, report, subject and ledger key. */
  forget?: boolean;
  events: readonly PendingEvent[];
}

export interface DocumentQuery {
  /** Agencies whose documents may be seen: as sender, as recipient; null for the operator, who sees all. */
  agencyIds: readonly string[] | null;
  direction: 'sent' | 'received';
  state?: DocumentState;
  edxmlId?: string;
  /** RFC 3339, inclusive. */
  since?: string;
  /** Last documentId of the page before (exclusive); newest first. */
  after?: string;
  limit: number;
}

/**
 * Documents and the claim on their keys. Every write is durable on return and idempotent by documentId. The events
 * given with a write are stored with it: whoever sees the new state finds the events pending.
 */
export interface DocumentStore {
  /** Claims the key and stores the record in state `received`. Exactly one of several concurrent twins is registered. */
  register(record: DocumentRecord, events: readonly PendingEvent[]): Promise<Registration>;
  /** @returns false when the document is in none of the states `from` */
  change(change: DocumentChange): Promise<boolean>;
  get(documentId: string): Promise<DocumentRecord | null>;
  /** Removes a record that is still `received`, and its pending events: it never existed for others. */
  withdraw(documentId: string): Promise<void>;
  /** Every act under one edXML DocumentId of a sender, oldest first. */
  byEdxmlId(senderId: string, edxmlId: string): Promise<DocumentRecord[]>;
  list(query: DocumentQuery): Promise<DocumentRecord[]>;
  /**
   * Documents that came before `before` (RFC 3339) and wait, oldest first: for the axis to finish what it began
   * (`received`, `released`), or for a decision (`held`).
   */
  waiting(what: 'unfinished' | 'held', before: string, limit: number): Promise<DocumentRecord[]>;
}
