import type { PendingEvent } from './event.ts';
import type { RefusalRecord } from './refusal.ts';

/** Which refusals are meant; what is absent is not asked for. Times are RFC 3339 UTC. */
export interface RefusalQuery {
  /** Of these senders; null for all. */
  senderIds: readonly string[] | null;
  /** First refused at or after. */
  from?: string;
  /** First refused before. */
  to?: string;
  /** Digest of the refused bytes, or the id of a refusal. */
  id?: string;
  /** Last one of the page before (exclusive). */
  after?: Pick<RefusalRecord, 'at' | 'refusalId'>;
  limit: number;
}

/** Refused submissions. Identical ones (sender, code, fingerprint) are one record with a count. Durable on return. */
export interface RefusalBook {
  record(refusal: RefusalRecord, event: PendingEvent): Promise<{ first: RefusalRecord; repeated: boolean }>;
  get(refusalId: string): Promise<RefusalRecord | null>;
  /** Newest first, by the time of the first refusal. */
  list(query: RefusalQuery): Promise<RefusalRecord[]>;
}
