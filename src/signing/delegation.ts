import type { ExpectedSigner } from './act.ts';

/** Forms of signing that rest on a record (NĐ 30/2020 art. 13.3, 13.4). */
export const DELEGATION_KINDS = ['TL', 'TUQ'] as const;

/**
 * By what right somebody signs by order (TL., in the working rules, art. 13.4) or by written authorisation (TUQ., limited in
 * time and content, never passed on, art. 13.3).
 */
export interface Delegation {
  delegationId: string;
  /** Whose documents are signed by it. */
  agencyId: string;
  clientId: string;
  kind: (typeof DELEGATION_KINDS)[number];
  /** Title of who delegates, as the document says it. */
  fromTitle: string;
  /** Who may sign; at least one of its fields. */
  to: ExpectedSigner;
  /** What may be signed, in the words of the legal basis. */
  scope: string;
  /** Number and date of the authorisation, or of the working rules. */
  legalBasis: string;
  /** RFC 3339 UTC; the end is exclusive, null only for TL. */
  validFrom: string;
  validTo: string | null;
  /** The delegation that this one passes on; null where it comes from the head. */
  passesOn: string | null;
  registeredAt: string;
  /** When it was taken back, RFC 3339 UTC: nobody signs by it from then on. Absent while it was not. */
  withdrawnAt?: string;
}
