import type { Level } from '../agency/index.ts';
import type { BlobRef, Priority } from '../document/index.ts';

/** Transport state; what the recipient's people do with a document is its business status, kept apart. */
export type TransportState = 'waiting' | 'leased' | 'done' | 'failed' | 'cancelled';

export type DeliveryKind = 'document' | 'status' | 'notice';

/** One piece of content on its way to one agency. */
export interface Delivery {
  deliveryId: string;
  documentId: string;
  kind: DeliveryKind;
  senderId: string;
  senderCode: string;
  recipientId: string;
  recipientCode: string;
  /** Levels of both at the time of submission; absent in deliveries from before they were kept, and of notices. */
  senderLevel?: Level;
  recipientLevel?: Level;
  priority: Priority;
  content: BlobRef;
  sha256: string;
  size: number;
  /** RFC 3339 UTC. */
  createdAt: string;
  state: TransportState;
  /** Not offered before this time (RFC 3339 UTC). */
  nextAt: string;
  leaseUntil: string | null;
  /** Times it was handed out or pushed. */
  attempts: number;
  /** First time the recipient took the content. */
  fetchedAt: string | null;
  /** Last failure: a class of the recipient's or the courier's error. */
  failure: string | null;
  /** Pushed and answered with 2xx; the content is still to be pulled and acknowledged. */
  notifiedAt: string | null;
  updatedAt: string;
  /** No later than this: policy's transport deadline (RFC 3339 UTC). */
  deadline: string;
  /** Not offered before that delivery is done, failed or cancelled: a recall never overtakes its original. */
  afterId: string | null;
  /** Grows with each change; compare-and-set guards on it. */
  revision: number;
}
