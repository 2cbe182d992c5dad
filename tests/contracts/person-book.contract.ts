import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonBook } from '../../src/agency/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { aGrant, aPerson } from '../builders/records.ts';

/** What every book of people promises. `open` gives a fresh, empty one. */
export function personBookContract(name: string, open: () => Promise<PersonBook>): void {
  describe(`person book: ${name}`, () => {
    let book: PersonBook;
    beforeEach(async () => {
      book = await open();
    });

    test('a person comes back as given, by id and by both halves of the subject', async () => {
      const person = aPerson({ subject: { issuer: 'https://sso.example.vn', sub: 'Đức' } });
      expect(await book.put(person)).toBe('written');
      expect(await book.get(person.personId)).toEqual(person);
      expect(await book.bySubject({ issuer: 'https://sso.example.vn', sub: 'Đức' })).toEqual(person);
      expect(await book.bySubject({ issuer: 'https://other.example.vn', sub: 'Đức' })).toBeNull();
      expect(await book.bySubject({ issuer: 'https://sso.example.vn', sub: 'đức' })).toBeNull();
      expect(await book.get(newId())).toBeNull();
    });

    test('of writers of one revision one is first', async () => {
      const person = aPerson();
      const born = await Promise.all(Array.from({ length: 5 }, () => book.put(person)));
      expect(born.filter((one) => one === 'written')).toHaveLength(1);
      const rivals = Array.from({ length: 10 }, (_, i) => ({ ...person, revision: 2, name: `Tên ${i}` }));
      const outcomes = await Promise.all(rivals.map((one) => book.put(one)));
      expect(outcomes.filter((one) => one === 'written')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'changed-meanwhile')).toHaveLength(9);
      expect(await book.get(person.personId)).toEqual(rivals[outcomes.indexOf('written')]);
      expect(await book.put({ ...person, revision: 4 })).toBe('changed-meanwhile');
      expect(await book.put(aPerson({ revision: 2 }))).toBe('changed-meanwhile');
    });

    test('a subject is one person only, and is free again when given up; persons without one are many', async () => {
      const subject = { issuer: 'https://sso.example.vn', sub: '42' };
      const [first, second] = [aPerson({ subject }), aPerson({ subject })];
      const outcomes = await Promise.all([book.put(first), book.put(second)]);
      expect(outcomes.toSorted()).toEqual(['subject-taken', 'written']);
      const [holder, other] = outcomes[0] === 'written' ? [first, second] : [second, first];
      expect(await book.put({ ...holder, subject: null, revision: 2 })).toBe('written');
      expect(await book.bySubject(subject)).toBeNull();
      expect(await book.put(other)).toBe('written');
      expect(await book.put({ ...holder, subject, revision: 3 })).toBe('subject-taken');
      expect(await book.bySubject(subject)).toEqual(other);
      expect(await book.put(aPerson({ subject: null }))).toBe('written');
      expect(await book.put(aPerson({ subject: null }))).toBe('written');
    });

    test('lists by pages in order of id, all or those of an agency, each once', async () => {
      const agencyId = newId();
      const persons = Array.from({ length: 7 }, (_, i) =>
        aPerson({
          grants: [aGrant(), ...(i % 2 ? [aGrant({ agencyId }), aGrant({ agencyId, role: 'leader' })] : [])],
        }),
      );
      await Promise.all(persons.map((one) => book.put(one)));
      const ids = persons.map((one) => one.personId).sort();
      const page = await book.list({ limit: 4 });
      expect(page.map((one) => one.personId)).toEqual(ids.slice(0, 4));
      const after = page.at(-1)?.personId as string;
      expect((await book.list({ limit: 4, after })).map((one) => one.personId)).toEqual(ids.slice(4));
      const theirs = persons.filter((_, i) => i % 2).map((one) => one.personId);
      const found = await book.list({ limit: 2, agencyId });
      expect(found.map((one) => one.personId)).toEqual(theirs.toSorted().slice(0, 2));
      expect(await book.list({ limit: 9, agencyId, after: theirs.toSorted().at(-1) as string })).toEqual([]);
    });
  });
}
