import type { BlobRef } from './document.ts';

/** An attachment with more in it to prove its signatures by. It stands beside the bytes as sent, which never change. */
export interface Augmentation {
  documentId: string;
  /** Place of the attachment, from 0. */
  attachment: number;
  /** From 1 for each attachment; each is made of the one before. */
  number: number;
  /** Level of EN 319 142-1 that all its signatures have. */
  level: 'B-T' | 'B-LT' | 'B-LTA';
  /** RFC 3339 UTC. */
  at: string;
  sha256: string;
  size: number;
  /** Null once it was destroyed. */
  content: BlobRef | null;
}

/** Writes are durable on return. */
export interface AugmentationBook {
  /** @returns false when the attachment has one with this number */
  add(augmentation: Augmentation): Promise<boolean>;
  /** In the order of attachments and numbers. */
  of(documentId: string): Promise<Augmentation[]>;
}
