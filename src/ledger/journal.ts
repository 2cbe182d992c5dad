import type { TreeHead } from './checkpoint.ts';

/** The log's committed state. */
export interface LogHead extends TreeHead {
  /** Fencing number: every sequencer that takes over raises it, and a batch under an older one is refused. */
  epoch: number;
  /** Time in the last entry, milliseconds since 1970 UTC; 0 for the empty log. */
  at: number;
}

export interface JournalEntry {
  /** Exact bytes of the entry. */
  bytes: Buffer;
  /** Leaf hash, 32 bytes. */
  leaf: Buffer;
  /** Idempotency key, 32 bytes. */
  idem: Buffer;
  doc: string;
  seq: number;
}

export interface JournalBatch {
  /** What the writer believes the head to be; compared in size, root and epoch. */
  expected: LogHead;
  /** In the order of the log; none where a sequencer only takes over with a higher epoch. */
  entries: readonly JournalEntry[];
  /** `levels[k]`: the hashes of complete subtrees of 2^k leaves that these entries complete, in order (see `extendEdge`). */
  levels: readonly Buffer[];
  head: LogHead;
}

/** The last entry of a document. */
export interface DocTail {
  seq: number;
  leaf: Buffer;
}

/**
 * Where the log's entries live. One writer at a time; any number of readers beside it.
 *
 * Durability: when `commit` resolves, the batch outlives a loss of power, whole. When it rejects with
 * `ledger.write-failed`, nothing of it is there and the writer may go on; after any other rejection its outcome is unknown
 * until the journal is opened anew.
 * Concurrency: `commit` compares and swaps the head in one step. Of two writers with the same `expected` at most one
 * succeeds; the other gets `ledger.head-moved`.
 * Consistency: after `commit` resolves, every read shows the batch. What reads show is always a whole number of batches.
 */
export interface LedgerJournal {
  head(): Promise<LogHead>;
  /** @throws TrucError `ledger.head-moved`, `ledger.write-failed`, `ledger.sync-failed` */
  commit(batch: JournalBatch): Promise<void>;
  /** Bytes of `count` entries from an index on. @throws TrucError `ledger.out-of-range` beyond the head */
  entries(from: number, count: number): Promise<Buffer[]>;
  /** `count` hashes of complete subtrees of 2^level leaves from number `from` on, concatenated. @throws TrucError `ledger.out-of-range` */
  hashes(level: number, from: number, count: number): Promise<Buffer>;
  /** For each idempotency key the index of its entry, or null. */
  findIdem(idems: readonly Buffer[]): Promise<(number | null)[]>;
  /** For each document its last entry, or null. */
  docTails(docs: readonly string[]): Promise<(DocTail | null)[]>;
  /** Indices of a document's entries in order. */
  docEntries(doc: string): Promise<number[]>;
}
