import type { LaterVerdict, Review, ReviewBook } from '../../document/index.ts';
import type { Database, Row, Work } from './database.ts';

export function reviewBook(database: Database): ReviewBook {
  return {
    open: (documentId, openedAt, dueAt) =>
      database.write((db) => {
        db.run(
          'INSERT INTO reviews VALUES (?, ?, ?, 0, 0) ON CONFLICT (document_id) DO NOTHING',
          ...[documentId, openedAt, dueAt],
        );
      }),
    claim: ({ now, until, limit }) =>
      database.write((db) => {
        const due = db.all('SELECT * FROM reviews WHERE due_at <= ? ORDER BY due_at LIMIT ?', now, limit);
        for (const row of due)
          db.run('UPDATE reviews SET due_at = ? WHERE document_id = ?', until, row.document_id as string);
        return due.map((row) => reviewOf(db, { ...row, due_at: until }));
      }),
    get: async (documentId) => {
      const row = database.read.one('SELECT * FROM reviews WHERE document_id = ?', documentId);
      return row ? reviewOf(database.read, row) : null;
    },
    add: (documentId, verdict) =>
      database.write((db) => {
        const { count } = db.one(
          'SELECT count(*) AS count FROM later_verdicts WHERE document_id = ?',
          documentId,
        ) as { count: number };
        if (count !== verdict.number - 1) return false;
        db.run(
          'INSERT INTO later_verdicts VALUES (?, ?, ?)',
          documentId,
          verdict.number,
          JSON.stringify(verdict),
        );
        return true;
      }),
    settle: (documentId, { dueAt, tries, announced }) =>
      database.write((db) => {
        db.run(
          'UPDATE reviews SET due_at = ?, tries = ?, announced = max(announced, ?) WHERE document_id = ?',
          ...[dueAt, tries, announced, documentId],
        );
      }),
  };
}

function reviewOf(db: Work, row: Row): Review {
  const documentId = row.document_id as string;
  return {
    documentId,
    openedAt: row.opened_at as string,
    dueAt: row.due_at as string | null,
    tries: row.tries as number,
    announced: row.announced as number,
    verdicts: db
      .all('SELECT record FROM later_verdicts WHERE document_id = ? ORDER BY number', documentId)
      .map((one) => JSON.parse(one.record as string) as LaterVerdict),
  };
}
