import type { BlobRef } from './document.ts';

export interface BlobInput {
  /** SHA-256 of the bytes, lower-case hexadecimal. */
  sha256: string;
  bytes: Uint8Array;
}

/**
 * Bytes that never change. A reference is valid for ever once `put` has returned, whatever is killed afterwards;
 * storing the same bytes twice is harmless.
 */
export interface BlobStore {
  /** Durable on return; concurrent calls share one sync. */
  put(blob: BlobInput): Promise<BlobRef>;
  /** Streams bytes of unknown length to a blob with constant memory; the digest is the caller's to check. */
  putStream(chunks: AsyncIterable<Uint8Array>): Promise<{ ref: BlobRef; sha256: string; size: number }>;
  /** @throws TrucError `document.blob-missing` */
  read(ref: BlobRef): Promise<Buffer>;
  /** Chunks of at most 256 KiB. @throws TrucError `document.blob-missing` */
  stream(ref: BlobRef): AsyncIterable<Uint8Array>;
  /** Makes the bytes unreadable and gives back their space where it can. */
  destroy(ref: BlobRef): Promise<void>;
}
