import type { MovedRows, RowSink } from '../moved-rows.ts';
import type { MongoDatabase } from './database.ts';
import { actOf, STATUSES, type StatusRow, TALKS, type TalkRow, tellLog } from './status-store.ts';

/**
 * Takes status messages, all of one document together and oldest first, and tells again from them who spoke last about
 * taking it back: the other profile knows that in another form.
 */
export function importStatuses(mongo: MongoDatabase): {
  put: RowSink['statuses'];
  count(): Promise<number>;
} {
  const statuses = mongo.collection<StatusRow>(STATUSES);
  const talksBook = mongo.collection<TalkRow>(TALKS);
  let documentId = '';
  let talks = new Map<string, TalkRow>();

  function rowOf({ repeats, ...status }: MovedRows['statuses']): StatusRow {
    if (status.documentId !== documentId) talks = new Map();
    documentId = status.documentId;
    const { once, talk } = actOf(status, talks);
    if (talk) talks.set(talk._id, talk);
    return { _id: status.statusId, documentId, once, repeats, record: JSON.stringify(status) };
  }

  return {
    put: async (rows) => {
      const changed = new Map<string, TalkRow>();
      const written = rows.map((row) => {
        const made = rowOf(row);
        for (const talk of talks.values()) changed.set(talk._id, talk);
        return made;
      });
      await statuses.bulkWrite(written.map(replacing), { ordered: false });
      await tellLog(mongo, rows);
      if (changed.size > 0)
        await talksBook.bulkWrite([...changed.values()].map(replacing), { ordered: false });
    },
    count: () => statuses.countDocuments(),
  };
}

function replacing<Row extends { _id: string }>({ _id, ...replacement }: Row) {
  return { replaceOne: { filter: { _id } as never, replacement: replacement as never, upsert: true } };
}
