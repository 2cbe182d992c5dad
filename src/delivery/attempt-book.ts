/** One attempt to push a delivery: what was asked and what came back, without secrets and without content. */
export interface PushAttempt {
  /** UUID v7 of the time at which it began. */
  attemptId: string;
  deliveryId: string;
  documentId: string;
  recipientId: string;
  /** RFC 3339 UTC. */
  at: string;
  durationMs: number;
  outcome: 'notified' | 'acknowledged' | 'failed';
  /** As in the delivery's `failure`; null where it came through. */
  reason: string | null;
  request: {
    method: 'POST';
    /** Without query, fragment and user information: secrets lie there. */
    url: string;
    /** Signatures and tokens are named, their values are not kept. */
    headers: Readonly<Record<string, string>>;
    bytes: number;
  };
  /** Null where nothing was answered. */
  answer: {
    status: number;
    contentType: string;
    bytes: number;
    /** The first characters, masked; empty for an answer to pushed content, which may repeat it. */
    head: string;
  } | null;
}

/** The most attempts that are kept of one delivery: its latest. */
export const ATTEMPTS_KEPT = 20;

/**
 * Attempts of pushes, for those who look for a fault. What is proven is in the ledger; here a row may be missing after a crash.
 * No more than {@link ATTEMPTS_KEPT} of one delivery are kept.
 */
export interface AttemptBook {
  add(attempt: PushAttempt): Promise<void>;
  /** Of one document, latest first. */
  ofDocument(documentId: string, limit: number): Promise<PushAttempt[]>;
  /** Removes at most `limit` that began before a time (RFC 3339 UTC). @returns how many went */
  forget(before: string, limit: number): Promise<number>;
}
