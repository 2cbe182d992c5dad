import { type Draft, type DraftStore, numberKeyOf } from '../../signing/index.ts';
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
          'INSERT INTO drafts (document_id, agency_id, reference, version, record) VALUES (?, ?, ?, ?, ?)',
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
        if (!row) return 'behind';
        const draft = draftOf(row);
        if (draft.versions.length !== version.version - 1) return 'behind';
        const grown: Draft = { ...draft, versions: [...draft.versions, version] };
        const key = numberKeyOf(grown);
        const holder = db.one('SELECT document_id FROM drafts WHERE number_key = ?', key);
        if (holder && holder.document_id !== documentId) return 'number-taken';
        db.run(
          'UPDATE drafts SET version = ?, number_key = ?, record = ? WHERE document_id = ?',
          version.version,
          key,
          JSON.stringify(grown),
          documentId,
        );
        insertEvents(db, [event]);
        return 'extended';
      }),
  };
}

function draftOf(row: Row): Draft {
  return JSON.parse(row.record as string) as Draft;
}
