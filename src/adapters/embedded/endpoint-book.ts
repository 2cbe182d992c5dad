import type { Endpoint, EndpointBook } from '../../agency/index.ts';
import type { Database } from './database.ts';

export function endpointBook(database: Database): EndpointBook {
  return {
    of: async (agencyId) => {
      const row = database.read.one('SELECT record FROM endpoints WHERE agency_id = ?', agencyId);
      return row ? (JSON.parse(row.record as string) as Endpoint) : null;
    },
    put: (endpoint) =>
      database.write((db) => {
        db.run(
          'INSERT INTO endpoints VALUES (?, ?) ON CONFLICT (agency_id) DO UPDATE SET record = excluded.record',
          endpoint.agencyId,
          JSON.stringify(endpoint),
        );
      }),
    list: async () =>
      database.read
        .all('SELECT record FROM endpoints ORDER BY agency_id')
        .map((row) => JSON.parse(row.record as string) as Endpoint),
  };
}
