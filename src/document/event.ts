import type { PersonAct } from '../agency/index.ts';
import type { JsonValue } from '../kernel/index.ts';

/** Types of the steps in a document's life; each is the type of its ledger entry. */
export type EventType =
  | 'document.submitted'
  | 'document.refused'
  | 'document.recalled'
  | 'document.held'
  | 'document.released'
  | 'document.updated'
  | 'document.replaced'
  | 'document.destroyed'
  | 'content.expired'
  | 'registry.snapshot'
  | 'registry.changed'
  | 'certificate.bound'
  | 'system.registered'
  | 'figures.published'
  | 'figures.pushed'
  | 'consent.given'
  | 'consent.used'
  | 'consent.revoked'
  | 'delegation.registered'
  | 'delegation.withdrawn'
  | PersonAct['type']
  | 'endpoint.changed'
  | 'endpoint.tested'
  | 'alert.acknowledged'
  | 'draft.registered'
  | 'draft.revised'
  | 'draft.numbered'
  | 'draft.signed'
  | 'signature.verified'
  | 'signature.reverified'
  | 'signature.augmented'
  | 'delivery.queued'
  | 'delivery.fetched'
  | 'delivery.acknowledged'
  | 'delivery.failed'
  | 'delivery.cancelled'
  | 'delivery.retried'
  | `status.${string}`
  | `work.${string}`;

/** Steps that somebody took who administers the axis, as they are looked for in its audit. A type that is added needs a migration of both profiles. */
export const ACT_TYPES = [
  'endpoint.changed',
  'endpoint.tested',
  'alert.acknowledged',
  'delivery.retried',
  'document.released',
  'content.expired',
  'registry.changed',
  'certificate.bound',
  'system.registered',
  'delegation.registered',
  'delegation.withdrawn',
  'person.registered',
  'person.identified',
  'person.role-given',
  'person.role-ended',
  'person.locked',
  'person.unlocked',
] as const satisfies readonly EventType[];
export type ActType = (typeof ACT_TYPES)[number];

/** A step that must get into the ledger: complete for `append`, whatever happens in between. */
export interface PendingEvent {
  /** 64 hexadecimal characters: SHA-256 of subject, type and what tells it from others; repeats are the same event. */
  eventId: string;
  /** documentId, refusalId for refusals, personId, consentId, `content-<period>` for what happens to the content of a period. */
  subjectId: string;
  ledgerDoc: string;
  type: EventType;
  /** Event name of ETSI EN 319 522-1, or null where it has none. */
  erds: string | null;
  /** Agency that acted; null for the axis itself. */
  actorId: string | null;
  /** Recipient that it concerns; null when all or none. */
  recipientId: string | null;
  facts: Readonly<Record<string, JsonValue>>;
  /** Merkle root over the salted commitments to the facts, lower-case hexadecimal. */
  commit: string;
  /** When it happened by the axis's clock, RFC 3339 UTC. */
  at: string;
}

/** Where an event stands in the ledger. */
export interface LedgerPlace {
  eventId: string;
  index: number;
  seq: number;
  /** Time in the entry, RFC 3339 UTC. */
  recordedAt: string;
}

export interface RecordedEvent extends PendingEvent {
  /** Grows over the whole axis: cursor of GET /v1/events. */
  position: number;
  place: LedgerPlace | null;
}
