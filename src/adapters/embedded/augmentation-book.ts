import type { Augmentation, AugmentationBook } from '../../document/index.ts';
import type { Database } from './database.ts';
import { insertEvents } from './event-book.ts';

export function augmentationBook(database: Database): AugmentationBook {
  return {
    add: (augmentation, event) =>
      database.write((db) => {
        const { documentId, attachment, number } = augmentation;
        const { changes } = db.run(
          'INSERT INTO augmentations VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
          ...[documentId, attachment, number, JSON.stringify(augmentation)],
        );
        if (changes === 1) insertEvents(db, [event]);
        return changes === 1;
      }),
    of: async (documentId) =>
      database.read
        .all('SELECT record FROM augmentations WHERE document_id = ? ORDER BY attachment, number', documentId)
        .map((row) => JSON.parse(row.record as string) as Augmentation),
  };
}
