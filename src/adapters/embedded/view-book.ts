import { VIEWS_KEPT, type ViewBook } from '../../agency/index.ts';
import type { Database } from './database.ts';

export function viewBook(database: Database): ViewBook {
  return {
    of: async (personId) =>
      database.read
        .all('SELECT * FROM saved_views WHERE person_id = ? ORDER BY name', personId)
        .map(({ name, address, saved_at }) => ({
          ...{ personId, name: name as string, address: address as string },
          savedAt: saved_at as string,
        })),
    put: ({ personId, name, address, savedAt }) =>
      database.write((db) => {
        const names = db.all('SELECT name FROM saved_views WHERE person_id = ?', personId);
        if (names.length >= VIEWS_KEPT && !names.some((row) => row.name === name)) return false;
        db.run('INSERT OR REPLACE INTO saved_views VALUES (?, ?, ?, ?)', personId, name, address, savedAt);
        return true;
      }),
    remove: (personId, name) =>
      database.write((db) => {
        db.run('DELETE FROM saved_views WHERE person_id = ? AND name = ?', personId, name);
      }),
  };
}
