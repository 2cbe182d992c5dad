/** One submission of a drill, and what came of it. */
export interface Sent {
  from: string;
  to: readonly string[];
  edxml: Buffer;
  sha256: string;
  /** The answer as JSON text; null while the axis has not accepted it. */
  answer: string | null;
  documentId: string | null;
  /** A refusal that no repeat can mend: none is expected. */
  refusal: string | null;
  tries: number;
}

/** One delivery of a document that a recipient took, acknowledged and answered. */
export interface Taken {
  by: string;
  deliveryId: string;
  documentId: string;
  sha256: string;
}

/** A refusal of a recipient's act that no repeat can mend: none is expected. */
export interface Refused {
  act: string;
  by: string;
  documentId: string;
  code: string;
}

/** Everything that the drill's senders and recipients have seen. */
export interface History {
  sent: Sent[];
  taken: Taken[];
  refused: Refused[];
  /** Acts by their outcome: `send ok`, `send api.storage-unavailable`, `ack client.unreachable` … */
  counts: Map<string, number>;
  /** Longest time without any accepted submission, milliseconds. */
  longestSilenceMs: number;
}

export function emptyHistory(): History {
  return { sent: [], taken: [], refused: [], counts: new Map(), longestSilenceMs: 0 };
}

export function count(history: History, what: string): void {
  history.counts.set(what, (history.counts.get(what) ?? 0) + 1);
}
