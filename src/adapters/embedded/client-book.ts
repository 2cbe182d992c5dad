import type { ClientBook, ClientSystem } from '../../agency/index.ts';
import type { Database } from './database.ts';

export function clientBook(database: Database): ClientBook {
  return {
    find: async (clientId) => {
      const row = database.read.one('SELECT record FROM clients WHERE client_id = ?', clientId);
      return row ? (JSON.parse(row.record as string) as ClientSystem) : null;
    },
    put: (client) =>
      database.write((db) => {
        db.run(
          'INSERT INTO clients VALUES (?, ?) ON CONFLICT (client_id) DO UPDATE SET record = excluded.record',
          client.clientId,
          JSON.stringify(client),
        );
      }),
    list: async () =>
      database.read
        .all('SELECT record FROM clients ORDER BY client_id')
        .map((row) => JSON.parse(row.record as string) as ClientSystem),
  };
}
