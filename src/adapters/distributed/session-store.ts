import type { Session, SessionStore } from '../../agency/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

const SESSIONS = 'sessions';

type SessionRow = Omit<Session, 'sessionSha256'> & { _id: string };

export const SESSION_PLANS: readonly CollectionPlan[] = [
  {
    name: SESSIONS,
    indexes: [
      { key: { personId: 1, createdAt: 1, _id: 1 }, name: 'by_person' },
      { key: { expiresAt: 1 }, name: 'by_end' },
    ],
  },
];

/** Sessions of people. Needs the collections of `SESSION_PLANS`. */
export function sessionStore(mongo: MongoDatabase): SessionStore {
  const rows = mongo.collection<SessionRow>(SESSIONS);
  return typedFailures<SessionStore>({
    add: async ({ sessionSha256, ...fields }) => {
      await rows.insertOne({ _id: sessionSha256, ...fields });
    },
    find: async (sessionSha256) => sessionOf(await rows.findOne({ _id: sessionSha256 })),
    touch: async (sessionSha256, { lastSeenAt, expiresAt }) => {
      await rows.updateOne({ _id: sessionSha256 }, { $set: { lastSeenAt, expiresAt } });
    },
    take: async (sessionSha256) => sessionOf(await rows.findOneAndDelete({ _id: sessionSha256 })),
    ofPerson: async (personId) => {
      const found = await rows.find({ personId }).sort({ createdAt: 1, _id: 1 }).toArray();
      return found.map((row) => sessionOf(row) as Session);
    },
    removeOfPerson: async (personId) => (await rows.deleteMany({ personId })).deletedCount,
    removeExpired: async (before) => (await rows.deleteMany({ expiresAt: { $lt: before } })).deletedCount,
  });
}

function sessionOf(row: SessionRow | null): Session | null {
  if (row === null) return null;
  const { _id, ...fields } = row;
  return { sessionSha256: _id, ...fields };
}
