import type { BlobRef } from './document.ts';
import type { PendingEvent } from './event.ts';

/** A signed file with more in it to prove its signatures by. It stands beside the bytes that it was made of, which never change. */
export interface Augmentation {
  /** The document, or a draft of the signing service. */
  documentId: string;
  /** Place of the attachment, from 0; of a draft the version that was signed. */
  attachment: number;
  /** From 1 for each attachment; each is made of the one before. */
  number: number;
  /** Level of EN 319 142-1, EN 319 122-1 or EN 319 132-1 that all its signatures have. */
  level: 'B-T' | 'B-LT' | 'B-LTA';
  /** RFC 3339 UTC. */
  at: string;
  sha256: string;
  size: number;
  /** Null once it was destroyed. */
  content: BlobRef | null;
}

/** Writes are durable on return; an event is there exactly when its file is. */
export interface AugmentationBook {
  /** @returns false when the attachment has one with this number; then nothing is written */
  add(augmentation: Augmentation, event: PendingEvent): Promise<boolean>;
  /** In the order of attachments and numbers. */
  of(documentId: string): Promise<Augmentation[]>;
}
