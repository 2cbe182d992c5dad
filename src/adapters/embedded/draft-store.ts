import type { Draft, DraftStore } from '../../signing/index.ts';
import type { Database, Row } from './database.ts';
import { insertEvents } from './event-book.ts';

export function draftStore(database: Database): DraftStore {
  return {
    add: (draft, event) =>
      database.write((db) => {
        const { documentId, agencyId, reference } = draft;
        const known = db.one(
          'SELECT record FROM drafts WHERE agency_id = ? AND reference = ?',
          agencyId,
          reference,
        );
        if (known) return { draft: draftOf(known), added: false };
        db.run(
          'INSERT INTO drafts VALUES (?, ?, ?, ?, ?)',
          documentId,
          agencyId,
          reference,
          draft.versions.length,
          JSON.stringify(draft),
        );
        insertEvents(db, [event]);
        return { draft, added: true };
      }),
    get: async (documentId) => {
      const row = database.read.one('SELECT record FROM drafts WHERE document_id = ?', documentId);
      return row ? draftOf(row) : null;
    },
    list: async ({ after, limit }) =>
      database.read
        .all('SELECT record FROM drafts WHERE document_id > ? ORDER BY document_id LIMIT ?', after, limit)
        .map(draftOf),
    extend: (documentId, version, event) =>
      database.write((db) => {
        const row = db.one('SELECT record FROM drafts WHERE document_id = ?', documentId);
        if (!row) return false;
        const draft = draftOf(row);
        if (draft.versions.length !== version.version - 1) return false;
        const grown: Draft = { ...draft, versions: [...draft.versions, version] };
        db.run(
          'UPDATE drafts SET version = ?, record = ? WHERE document_id = ?',
          version.version,
          JSON.stringify(grown),
          documentId,
        );
        insertEvents(db, [event]);
        return true;
      }),
  };
}

function draftOf(row: Row): Draft {
  return JSON.parse(row.record as string) as Draft;
}
