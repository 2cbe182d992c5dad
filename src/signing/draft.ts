import type { BlobRef } from '../document/index.ts';
import type { Capacity, KeyProtection, SignAction } from './act.ts';

/** What can be signed here, told from the bytes: PAdES, XAdES (enveloped), CAdES (detached). */
export type DraftFormat = 'pdf' | 'xml' | 'data';

/** How a version came from the one before. */
export interface SignedStep {
  kind: 'signed';
  action: SignAction;
  capacity: Capacity;
  /** What prepared it; makes a repeated finalize find this version. */
  prepareId: string;
  certificateSha256: string;
  keyProtection: KeyProtection;
  level: 'B-B' | 'B-T';
  /** Time-stamp of the signature, RFC 3339 UTC; null at level B-B. */
  timestampAt: string | null;
}

export type DraftStep =
  | { kind: 'uploaded' }
  | { kind: 'revised' }
  | { kind: 'numbered'; number: string; date: string; series: string }
  | SignedStep;

/** Bytes of a draft that never change. */
export interface DraftVersion {
  /** From 1, without gaps. */
  version: number;
  sha256: string;
  size: number;
  content: BlobRef;
  step: DraftStep;
  /** The version's event; its place in the ledger is found by it. */
  eventId: string;
  /** RFC 3339 UTC. */
  at: string;
}

/** A document on its way to be issued: an agency's upload and what signing and numbering made of it. */
export interface Draft {
  documentId: string;
  agencyId: string;
  clientId: string;
  /** The agency's own name for it, unique with the agency; the documentId where it gave none. */
  reference: string;
  title: string;
  format: DraftFormat;
  /** Random id that stands for the draft in the ledger, and the key of its entries' commitments (32 bytes, base64url). */
  ledgerDoc: string;
  ledgerKey: string;
  /** Oldest first; never empty. */
  versions: readonly DraftVersion[];
}

export function latestOf(draft: Draft): DraftVersion {
  return draft.versions.at(-1) as DraftVersion;
}

/**
 * What a number is unique by: agency, year of issue and series (NĐ 30/2020 art. 15.1: from 01 on each 1 January). Null for a
 * draft that has none.
 */
export function numberKeyOf({ agencyId, versions }: Draft): string | null {
  for (const { step } of versions)
    if (step.kind === 'numbered')
      return JSON.stringify([agencyId, step.date.slice(0, 4), step.series, step.number]);
  return null;
}
