import type {
  DocumentChange,
  DocumentQuery,
  DocumentRecord,
  DocumentStore,
  PendingEvent,
  Registration,
} from '../../document/index.ts';
import { searchKeys } from '../../document/index.ts';
import type { Database, Row, Work } from './database.ts';
import { insertEvents } from './event-book.ts';

export function documentStore(database: Database): DocumentStore {
  return {
    register: (record, events) => database.write((db) => register(db, record, events)),
    change: (change) => database.write((db) => apply(db, change)),
    get: async (documentId) => readOne(database.read, documentId),
    withdraw: (documentId) => database.write((db) => withdraw(db, documentId)),
    byEdxmlId: async (senderId, edxmlId) =>
      database.read
        .all(
          'SELECT record FROM documents WHERE sender_id = ? AND edxml_id = ? ORDER BY received_at, document_id',
          senderId,
          edxmlId,
        )
        .map(recordOf),
    list: async (query) => list(database.read, query),
    waiting: async (what, before, limit) => database.read.all(WAITING[what], before, limit).map(recordOf),
  };
}

/** Spelled out, since SQLite takes a partial index only for the condition that it was made with. */
const WAITING = {
  unfinished:
    "SELECT record FROM documents WHERE state IN ('received', 'released') AND received_at < ? ORDER BY received_at LIMIT ?",
  held: "SELECT record FROM documents WHERE state = 'held' AND received_at < ? ORDER BY received_at LIMIT ?",
} as const;

function recordOf(row: Row): DocumentRecord {
  return JSON.parse(row.record as string) as DocumentRecord;
}

function readOne(db: Work, documentId: string): DocumentRecord | null {
  const row = db.one('SELECT record FROM documents WHERE document_id = ?', documentId);
  return row ? recordOf(row) : null;
}

function register(db: Work, record: DocumentRecord, events: readonly PendingEvent[]): Registration {
  const { senderId, edxmlId, businessType, ordinal } = record.key;
  const taken = db.one(
    'SELECT record FROM documents WHERE sender_id = ? AND edxml_id = ? AND business_type = ? AND ordinal = ?',
    senderId,
    edxmlId,
    businessType,
    ordinal,
  );
  if (taken) return { outcome: 'exists', existing: recordOf(taken) };
  db.run(
    'INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    record.documentId,
    senderId,
    edxmlId,
    businessType,
    ordinal,
    record.state,
    record.receivedAt,
    JSON.stringify(record),
  );
  for (const { agencyId } of record.recipients) {
    db.run('INSERT INTO document_recipients VALUES (?, ?)', agencyId, record.documentId);
  }
  for (const key of searchKeys(record)) addKey(db, key, record.documentId);
  insertEvents(db, events);
  return { outcome: 'registered' };
}

function addKey(db: Work, key: string, documentId: string): void {
  db.run('INSERT INTO document_keys VALUES (?, ?) ON CONFLICT DO NOTHING', key, documentId);
}

/** What is forgotten is not found any more. */
function dropKeys(db: Work, before: DocumentRecord, kept: readonly string[]): void {
  for (const key of searchKeys(before).filter((one) => !kept.includes(one)))
    db.run('DELETE FROM document_keys WHERE key = ? AND document_id = ?', key, before.documentId);
}

function apply(db: Work, change: DocumentChange): boolean {
  const record = readOne(db, change.documentId);
  if (!record || !change.from.includes(record.state)) return false;
  const next: DocumentRecord = {
    ...record,
    state: change.to,
    receipt: change.receipt ?? record.receipt,
    acceptedAt: change.acceptedAt ?? record.acceptedAt,
    ...(change.forget ? { original: null, ledgerKey: null, report: '', subject: '', attachments: [] } : {}),
  };
  db.run(
    'UPDATE documents SET state = ?, record = ? WHERE document_id = ?',
    next.state,
    JSON.stringify(next),
    next.documentId,
  );
  if (change.forget) dropKeys(db, record, searchKeys(next));
  insertEvents(db, change.events);
  return true;
}

function withdraw(db: Work, documentId: string): void {
  const record = readOne(db, documentId);
  const removed = db.run("DELETE FROM documents WHERE document_id = ? AND state = 'received'", documentId);
  if (removed.changes === 0 || !record) return;
  dropKeys(db, record, []);
  db.run('DELETE FROM document_recipients WHERE document_id = ?', documentId);
  db.run('DELETE FROM events WHERE subject_id = ? AND log_index IS NULL', documentId);
}

function list(db: Work, query: DocumentQuery): DocumentRecord[] {
  const conditions = ["d.state <> 'received'"];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  if (query.agencyIds !== null) {
    const marks = query.agencyIds.map(() => '?').join(',');
    const received = `d.document_id IN (SELECT r.document_id FROM document_recipients r WHERE r.agency_id IN (${marks})) AND d.state NOT IN ('held', 'released', 'refused')`;
    conditions.push(query.direction === 'received' ? received : `d.sender_id IN (${marks})`);
    values.push(...query.agencyIds);
  }
  // As in the partial index of what was refused, which SQLite takes for the very same words only.
  if (query.state === 'refused') conditions.push("d.state = 'refused'");
  else add('d.state = ?', query.state);
  add('d.edxml_id = ?', query.edxmlId);
  add('d.received_at >= ?', query.since);
  add('d.document_id < ?', query.after);
  const sql = `SELECT d.record FROM documents d WHERE ${conditions.join(' AND ')} ORDER BY d.document_id DESC LIMIT ?`;
  return db.all(sql, ...values, query.limit).map(recordOf);
}
