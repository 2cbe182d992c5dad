import type {
  ActQuery,
  EventBook,
  EventQuery,
  LedgerPlace,
  PendingEvent,
  RecordedEvent,
} from '../../document/index.ts';
import type { Database, Row, Work } from './database.ts';

export function eventBook(database: Database): EventBook {
  return {
    append: (events) => database.write((db) => insertEvents(db, events)),
    settle: (places) => database.write((db) => settle(db, places)),
    of: async (subjectId) =>
      database.read
        .all('SELECT * FROM events WHERE subject_id = ? ORDER BY position', subjectId)
        .map(eventOf),
    pending: async (limit) =>
      database.read
        .all(
          `SELECT e.* FROM events e WHERE e.log_index IS NULL
             AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.document_id = e.subject_id AND d.state = 'received')
           ORDER BY e.position LIMIT ?`,
          limit,
        )
        .map(eventOf),
    since: async (query) => since(database.read, query),
    acts: async (query) => acts(database.read, query),
    placed: async (from, count) =>
      database.read
        .all(
          'SELECT * FROM events WHERE log_index >= ? AND log_index < ? ORDER BY log_index',
          ...[from, from + count],
        )
        .map(eventOf),
  };
}

function acts(db: Work, { types, before = Number.MAX_SAFE_INTEGER, limit }: ActQuery): RecordedEvent[] {
  // For an empty list SQLite finds no way through the index that is named.
  if (types.length === 0) return [];
  const sql = `SELECT * FROM events INDEXED BY events_acts WHERE act IS NOT NULL AND position < ?
      AND act IN (${types.map(() => '?').join(',')}) ORDER BY position DESC LIMIT ?`;
  return db.all(sql, before, ...types, limit).map(eventOf);
}

/** Puts events in as pending; known ones (by eventId) stay as they are. For use inside other stores' writes. */
export function insertEvents(db: Work, events: readonly PendingEvent[]): void {
  for (const event of events) {
    db.run(
      'INSERT INTO events (event_id, subject_id, record) VALUES (?, ?, ?) ON CONFLICT (event_id) DO NOTHING',
      event.eventId,
      event.subjectId,
      JSON.stringify(event),
    );
  }
}

function settle(db: Work, places: readonly LedgerPlace[]): void {
  for (const place of places) {
    db.run(
      'UPDATE events SET log_index = ?, seq = ?, recorded_at = ? WHERE event_id = ? AND log_index IS NULL',
      place.index,
      place.seq,
      place.recordedAt,
      place.eventId,
    );
  }
}

function since(db: Work, query: EventQuery): RecordedEvent[] {
  const marks = query.agencyIds.map(() => '?').join(',');
  const sql = `SELECT e.* FROM events e WHERE e.position > ?
      AND e.position < COALESCE((SELECT MIN(p.position) FROM events p WHERE p.log_index IS NULL), 9007199254740991) AND (
      EXISTS (SELECT 1 FROM documents d WHERE d.document_id = e.subject_id AND d.sender_id IN (${marks}))
      OR EXISTS (SELECT 1 FROM document_recipients r WHERE r.document_id = e.subject_id AND r.agency_id IN (${marks})))
    ORDER BY e.position LIMIT ?`;
  return db.all(sql, query.since, ...query.agencyIds, ...query.agencyIds, query.limit).map(eventOf);
}

/** Of a row of the table `events`. */
export function eventOf(row: Row): RecordedEvent {
  const event = JSON.parse(row.record as string) as PendingEvent;
  const place =
    row.log_index === null
      ? null
      : {
          eventId: event.eventId,
          index: row.log_index as number,
          seq: row.seq as number,
          recordedAt: row.recorded_at as string,
        };
  return { ...event, position: row.position as number, place };
}
