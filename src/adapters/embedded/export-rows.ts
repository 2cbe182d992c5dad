import type { LaterVerdict } from '../../document/index.ts';
import type { MovedPart, MovedRows, RowSource } from '../moved-rows.ts';
import type { Database, Row } from './database.ts';
import { eventOf } from './event-book.ts';
import type { EmbeddedLedgerJournal } from './ledger-journal.ts';

type Stored = Exclude<MovedPart, 'ledger'>;
type Keyed = readonly (string | number)[];

interface Table<Part extends Stored> {
  /** With one `?` for each column of the key, and one for the limit. */
  sql: string;
  start: Keyed;
  key(row: Row): Keyed;
  value(row: Row): MovedRows[Part];
}

const PAGE = 500;

const record = (row: Row) => JSON.parse(row.record as string);

/** Pages by the primary key, so that each is one short walk of it. */
const TABLES: { [Part in Stored]: Table<Part> } = {
  agencies: {
    sql: 'SELECT id, record FROM agencies WHERE id > ? ORDER BY id LIMIT ?',
    start: [''],
    key: (row) => [row.id as string],
    value: record,
  },
  'agency-history': {
    sql: 'SELECT * FROM agency_history WHERE (id, revision) > (?, ?) ORDER BY id, revision LIMIT ?',
    start: ['', 0],
    key: (row) => [row.id as string, row.revision as number],
    value: (row) => ({ recordedAt: row.recorded_at as string, agency: record(row) }),
  },
  bindings: {
    sql: `SELECT * FROM bindings WHERE (certificate_sha256, agency_id, valid_from) > (?, ?, ?)
      ORDER BY certificate_sha256, agency_id, valid_from LIMIT ?`,
    start: ['', '', ''],
    key: (row) => [row.certificate_sha256 as string, row.agency_id as string, row.valid_from as string],
    value: record,
  },
  clients: {
    sql: 'SELECT * FROM clients WHERE client_id > ? ORDER BY client_id LIMIT ?',
    start: [''],
    key: (row) => [row.client_id as string],
    value: record,
  },
  endpoints: {
    sql: 'SELECT * FROM endpoints WHERE agency_id > ? ORDER BY agency_id LIMIT ?',
    start: [''],
    key: (row) => [row.agency_id as string],
    value: record,
  },
  persons: {
    sql: 'SELECT person_id, record FROM persons WHERE person_id > ? ORDER BY person_id LIMIT ?',
    start: [''],
    key: (row) => [row.person_id as string],
    value: record,
  },
  documents: {
    sql: 'SELECT document_id, record FROM documents WHERE document_id > ? ORDER BY document_id LIMIT ?',
    start: [''],
    key: (row) => [row.document_id as string],
    value: record,
  },
  drafts: {
    sql: 'SELECT document_id, record FROM drafts WHERE document_id > ? ORDER BY document_id LIMIT ?',
    start: [''],
    key: (row) => [row.document_id as string],
    value: record,
  },
  delegations: {
    sql: 'SELECT delegation_id, record FROM delegations WHERE delegation_id > ? ORDER BY delegation_id LIMIT ?',
    start: [''],
    key: (row) => [row.delegation_id as string],
    value: record,
  },
  'work-files': {
    sql: 'SELECT file_id, record FROM work_files WHERE file_id > ? ORDER BY file_id LIMIT ?',
    start: [''],
    key: (row) => [row.file_id as string],
    value: record,
  },
  events: {
    sql: 'SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?',
    start: [0],
    key: (row) => [row.position as number],
    value: eventOf,
  },
  deliveries: {
    sql: 'SELECT delivery_id, record FROM deliveries WHERE delivery_id > ? ORDER BY delivery_id LIMIT ?',
    start: [''],
    key: (row) => [row.delivery_id as string],
    value: record,
  },
  statuses: {
    sql: `SELECT document_id, status_id, repeats, record FROM statuses WHERE (document_id, status_id) > (?, ?)
      ORDER BY document_id, status_id LIMIT ?`,
    start: ['', ''],
    key: (row) => [row.document_id as string, row.status_id as string],
    value: (row) => ({ ...record(row), repeats: row.repeats as number }),
  },
  refusals: {
    sql: 'SELECT * FROM refusals WHERE refusal_id > ? ORDER BY refusal_id LIMIT ?',
    start: [''],
    key: (row) => [row.refusal_id as string],
    value: (row) => ({ ...record(row), count: row.count as number }),
  },
  augmentations: {
    sql: `SELECT * FROM augmentations WHERE (document_id, attachment, number) > (?, ?, ?)
      ORDER BY document_id, attachment, number LIMIT ?`,
    start: ['', 0, 0],
    key: (row) => [row.document_id as string, row.attachment as number, row.number as number],
    value: record,
  },
  reviews: {
    sql: `SELECT *, (SELECT json_group_array(record) FROM (SELECT record FROM later_verdicts
      WHERE later_verdicts.document_id = reviews.document_id ORDER BY number)) AS verdicts
      FROM reviews WHERE document_id > ? ORDER BY document_id LIMIT ?`,
    start: [''],
    key: (row) => [row.document_id as string],
    value: (row) => ({
      documentId: row.document_id as string,
      openedAt: row.opened_at as string,
      dueAt: row.due_at as string | null,
      tries: row.tries as number,
      announced: row.announced as number,
      verdicts: (JSON.parse(row.verdicts as string) as string[]).map(
        (verdict) => JSON.parse(verdict) as LaterVerdict,
      ),
    }),
  },
};

/** Everything that the embedded stores hold. Nothing may write to them meanwhile. */
export function exportRows(database: Database, journal: EmbeddedLedgerJournal): RowSource {
  const stored = <Part extends Stored>(part: Part) => pagesOf(database, TABLES[part] as Table<Part>);
  return {
    agencies: () => stored('agencies'),
    'agency-history': () => stored('agency-history'),
    bindings: () => stored('bindings'),
    clients: () => stored('clients'),
    endpoints: () => stored('endpoints'),
    persons: () => stored('persons'),
    ledger: () => entriesOf(journal),
    documents: () => stored('documents'),
    drafts: () => stored('drafts'),
    delegations: () => stored('delegations'),
    'work-files': () => stored('work-files'),
    events: () => stored('events'),
    deliveries: () => stored('deliveries'),
    statuses: () => stored('statuses'),
    refusals: () => stored('refusals'),
    reviews: () => stored('reviews'),
    augmentations: () => stored('augmentations'),
  };
}

async function* pagesOf<Part extends Stored>(
  database: Database,
  { sql, start, key, value }: Table<Part>,
): AsyncGenerator<MovedRows[Part][]> {
  for (let after = start; ; ) {
    const rows = database.read.all(sql, ...after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(value);
    after = key(last);
  }
}

async function* entriesOf(journal: EmbeddedLedgerJournal): AsyncGenerator<MovedRows['ledger'][]> {
  const { size } = await journal.head();
  for (let from = 0; from < size; from += PAGE) {
    const records = journal.records(from, Math.min(PAGE, size - from));
    yield records.map(({ idem, bytes }) => ({
      idem: idem.toString('hex'),
      bytes: bytes.toString('base64'),
    }));
  }
}
