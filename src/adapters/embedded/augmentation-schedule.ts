import type { AugmentationSchedule, ScheduledAugmentation } from '../../document/index.ts';
import type { Database, Row } from './database.ts';

export function augmentationSchedule(database: Database): AugmentationSchedule {
  return {
    open: (wanted, dueAt) =>
      database.write((db) => {
        for (const { subjectId, kind } of wanted)
          db.run(
            'INSERT INTO augmentation_schedule VALUES (?, ?, ?, 0, NULL) ON CONFLICT (subject_id) DO NOTHING',
            ...[subjectId, kind, dueAt],
          );
      }),
    claim: ({ now, until, limit }) =>
      database.write((db) => {
        const due = db.all(
          'SELECT * FROM augmentation_schedule WHERE due_at <= ? ORDER BY due_at LIMIT ?',
          now,
          limit,
        );
        for (const { subject_id } of due)
          db.run(
            'UPDATE augmentation_schedule SET due_at = ? WHERE subject_id = ?',
            until,
            subject_id as string,
          );
        return due.map((row) => scheduledOf({ ...row, due_at: until }));
      }),
    settle: ({ subjectId, dueAt, tries, failure }) =>
      database.write((db) => {
        db.run(
          'UPDATE augmentation_schedule SET due_at = ?, tries = ?, failure = ? WHERE subject_id = ?',
          ...[dueAt, tries, failure, subjectId],
        );
      }),
    get: async (subjectId) => {
      const row = database.read.one('SELECT * FROM augmentation_schedule WHERE subject_id = ?', subjectId);
      return row ? scheduledOf(row) : null;
    },
    count: async (now) => {
      const count = (sql: string, ...given: string[]) => database.read.one(sql, ...given)?.count as number;
      return {
        due: count('SELECT count(*) AS count FROM augmentation_schedule WHERE due_at <= ?', now),
        failing: count(
          'SELECT count(*) AS count FROM augmentation_schedule WHERE failure IS NOT NULL AND due_at IS NOT NULL',
        ),
      };
    },
    mark: async (walk) =>
      (database.read.one('SELECT mark FROM augmentation_marks WHERE walk = ?', walk)?.mark as string) ?? '',
    moveMark: (walk, to) =>
      database.write((db) => {
        db.run(
          `INSERT INTO augmentation_marks VALUES (?, ?)
            ON CONFLICT (walk) DO UPDATE SET mark = max(mark, excluded.mark)`,
          ...[walk, to],
        );
      }),
  };
}

function scheduledOf(row: Row): ScheduledAugmentation {
  return {
    subjectId: row.subject_id as string,
    kind: row.kind as ScheduledAugmentation['kind'],
    dueAt: row.due_at as string | null,
    tries: row.tries as number,
    failure: row.failure as string | null,
  };
}
