import type { Person, Subject } from './person.ts';

export interface PersonQuery {
  limit: number;
  /** A personId; those after it. */
  after?: string;
  /** Only those who have or had a role in this agency. */
  agencyId?: string;
}

/** What became of a write: another write of the person was faster, or the subject is another person's. */
export type PersonWrite = 'written' | 'changed-meanwhile' | 'subject-taken';

/** People. Durable on return; reads see the last completed write. */
export interface PersonBook {
  get(personId: string): Promise<Person | null>;
  bySubject(subject: Subject): Promise<Person | null>;
  /** In order of personId, which is that of their registration. */
  list(query: PersonQuery): Promise<Person[]>;
  /** Takes a new person at revision 1, or the next revision of a known one. Of writers of one revision one is first. */
  put(person: Person): Promise<PersonWrite>;
}
