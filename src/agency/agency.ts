/** Levels of the administration. `district` ended on 30 June 2025 and stays for history. */
export const LEVELS = ['central', 'province', 'district', 'commune'] as const;
export type Level = (typeof LEVELS)[number];

/** A written form of an agency's code and the time in which it means that agency. */
export interface CodeAlias {
  code: string;
  /** RFC 3339 UTC, inclusive. */
  validFrom: string;
  /** RFC 3339 UTC, exclusive; null = open. */
  validTo: string | null;
}

/** An agency as the registry knows it. `id` never changes; the canonical code is the form of QĐ 20/2020. */
export interface Agency {
  id: string;
  code: string;
  name: string;
  level: Level;
  parentId: string | null;
  validFrom: string;
  /** End of existence (exclusive), null while it lives. */
  validTo: string | null;
  /** Since when nothing may be sent to it, null when open (error 23 of the older axis). */
  lockedSince: string | null;
  /** Who answers for it after its end. */
  successorId: string | null;
  /** Every other written form: 13-character codes of QCVN 102:2016, malformed real ones, codes before a merger. */
  aliases: CodeAlias[];
  /** Asks the axis to hold documents whose main signature is INDETERMINATE. */
  holdIndeterminate: boolean;
  /** Number of the registry change that wrote this state; grows over the whole registry. */
  revision: number;
}

export type AgencyDraft = Omit<Agency, 'revision'>;

/** Why nothing can be sent to an agency at a time, or null when it can. */
export type Closed = 'not-yet-valid' | 'ended' | 'locked';

/** @param at milliseconds since 1970 UTC */
export function closedAt(agency: Agency, at: number): Closed | null {
  if (Date.parse(agency.validFrom) > at) return 'not-yet-valid';
  if (agency.validTo !== null && Date.parse(agency.validTo) <= at) return 'ended';
  if (agency.lockedSince !== null && Date.parse(agency.lockedSince) <= at) return 'locked';
  return null;
}
