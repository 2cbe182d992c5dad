import { isAgencyRole, type Person, type PersonAct, type RoleGrant, type Subject } from '../agency/index.ts';
import type { PendingEvent } from '../document/index.ts';
import { isoTime, newId, randomBytes, TrucError } from '../kernel/index.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

/**
 * What acts on persons need. Without a ledger, as on the command line, the entry waits among the pending events, and the
 * axis puts it on record when it starts, or within a minute where nodes run.
 */
export type PeopleDesk = Pick<Stations, 'persons' | 'sessions' | 'events' | 'agencies' | 'clock'> &
  Partial<Pick<Stations, 'ledger'>>;

/** Who acts: what the ledger calls that person (`ledgerDoc`), or the command line of the machine. */
export type Administrator = string | 'command-line';

export interface PersonOrder {
  name: string;
  subject: Subject | null;
  /** Roles from the beginning. */
  grants?: RoleGrant[];
  /** For ids that must be the same on all nodes of a demo; a fresh one where not given. */
  personId?: string;
}

const PAGE = 200;

/** Registers a person. @throws TrucError `agency.subject-taken`, `agency.person-changed-meanwhile` */
export async function registerPerson(order: PersonOrder, by: Administrator, x: PeopleDesk): Promise<Person> {
  const createdAt = isoTime(x.clock.now());
  const { grants = [] } = order;
  const roles = await Promise.all(grants.map((one) => roleOf(one, x)));
  const person: Person = {
    personId: order.personId ?? newId(),
    name: order.name.normalize('NFC').trim(),
    subject: order.subject,
    grants,
    lockedSince: null,
    revision: 1,
    createdAt,
    lastAct: { type: 'person.registered', facts: { by, roles: roles.join(' ') || null }, at: createdAt },
    ledgerDoc: newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
  };
  return keep(person, x);
}

/** Says who the identity provider says that this is, or with null that nobody logs in as this person; ends the sessions. */
export async function identifyPerson(
  personId: string,
  subject: Subject | null,
  by: Administrator,
  x: PeopleDesk,
): Promise<Person> {
  const person = await known(personId, x);
  const changed = await keep(next(person, { subject }, 'person.identified', { by }, x), x);
  await x.sessions.removeOfPerson(personId);
  return changed;
}

/**
 * Gives a role. The same role in the same agency that is in force then ends when this one begins.
 * @throws TrucError `agency.person-unknown`, `agency.role-invalid` where role and agency do not go together or the time is
 * empty, `agency.unknown`
 */
export async function giveRole(
  personId: string,
  grant: RoleGrant,
  by: Administrator,
  x: PeopleDesk,
): Promise<Person> {
  const { role, agencyId, title, validFrom, validTo } = grant;
  await roleOf(grant, x);
  const agency = await codeOf(agencyId, x);
  const person = await known(personId, x);
  const grants = [...endedAt(person.grants, grant, validFrom), grant];
  const facts = { role, agency, title, validFrom, validTo, by };
  return keep(next(person, { grants }, 'person.role-given', facts, x), x);
}

/** Ends a role that is in force or to come. @throws TrucError `agency.person-unknown`, `agency.role-not-held` */
export async function endRole(
  personId: string,
  which: Pick<RoleGrant, 'role' | 'agencyId'>,
  at: string,
  by: Administrator,
  x: PeopleDesk,
): Promise<Person> {
  const person = await known(personId, x);
  const grants = endedAt(person.grants, which, at);
  if (JSON.stringify(grants) === JSON.stringify(person.grants))
    throw new TrucError('agency.role-not-held', { role: which.role });
  const facts = { role: which.role, agency: await codeOf(which.agencyId, x), validTo: at, by };
  return keep(next(person, { grants }, 'person.role-ended', facts, x), x);
}

/** Locks a person out, and ends their sessions. @throws TrucError `agency.person-unknown` */
export async function lockPerson(personId: string, by: Administrator, x: PeopleDesk): Promise<Person> {
  const person = await known(personId, x);
  const lockedSince = isoTime(x.clock.now());
  const locked = await keep(next(person, { lockedSince }, 'person.locked', { by }, x), x);
  await x.sessions.removeOfPerson(personId);
  return locked;
}

/** @throws TrucError `agency.person-unknown` */
export async function unlockPerson(personId: string, by: Administrator, x: PeopleDesk): Promise<Person> {
  const person = await known(personId, x);
  return keep(next(person, { lockedSince: null }, 'person.unlocked', { by }, x), x);
}

/** Removes sessions that have expired. @returns how many went */
export function forgetSessions(x: Pick<PeopleDesk, 'sessions' | 'clock'>): Promise<number> {
  return x.sessions.removeExpired(isoTime(x.clock.now()));
}

/** Brings into the ledger what a crash left between a person's record and its entry. @returns how many persons were looked at */
export async function repairPeople(x: PeopleDesk): Promise<number> {
  let seen = 0;
  for (let after = ''; ; ) {
    const persons = await x.persons.list({ limit: PAGE, after });
    // Known events stay as they are.
    await x.events.append(persons.map(eventOf));
    seen += persons.length;
    const last = persons.at(-1);
    if (!last || persons.length < PAGE) return seen;
    after = last.personId;
  }
}

async function keep(person: Person, x: PeopleDesk): Promise<Person> {
  const outcome = await x.persons.put(person);
  if (outcome === 'subject-taken') throw new TrucError('agency.subject-taken');
  if (outcome === 'changed-meanwhile') throw new TrucError('agency.person-changed-meanwhile');
  const event = eventOf(person);
  await x.events.append([event]);
  if (x.ledger) await putOnRecord([event], { ledger: x.ledger, events: x.events });
  return person;
}

async function known(personId: string, x: PeopleDesk): Promise<Person> {
  const person = await x.persons.get(personId);
  if (!person) throw new TrucError('agency.person-unknown', { personId });
  // A crash may have kept the act before this one out.
  await x.events.append([eventOf(person)]);
  return person;
}

function next(
  person: Person,
  change: Partial<Person>,
  type: PersonAct['type'],
  facts: PersonAct['facts'],
  x: PeopleDesk,
): Person {
  const lastAct = { type, facts, at: isoTime(x.clock.now()) };
  return { ...person, ...change, revision: person.revision + 1, lastAct };
}

function eventOf({ personId, ledgerDoc, ledgerKey, revision, lastAct }: Person): PendingEvent {
  const { type, facts, at } = lastAct;
  return pendingEvent(
    { id: personId, ledgerDoc, ledgerKey },
    { type, actorId: null, recipientId: null, facts, distinct: String(revision) },
    Date.parse(at),
  );
}

/** Grants of the same role and agency reach no further than a time; those that would only begin after it are gone. */
function endedAt(
  grants: readonly RoleGrant[],
  { role, agencyId }: Pick<RoleGrant, 'role' | 'agencyId'>,
  at: string,
): RoleGrant[] {
  const end = Date.parse(at);
  return grants.flatMap((grant) => {
    if (grant.role !== role || grant.agencyId !== agencyId) return [grant];
    if (grant.validTo !== null && Date.parse(grant.validTo) <= end) return [grant];
    return Date.parse(grant.validFrom) < end ? [{ ...grant, validTo: at }] : [];
  });
}

/** `clerk@H53.06` for a role that can be given. @throws TrucError `agency.role-invalid`, `agency.unknown` */
async function roleOf({ role, agencyId, validFrom, validTo }: RoleGrant, x: PeopleDesk): Promise<string> {
  const empty = validTo !== null && Date.parse(validTo) <= Date.parse(validFrom);
  if (isAgencyRole(role) !== (agencyId !== null) || empty)
    throw new TrucError('agency.role-invalid', { role, agency: agencyId ?? '' });
  const agency = await codeOf(agencyId, x);
  return agency === null ? role : `${role}@${agency}`;
}

async function codeOf(agencyId: string | null, x: PeopleDesk): Promise<string | null> {
  if (agencyId === null) return null;
  const agency = await x.agencies.get(agencyId);
  if (!agency) throw new TrucError('agency.unknown', { code: agencyId });
  return agency.code;
}
