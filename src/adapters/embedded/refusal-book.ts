import type { RefusalBook, RefusalRecord } from '../../document/index.ts';
import type { Database, Row } from './database.ts';
import { insertEvents } from './event-book.ts';

export function refusalBook(database: Database): RefusalBook {
  return {
    record: (refusal, event) =>
      database.write((db) => {
        const once = `${refusal.senderId}|${refusal.code}|${refusal.fingerprint}`;
        const known = db.one('SELECT record, count FROM refusals WHERE once = ?', once);
        if (known) {
          db.run('UPDATE refusals SET count = count + 1 WHERE once = ?', once);
          return { first: { ...refusalOf(known), count: (known.count as number) + 1 }, repeated: true };
        }
        db.run('INSERT INTO refusals VALUES (?, ?, 1, ?)', refusal.refusalId, once, JSON.stringify(refusal));
        insertEvents(db, [event]);
        return { first: refusal, repeated: false };
      }),
    get: async (refusalId) => {
      const row = database.read.one('SELECT record, count FROM refusals WHERE refusal_id = ?', refusalId);
      return row ? refusalOf(row) : null;
    },
  };
}

function refusalOf(row: Row): RefusalRecord {
  return { ...(JSON.parse(row.record as string) as RefusalRecord), count: row.count as number };
}
