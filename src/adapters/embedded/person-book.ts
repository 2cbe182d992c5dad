import type { Person, PersonBook } from '../../agency/index.ts';
import type { Database, Row, Work } from './database.ts';

export function personBook(database: Database): PersonBook {
  return {
    get: async (personId) => {
      const row = database.read.one('SELECT record FROM persons WHERE person_id = ?', personId);
      return row ? personOf(row) : null;
    },
    bySubject: async ({ issuer, sub }) => {
      const row = database.read.one('SELECT record FROM persons WHERE issuer = ? AND sub = ?', issuer, sub);
      return row ? personOf(row) : null;
    },
    list: async ({ limit, after = '', agencyId }) => {
      const rows =
        agencyId === undefined
          ? database.read.all(
              'SELECT record FROM persons WHERE person_id > ? ORDER BY person_id LIMIT ?',
              after,
              limit,
            )
          : database.read.all(
              `SELECT p.record FROM person_agencies a JOIN persons p ON p.person_id = a.person_id
               WHERE a.agency_id = ? AND a.person_id > ? ORDER BY a.person_id LIMIT ?`,
              ...[agencyId, after, limit],
            );
      return rows.map(personOf);
    },
    put: (person) =>
      database.write((db) => {
        const { personId, subject, revision } = person;
        const known = db.one('SELECT revision FROM persons WHERE person_id = ?', personId);
        if ((known ? (known.revision as number) : 0) !== revision - 1) return 'changed-meanwhile';
        if (subject) {
          const { issuer, sub } = subject;
          const holder = db.one('SELECT person_id FROM persons WHERE issuer = ? AND sub = ?', issuer, sub);
          if (holder && holder.person_id !== personId) return 'subject-taken';
        }
        write(db, person);
        return 'written';
      }),
  };
}

function write(db: Work, person: Person): void {
  const { personId, subject, revision, grants } = person;
  db.run(
    `INSERT INTO persons VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET
       revision = excluded.revision, issuer = excluded.issuer, sub = excluded.sub, record = excluded.record`,
    ...[personId, revision, subject?.issuer ?? null, subject?.sub ?? null, JSON.stringify(person)],
  );
  db.run('DELETE FROM person_agencies WHERE person_id = ?', personId);
  for (const agencyId of new Set(grants.map((grant) => grant.agencyId)))
    if (agencyId !== null) db.run('INSERT INTO person_agencies VALUES (?, ?)', agencyId, personId);
}

function personOf(row: Row): Person {
  return JSON.parse(row.record as string) as Person;
}
