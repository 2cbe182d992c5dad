import type { Person, PersonBook, Session, SessionStore } from '../../src/agency/index.ts';
import { byText, slowPort } from './weak-port.ts';

export function weakPersons(): PersonBook {
  const rows = new Map<string, Person>();
  const holder = (issuer: string, sub: string) =>
    [...rows.values()].find(({ subject }) => subject?.issuer === issuer && subject.sub === sub) ?? null;
  return slowPort<PersonBook>({
    get: (personId) => rows.get(personId) ?? null,
    bySubject: ({ issuer, sub }) => holder(issuer, sub),
    list: ({ limit, after = '', agencyId }) =>
      [...rows.values()]
        .filter((one) => one.personId > after)
        .filter((one) => agencyId === undefined || one.grants.some((grant) => grant.agencyId === agencyId))
        .sort(byText((one) => one.personId))
        .slice(0, limit),
    put: (person) => {
      if ((rows.get(person.personId)?.revision ?? 0) !== person.revision - 1) return 'changed-meanwhile';
      const other = person.subject && holder(person.subject.issuer, person.subject.sub);
      if (other && other.personId !== person.personId) return 'subject-taken';
      rows.set(person.personId, person);
      return 'written';
    },
  });
}

export function weakSessions(): SessionStore {
  const rows = new Map<string, Session>();
  const removeWhere = (goes: (session: Session) => boolean) => {
    const gone = [...rows.values()].filter(goes);
    for (const { sessionSha256 } of gone) rows.delete(sessionSha256);
    return gone.length;
  };
  return slowPort<SessionStore>({
    add: (session) => void rows.set(session.sessionSha256, session),
    find: (sha256) => rows.get(sha256) ?? null,
    touch: (sha256, seen) => {
      const row = rows.get(sha256);
      if (row) rows.set(sha256, { ...row, ...seen });
    },
    take: (sha256) => {
      const row = rows.get(sha256) ?? null;
      rows.delete(sha256);
      return row;
    },
    ofPerson: (personId) =>
      [...rows.values()].filter((one) => one.personId === personId).sort(byText((one) => one.createdAt)),
    removeOfPerson: (personId) => removeWhere((one) => one.personId === personId),
    removeExpired: (before) => removeWhere((one) => one.expiresAt < before),
  });
}
