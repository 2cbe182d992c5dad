import { ATTEMPTS_KEPT, type AttemptBook, type PushAttempt } from '../../delivery/index.ts';
import type { Database } from './database.ts';

export function attemptBook(database: Database): AttemptBook {
  return {
    add: (attempt) =>
      database.write((db) => {
        const { attemptId, deliveryId, documentId, at } = attempt;
        db.run(
          'INSERT INTO push_attempts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
          ...[attemptId, deliveryId, documentId, at, JSON.stringify(attempt)],
        );
        db.run(
          `DELETE FROM push_attempts WHERE attempt_id IN (SELECT attempt_id FROM push_attempts
            WHERE delivery_id = ? ORDER BY attempt_id DESC LIMIT -1 OFFSET ?)`,
          ...[deliveryId, ATTEMPTS_KEPT],
        );
      }),
    ofDocument: async (documentId, limit) =>
      database.read
        .all(
          'SELECT record FROM push_attempts WHERE document_id = ? ORDER BY attempt_id DESC LIMIT ?',
          documentId,
          limit,
        )
        .map((row) => JSON.parse(row.record as string) as PushAttempt),
    forget: (before, limit) =>
      database.write(
        (db) =>
          db.run(
            `DELETE FROM push_attempts WHERE attempt_id IN
              (SELECT attempt_id FROM push_attempts WHERE at < ? ORDER BY at LIMIT ?)`,
            before,
            limit,
          ).changes,
      ),
  };
}
