import type { CeremonyRecord, CeremonyStore, PreparedRecord, TicketRecord } from '../../signing/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

export const CEREMONIES = 'ceremonies';

interface CeremonyRow {
  /** Kind and key. */
  _id: string;
  expiresAt: string;
  used: boolean;
  record: string;
}

export const CEREMONY_PLANS: readonly CollectionPlan[] = [
  { name: CEREMONIES, indexes: [{ key: { expiresAt: 1 }, name: 'by_end' }] },
];

export function ceremonyStore(mongo: MongoDatabase): CeremonyStore {
  const rows = mongo.collection<CeremonyRow>(CEREMONIES);
  const add = async (id: string, record: { expiresAt: string }) => {
    await rows.insertOne({
      _id: id,
      expiresAt: record.expiresAt,
      used: false,
      record: JSON.stringify(record),
    });
  };
  const get = async <Value>(id: string): Promise<Value | null> => {
    const row = await rows.findOne({ _id: id });
    return row ? (JSON.parse(row.record) as Value) : null;
  };
  return typedFailures<CeremonyStore>({
    addTicket: (ticket) => add(`ticket:${ticket.ticketSha256}`, ticket),
    takeTicket: async (ticketSha256) => {
      const row = await rows.findOneAndUpdate(
        { _id: `ticket:${ticketSha256}` },
        { $set: { used: true } },
        { returnDocument: 'before' },
      );
      return row ? { ticket: JSON.parse(row.record) as TicketRecord, first: !row.used } : null;
    },
    addCeremony: (ceremony) => add(`session:${ceremony.sessionId}`, ceremony),
    ceremony: (id) => get<CeremonyRecord>(`session:${id}`),
    addPrepared: (prepared) => add(`prepared:${prepared.prepareId}`, prepared),
    prepared: (prepareId) => get<PreparedRecord>(`prepared:${prepareId}`),
    removeExpired: async (before) => (await rows.deleteMany({ expiresAt: { $lt: before } })).deletedCount,
  });
}
