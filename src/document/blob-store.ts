import type { ContentPeriod } from './content-period.ts';
import type { BlobRef } from './document.ts';

export interface BlobInput {
  /** SHA-256 of the bytes, lower-case hexadecimal. */
  sha256: string;
  bytes: Uint8Array;
  /** When it came in; the present one when not given. */
  period?: ContentPeriod;
}

/** Content of one period, as the store has it. */
export interface StoredPeriod {
  period: ContentPeriod;
  /** Its content is gone, and reading it says so. */
  dropped: boolean;
}

/**
 * Bytes that never change. A reference is valid for ever once `put` has returned, whatever is killed afterwards;
 * storing the same bytes twice is harmless.
 */
export interface BlobStore {
  /** Durable on return; concurrent calls share one sync. */
  put(blob: BlobInput): Promise<BlobRef>;
  /** Streams bytes of unknown length to a blob with constant memory; the digest is the caller's to check. */
  putStream(
    chunks: AsyncIterable<Uint8Array>,
    period?: ContentPeriod,
  ): Promise<{ ref: BlobRef; sha256: string; size: number }>;
  /** @throws TrucError `document.blob-missing`, `document.content-expired` when its period was dropped */
  read(ref: BlobRef): Promise<Buffer>;
  /** Chunks of at most 256 KiB. @throws TrucError as `read` */
  stream(ref: BlobRef): AsyncIterable<Uint8Array>;
  /** Makes the bytes unreadable and gives back their space where it can. */
  destroy(ref: BlobRef): Promise<void>;
  /** Periods that have or had content, oldest first. */
  periods(): Promise<StoredPeriod[]>;
  /**
   * Takes all content of a period away as one part of the store, never blob by blob of what is kept beside it. For ever,
   * and repeatable: what a killed process left of it goes with the next call. Never for a period that still gets content.
   */
  dropPeriod(period: ContentPeriod): Promise<void>;
}
