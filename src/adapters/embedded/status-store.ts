import type { StatusRecord, StatusStore } from '../../document/index.ts';
import type { Database, Work } from './database.ts';
import { insertEvents } from './event-book.ts';

/** Recall requests and answers may come more than once in a document's life; steps of the work only once. */
const REPEATABLE = ['13', '15', '16'];

export function statusStore(database: Database): StatusStore {
  return {
    record: (status, event) =>
      database.write((db) => {
        const once = onceKey(db, status);
        const known = db.one('SELECT record FROM statuses WHERE once = ?', once);
        if (known) {
          db.run('UPDATE statuses SET repeats = repeats + 1 WHERE once = ?', once);
          return { first: JSON.parse(known.record as string) as StatusRecord, repeated: true };
        }
        db.run(
          'INSERT INTO statuses (status_id, document_id, reporter_id, addressee_id, code, once, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
          status.statusId,
          status.documentId,
          status.reporterId,
          status.addresseeId,
          status.code,
          once,
          JSON.stringify(status),
        );
        insertEvents(db, [event]);
        return { first: status, repeated: false };
      }),
    of: async (documentId) =>
      database.read
        .all('SELECT record FROM statuses WHERE document_id = ? ORDER BY status_id', documentId)
        .map((row) => JSON.parse(row.record as string) as StatusRecord),
  };
}

function onceKey(db: Work, status: StatusRecord): string {
  const base = `${status.documentId}|${status.reporterId}|${status.code}`;
  if (!REPEATABLE.includes(status.code)) return base;
  const other = db.one(
    'SELECT COUNT(*) AS n FROM statuses WHERE document_id = ? AND code IN (?, ?, ?) AND code <> ? AND (reporter_id = ? OR addressee_id = ?)',
    status.documentId,
    ...(REPEATABLE as [string, string, string]),
    status.code,
    status.code === '13' ? status.addresseeId : status.reporterId,
    status.code === '13' ? status.addresseeId : status.reporterId,
  );
  // Between two answers (or two requests) a repeat is the same act; after the other side has spoken it is a new one.
  return `${base}|${status.addresseeId}|${other?.n ?? 0}`;
}
