import type { Person, PersonBook, Subject } from '../../agency/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { isDuplicateKey, typedFailures } from './failures.ts';

export const PERSONS = 'persons';

export interface PersonRow {
  /** personId */
  _id: string;
  revision: number;
  /** Absent where there is none. */
  subject?: Subject;
  /** Agencies in which the person has or had a role. */
  agencyIds: string[];
  record: string;
}

export const PERSON_PLANS: readonly CollectionPlan[] = [
  {
    name: PERSONS,
    indexes: [
      {
        key: { 'subject.issuer': 1, 'subject.sub': 1 },
        name: 'subject',
        unique: true,
        partialFilterExpression: { 'subject.sub': { $exists: true } },
      },
      { key: { agencyIds: 1, _id: 1 }, name: 'by_agency' },
    ],
  },
];

/** People. Needs the collections of `PERSON_PLANS`. */
export function personBook(mongo: MongoDatabase): PersonBook {
  const rows = mongo.collection<PersonRow>(PERSONS);
  return typedFailures<PersonBook>({
    get: async (personId) => {
      const row = await rows.findOne({ _id: personId });
      return row ? personOf(row) : null;
    },
    bySubject: async ({ issuer, sub }) => {
      const row = await rows.findOne({ 'subject.issuer': issuer, 'subject.sub': sub });
      return row ? personOf(row) : null;
    },
    list: async ({ limit, after = '', agencyId }) => {
      const narrowed = agencyId === undefined ? {} : { agencyIds: agencyId };
      const found = rows
        .find({ ...narrowed, _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(limit);
      return (await found.toArray()).map(personOf);
    },
    put: async (person) => {
      const { _id, ...fields } = rowOf(person);
      try {
        if (person.revision === 1) {
          await rows.insertOne({ _id, ...fields });
          return 'written';
        }
        const { matchedCount } = await rows.replaceOne({ _id, revision: person.revision - 1 }, fields);
        return matchedCount === 1 ? 'written' : 'changed-meanwhile';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const known = person.revision === 1 && (await rows.findOne({ _id })) !== null;
        return known ? 'changed-meanwhile' : 'subject-taken';
      }
    },
  });
}

export function rowOf(person: Person): PersonRow {
  const { personId, revision, subject, grants } = person;
  const agencyIds = grants.flatMap(({ agencyId }) => (agencyId === null ? [] : [agencyId]));
  return {
    _id: personId,
    revision,
    ...(subject ? { subject } : {}),
    agencyIds: [...new Set(agencyIds)],
    record: JSON.stringify(person),
  };
}

function personOf(row: PersonRow): Person {
  return JSON.parse(row.record) as Person;
}
