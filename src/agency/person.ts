import { sha256Hex, vietnamDate } from '../kernel/index.ts';

/** Roles over the whole installation. */
export const INSTALLATION_ROLES = ['operator', 'auditor'] as const;
/** Roles in one agency. */
export const AGENCY_ROLES = ['agency-admin', 'leader', 'deputy', 'clerk', 'specialist'] as const;
export const ROLES = [...INSTALLATION_ROLES, ...AGENCY_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Who the identity provider says that somebody is; `sub` is unique only at its issuer (OpenID Connect Core 1.0 §2). */
export interface Subject {
  issuer: string;
  sub: string;
}

/** A role for a time. People change posts: what they were stays on record, with its end. */
export interface RoleGrant {
  role: Role;
  /** Id of the agency; null for a role over the whole installation. */
  agencyId: string | null;
  /** Title in that agency as documents say it ("Chủ tịch"), null where the role has none. */
  title: string | null;
  /** RFC 3339 UTC, inclusive. */
  validFrom: string;
  /** RFC 3339 UTC, exclusive; null = open. */
  validTo: string | null;
}

/** An administrator's act on a person, in the words of its ledger entry; the facts hold nothing of the person's own. */
export interface PersonAct {
  type:
    | 'person.registered'
    | 'person.identified'
    | 'person.role-given'
    | 'person.role-ended'
    | 'person.locked'
    | 'person.unlocked';
  facts: Readonly<Record<string, string | null>>;
  /** RFC 3339 UTC. */
  at: string;
}

/**
 * Somebody who works with the axis. A certificate's binding that names this `personId` is of the same person; their
 * titles are said twice, since certificates and posts end at different times.
 */
export interface Person {
  /** UUID v7; never changes and says nothing of the person. */
  personId: string;
  name: string;
  /** Null while nobody may log in as this person by an identity provider. */
  subject: Subject | null;
  grants: RoleGrant[];
  /** RFC 3339 UTC, null while the person may log in. */
  lockedSince: string | null;
  /** How often the record was written; a change of an older state is refused. */
  revision: number;
  createdAt: string;
  /** What made this revision: written with it, so that no change stays out of the ledger. */
  lastAct: PersonAct;
  /** What the ledger calls this person: random, no part of any other id. */
  ledgerDoc: string;
  /** base64url, 32 bytes: key of the commitments in this person's entries. */
  ledgerKey: string;
}

/**
 * What the ledger calls an official of an agency: another name each year (UTC+07:00). Ids are random, so that nobody finds
 * them by trying. @param at RFC 3339 UTC
 */
export function officialPseudonym(personId: string, agencyId: string, at: string): string {
  return sha256Hex(`${agencyId}|${vietnamDate(Date.parse(at)).slice(0, 4)}|${personId}`);
}

/** Roles in force at a time; none while the person is locked. @param at milliseconds since 1970 UTC */
export function grantsAt(person: Person, at: number): RoleGrant[] {
  if (person.lockedSince !== null && Date.parse(person.lockedSince) <= at) return [];
  return person.grants.filter(
    ({ validFrom, validTo }) => Date.parse(validFrom) <= at && (validTo === null || Date.parse(validTo) > at),
  );
}

/** Whether a role is one of an agency. */
export function isAgencyRole(role: Role): boolean {
  return (AGENCY_ROLES as readonly Role[]).includes(role);
}
