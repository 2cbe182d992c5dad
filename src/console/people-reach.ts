import { AGENCY_ROLES, type Person, type Role } from '../agency/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Viewer } from './viewer.ts';

/** Roles that an agency's administrator gives; who administers an agency is said by the operator. */
export const GIVEN_ROLES = ['leader', 'deputy', 'clerk', 'specialist'] as const;

/** Whether a viewer administers people at all: operators everybody, agencies' administrators those of theirs. Auditors read. */
export function administers({ mayAct, reach }: Viewer): boolean {
  return mayAct || (reach !== null && reach.length > 0);
}

/** Whether a person is shown: to operators and auditors everybody, to an agency's administrator who has or had a role there. */
export function isShown({ grants }: Person, { reach }: Viewer): boolean {
  return reach === null || grants.some(({ agencyId }) => agencyId !== null && reach.includes(agencyId));
}

/** Which roles the viewer gives in an agency. */
export function rolesToGive({ mayAct }: Viewer): readonly Role[] {
  return mayAct ? AGENCY_ROLES : GIVEN_ROLES;
}

/**
 * Who may change a role of this person in this agency: whoever administers it, but nobody their own.
 * @throws TrucError `api.role-missing`, `agency.person-out-of-reach`
 */
export function demandRole(person: Person, agencyId: string, role: Role, viewer: Viewer): void {
  if (!administers(viewer)) throw new TrucError('api.role-missing', { roles: ['operator', 'agency-admin'] });
  const within = viewer.mayAct || viewer.reach?.includes(agencyId) === true;
  if (!within || person.personId === viewer.personId || !rolesToGive(viewer).includes(role))
    throw new TrucError('agency.person-out-of-reach');
}

/**
 * Whether the viewer may change by which login the person comes in, and lock them: whoever could would have every role of that
 * person, so an agency's administrator may only where all of them, past ones too, are of that agency.
 */
export function mayChangeLogin(person: Person, viewer: Viewer): boolean {
  if (person.personId === viewer.personId) return false;
  if (viewer.mayAct) return true;
  const { reach } = viewer;
  return (
    reach !== null &&
    person.grants.length > 0 &&
    person.grants.every(
      ({ agencyId, role }) => agencyId !== null && role !== 'agency-admin' && reach.includes(agencyId),
    )
  );
}

/** @throws TrucError `agency.person-out-of-reach` */
export function demandLogin(person: Person, viewer: Viewer): void {
  if (!mayChangeLogin(person, viewer)) throw new TrucError('agency.person-out-of-reach');
}
