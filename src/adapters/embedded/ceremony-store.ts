import type { CeremonyRecord, CeremonyStore, PreparedRecord, TicketRecord } from '../../signing/index.ts';
import type { Database } from './database.ts';

export function ceremonyStore(database: Database): CeremonyStore {
  const add = (id: string, record: { expiresAt: string }) =>
    database.write((db) => {
      db.run('INSERT INTO ceremonies VALUES (?, ?, 0, ?)', id, record.expiresAt, JSON.stringify(record));
    });
  const get = async <Value>(id: string): Promise<Value | null> => {
    const row = database.read.one('SELECT record FROM ceremonies WHERE id = ?', id);
    return row ? (JSON.parse(row.record as string) as Value) : null;
  };
  return {
    addTicket: (ticket) => add(`ticket:${ticket.ticketSha256}`, ticket),
    takeTicket: (ticketSha256) =>
      database.write((db) => {
        const id = `ticket:${ticketSha256}`;
        const row = db.one('SELECT record FROM ceremonies WHERE id = ?', id);
        if (!row) return null;
        const { changes } = db.run('UPDATE ceremonies SET used = 1 WHERE id = ? AND used = 0', id);
        return { ticket: JSON.parse(row.record as string) as TicketRecord, first: changes === 1 };
      }),
    addCeremony: (ceremony) => add(`session:${ceremony.sessionId}`, ceremony),
    ceremony: (id) => get<CeremonyRecord>(`session:${id}`),
    addPrepared: (prepared) => add(`prepared:${prepared.prepareId}`, prepared),
    prepared: (prepareId) => get<PreparedRecord>(`prepared:${prepareId}`),
    removeExpired: (before) =>
      database.write((db) => db.run('DELETE FROM ceremonies WHERE expires_at < ?', before).changes),
  };
}
