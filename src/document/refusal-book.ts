import type { PendingEvent } from './event.ts';
import type { RefusalRecord } from './refusal.ts';

/** Refused submissions. Identical ones (sender, code, fingerprint) are one record with a count. Durable on return. */
export interface RefusalBook {
  record(refusal: RefusalRecord, event: PendingEvent): Promise<{ first: RefusalRecord; repeated: boolean }>;
  get(refusalId: string): Promise<RefusalRecord | null>;
}
