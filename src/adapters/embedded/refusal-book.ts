import type { RefusalBook, RefusalQuery, RefusalRecord } from '../../document/index.ts';
import type { Database, Row, Work } from './database.ts';
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
    list: async (query) => list(database.read, query),
  };
}

function list(db: Work, { senderIds, from, to, id, after, limit }: RefusalQuery): RefusalRecord[] {
  const conditions: string[] = ['at >= ?'];
  const values: string[] = [from ?? ''];
  const add = (condition: string, ...given: (string | undefined)[]) => {
    if (given.includes(undefined)) return;
    conditions.push(condition);
    values.push(...(given as string[]));
  };
  add('at < ?', to);
  add('(refusal_id = ? OR sha256 = ?)', id, id);
  add('(at, refusal_id) < (?, ?)', after?.at, after?.refusalId);
  const page = (more: string, ...given: string[]) =>
    db
      .all(
        `SELECT record, count, at, refusal_id FROM refusals WHERE ${conditions.join(' AND ')} ${more}
          ORDER BY at DESC, refusal_id DESC LIMIT ?`,
        ...[...values, ...given, limit],
      )
      .map(refusalOf);
  if (senderIds === null) return page('');
  // Each sender's own index gives its newest; together they hold the newest of all.
  const all = senderIds.flatMap((senderId) => page('AND sender_id = ?', senderId));
  const place = (one: RefusalRecord) => `${one.at} ${one.refusalId}`;
  return all.sort((a, b) => (place(a) < place(b) ? 1 : -1)).slice(0, limit);
}

function refusalOf(row: Row): RefusalRecord {
  return { ...(JSON.parse(row.record as string) as RefusalRecord), count: row.count as number };
}
