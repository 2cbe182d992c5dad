import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { TrucError } from '../../kernel/index.ts';

/** One string per schema version; a released one is never edited, a new one is added. */
const VERSIONS: readonly string[] = [
  `
  CREATE TABLE documents (
    document_id TEXT PRIMARY KEY,
    sender_id TEXT NOT NULL,
    edxml_id TEXT NOT NULL,
    business_type INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    state TEXT NOT NULL,
    received_at TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (sender_id, edxml_id, business_type, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX documents_unfinished ON documents (received_at) WHERE state IN ('received', 'released');
  CREATE INDEX documents_held ON documents (received_at) WHERE state = 'held';
  CREATE INDEX documents_by_sender ON documents (sender_id, document_id);
  CREATE TABLE document_recipients (
    agency_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (agency_id, document_id)
  ) WITHOUT ROWID;
  CREATE INDEX document_recipients_by_document ON document_recipients (document_id);
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    subject_id TEXT NOT NULL,
    record TEXT NOT NULL,
    log_index INTEGER,
    seq INTEGER,
    recorded_at TEXT
  );
  CREATE INDEX events_by_subject ON events (subject_id, position);
  CREATE INDEX events_pending ON events (position) WHERE log_index IS NULL;
  CREATE TABLE deliveries (
    delivery_id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    priority INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    available_at TEXT,
    deadline TEXT NOT NULL,
    notified INTEGER NOT NULL,
    after_id TEXT,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX deliveries_offer ON deliveries (recipient_id, priority, created_at, delivery_id) WHERE available_at IS NOT NULL;
  CREATE INDEX deliveries_by_deadline ON deliveries (deadline) WHERE available_at IS NOT NULL;
  CREATE INDEX deliveries_by_document ON deliveries (document_id);
  CREATE INDEX deliveries_by_state ON deliveries (state, delivery_id);
  CREATE TABLE delivery_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TRIGGER deliveries_added AFTER INSERT ON deliveries BEGIN
    INSERT INTO delivery_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER deliveries_moved AFTER UPDATE OF state ON deliveries WHEN new.state <> old.state BEGIN
    UPDATE delivery_counts SET count = count - 1 WHERE state = old.state;
    INSERT INTO delivery_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
  END;
  CREATE TABLE statuses (
    status_id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL,
    reporter_id TEXT NOT NULL,
    addressee_id TEXT NOT NULL,
    code TEXT NOT NULL,
    once TEXT NOT NULL UNIQUE,
    repeats INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX statuses_by_document ON statuses (document_id, status_id);
  CREATE TABLE refusals (
    refusal_id TEXT PRIMARY KEY,
    once TEXT NOT NULL UNIQUE,
    count INTEGER NOT NULL,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE agencies (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    level TEXT NOT NULL,
    parent_id TEXT,
    revision INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX agencies_by_revision ON agencies (revision, code);
  CREATE INDEX agencies_by_parent ON agencies (parent_id, code);
  CREATE INDEX agencies_by_level ON agencies (level, code);
  CREATE VIRTUAL TABLE agency_names USING fts5 (name, tokenize = 'unicode61');
  CREATE TABLE agency_codes (
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    agency_id TEXT NOT NULL,
    PRIMARY KEY (code, valid_from, agency_id)
  ) WITHOUT ROWID;
  CREATE INDEX agency_codes_by_agency ON agency_codes (agency_id);
  CREATE TABLE agency_history (
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (id, revision)
  ) WITHOUT ROWID;
  CREATE TABLE registry (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL);
  INSERT INTO registry VALUES (1, 0);
  CREATE TABLE clients (client_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE bindings (
    certificate_sha256 TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (certificate_sha256, agency_id, valid_from)
  ) WITHOUT ROWID;
  CREATE TABLE endpoints (agency_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE drafts (
    document_id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    version INTEGER NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (agency_id, reference)
  ) WITHOUT ROWID;
  CREATE TABLE delegations (delegation_id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE ceremonies (
    id TEXT PRIMARY KEY,
    expires_at TEXT NOT NULL,
    used INTEGER NOT NULL,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX ceremonies_by_end ON ceremonies (expires_at);
  `,
  `
  ALTER TABLE drafts ADD COLUMN number_key TEXT;
  CREATE UNIQUE INDEX drafts_by_number ON drafts (number_key);
  `,
  `
  CREATE TABLE revocation_sources (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    certificate TEXT,
    issuer TEXT,
    seen_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    failures INTEGER NOT NULL,
    reason TEXT,
    held TEXT
  ) WITHOUT ROWID;
  CREATE INDEX revocation_sources_due ON revocation_sources (next_at);
  CREATE INDEX revocation_sources_seen ON revocation_sources (seen_at);
  CREATE TABLE revocation_answers (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, der BLOB NOT NULL);
  CREATE TABLE reviews (
    document_id TEXT PRIMARY KEY,
    opened_at TEXT NOT NULL,
    due_at TEXT,
    tries INTEGER NOT NULL,
    announced INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX reviews_due ON reviews (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE later_verdicts (
    document_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (document_id, number)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE augmentations (
    document_id TEXT NOT NULL,
    attachment INTEGER NOT NULL,
    number INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (document_id, attachment, number)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE work_files (
    file_id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    document_id TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    unfinished INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    line_key TEXT UNIQUE,
    register TEXT,
    year INTEGER,
    series TEXT,
    number INTEGER,
    record TEXT NOT NULL,
    UNIQUE (agency_id, kind, document_id)
  ) WITHOUT ROWID;
  CREATE INDEX work_files_by_agency ON work_files (agency_id, file_id);
  CREATE INDEX work_files_register ON work_files (agency_id, register, year, number) WHERE register IS NOT NULL;
  CREATE INDEX work_files_unfinished ON work_files (updated_at) WHERE unfinished = 1;
  CREATE TABLE work_turns (
    agency_id TEXT NOT NULL,
    turn TEXT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (agency_id, turn, file_id)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE persons (
    person_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    issuer TEXT,
    sub TEXT,
    record TEXT NOT NULL,
    UNIQUE (issuer, sub)
  ) WITHOUT ROWID;
  CREATE TABLE person_agencies (
    agency_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (agency_id, person_id)
  ) WITHOUT ROWID;
  CREATE INDEX person_agencies_by_person ON person_agencies (person_id);
  CREATE TABLE sessions (
    session_sha256 TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    csrf TEXT NOT NULL,
    id_token TEXT
  ) WITHOUT ROWID;
  CREATE INDEX sessions_by_person ON sessions (person_id, created_at, session_sha256);
  CREATE INDEX sessions_by_end ON sessions (expires_at);
  `,
  `
  CREATE TABLE augmentation_schedule (
    subject_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    due_at TEXT,
    tries INTEGER NOT NULL,
    failure TEXT
  ) WITHOUT ROWID;
  CREATE INDEX augmentation_schedule_due ON augmentation_schedule (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX augmentation_schedule_failing ON augmentation_schedule (failure) WHERE failure IS NOT NULL;
  CREATE TABLE augmentation_marks (walk TEXT PRIMARY KEY, mark TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE INDEX delegations_by_agency ON delegations (json_extract(record, '$.agencyId'), delegation_id);
  `,
  'CREATE INDEX events_by_place ON events (log_index) WHERE log_index IS NOT NULL',
  `
  CREATE TABLE document_keys (
    key TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (key, document_id)
  ) WITHOUT ROWID;
  INSERT INTO document_keys SELECT DISTINCT k.value, d.document_id FROM documents d, json_each(search_keys(d.record)) k;
  UPDATE deliveries SET record = json_set(record, '$.senderLevel', (SELECT level FROM agencies WHERE id = record ->> '$.senderId'))
    WHERE EXISTS (SELECT 1 FROM agencies WHERE id = record ->> '$.senderId');
  UPDATE deliveries SET record = json_set(record, '$.recipientLevel', (SELECT level FROM agencies WHERE id = recipient_id))
    WHERE EXISTS (SELECT 1 FROM agencies WHERE id = recipient_id);
  ALTER TABLE deliveries ADD COLUMN kind TEXT AS (record ->> '$.kind') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN sender_id TEXT AS (record ->> '$.senderId') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN sender_level TEXT AS (record ->> '$.senderLevel') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN recipient_level TEXT AS (record ->> '$.recipientLevel') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN failure TEXT AS (record ->> '$.failure') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN business TEXT;
  UPDATE deliveries SET business = (SELECT MAX(code) FROM statuses s WHERE s.document_id = deliveries.document_id
    AND s.reporter_id = deliveries.recipient_id AND s.code BETWEEN '01' AND '06') WHERE kind = 'document';
  CREATE TRIGGER statuses_told AFTER INSERT ON statuses WHEN new.code BETWEEN '01' AND '06' BEGIN
    UPDATE deliveries SET business = MAX(COALESCE(business, ''), new.code)
      WHERE document_id = new.document_id AND recipient_id = new.reporter_id AND kind = 'document';
  END;
  CREATE INDEX deliveries_log ON deliveries
    (kind, created_at, delivery_id, state, priority, business, sender_level, recipient_level, failure);
  CREATE INDEX deliveries_log_recipient ON deliveries
    (recipient_id, kind, created_at, delivery_id, state, priority, business, sender_level, failure, sender_id);
  CREATE INDEX deliveries_log_sender ON deliveries
    (sender_id, kind, created_at, delivery_id, state, priority, business, recipient_level, failure);
  CREATE INDEX deliveries_log_state ON deliveries
    (state, kind, created_at, delivery_id, priority, business, sender_level, recipient_level, failure, recipient_id);
  `,
  `
  CREATE TABLE push_attempts (
    attempt_id TEXT PRIMARY KEY,
    delivery_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    at TEXT NOT NULL,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX push_attempts_by_delivery ON push_attempts (delivery_id, attempt_id);
  CREATE INDEX push_attempts_by_document ON push_attempts (document_id, attempt_id);
  CREATE INDEX push_attempts_by_time ON push_attempts (at);
  `,
  `
  ALTER TABLE refusals ADD COLUMN sender_id TEXT AS (record ->> '$.senderId') VIRTUAL;
  ALTER TABLE refusals ADD COLUMN at TEXT AS (record ->> '$.at') VIRTUAL;
  ALTER TABLE refusals ADD COLUMN sha256 TEXT AS (record ->> '$.sha256') VIRTUAL;
  CREATE INDEX refusals_by_time ON refusals (at, refusal_id);
  CREATE INDEX refusals_by_sender ON refusals (sender_id, at, refusal_id);
  CREATE INDEX refusals_by_digest ON refusals (sha256) WHERE sha256 IS NOT NULL;
  CREATE INDEX documents_refused ON documents (document_id) WHERE state = 'refused';
  `,
  `
  CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    open INTEGER NOT NULL,
    told_at TEXT,
    record TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX alerts_open ON alerts (open, since, alert_id);
  CREATE INDEX alerts_told ON alerts (since, alert_id) WHERE told_at IS NOT NULL;
  CREATE TABLE alert_samples (at TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  ALTER TABLE events ADD COLUMN act TEXT AS (CASE WHEN record ->> '$.type' IN ('endpoint.changed', 'endpoint.tested', 'alert.acknowledged', 'delivery.retried', 'document.released', 'content.expired', 'registry.changed', 'certificate.bound', 'system.registered', 'delegation.registered', 'delegation.withdrawn', 'person.registered', 'person.identified', 'person.role-given', 'person.role-ended', 'person.locked', 'person.unlocked') THEN record ->> '$.type' END) VIRTUAL;
  CREATE INDEX events_acts ON events (position) WHERE act IS NOT NULL;
  CREATE INDEX bindings_by_agency ON bindings (agency_id, valid_from, certificate_sha256);
  CREATE TABLE saved_views (
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (person_id, name)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE delivery_loads (
    recipient_id TEXT PRIMARY KEY,
    waiting INTEGER NOT NULL,
    failed INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO delivery_loads SELECT recipient_id, SUM(state <> 'failed'), SUM(state = 'failed') FROM deliveries
    WHERE state IN ('waiting', 'leased', 'failed') AND kind = 'document' GROUP BY recipient_id;
  CREATE INDEX delivery_loads_most ON delivery_loads (failed DESC, waiting DESC, recipient_id);
  CREATE TRIGGER deliveries_load_added AFTER INSERT ON deliveries
    WHEN new.kind = 'document' AND new.state IN ('waiting', 'leased', 'failed') BEGIN
    INSERT INTO delivery_loads VALUES (new.recipient_id, new.state <> 'failed', new.state = 'failed') ON CONFLICT (recipient_id)
      DO UPDATE SET waiting = waiting + excluded.waiting, failed = failed + excluded.failed;
  END;
  CREATE TRIGGER deliveries_load_moved AFTER UPDATE OF state ON deliveries
    WHEN new.kind = 'document' AND new.state <> old.state BEGIN
    INSERT INTO delivery_loads VALUES (new.recipient_id,
        (new.state IN ('waiting', 'leased')) - (old.state IN ('waiting', 'leased')), (new.state = 'failed') - (old.state = 'failed'))
      ON CONFLICT (recipient_id) DO UPDATE SET waiting = waiting + excluded.waiting, failed = failed + excluded.failed;
  END;
  CREATE INDEX deliveries_open ON deliveries (recipient_id, created_at) WHERE available_at IS NOT NULL;
  `,
];

/**
 * Brings a database to the newest schema, one version at a time. One that holds data is copied first, to `PATH.version-N`
 * with the version that it has: with that copy the older program starts again.
 * @param path of the database file
 * @param versions the schema, one string per version
 * @throws TrucError `adapters.store-newer` when a newer Trục wrote it
 */
export function migrate(sqlite: DatabaseSync, path: string, versions = VERSIONS): void {
  const row = sqlite.prepare('PRAGMA user_version').get() as { user_version: number };
  if (row.user_version > versions.length) {
    throw new TrucError('adapters.store-newer', { found: row.user_version, known: versions.length });
  }
  if (row.user_version > 0 && row.user_version < versions.length)
    copyTo(sqlite, `${path}.version-${row.user_version}`);
  for (let version = row.user_version; version < versions.length; version++) {
    sqlite.exec(`BEGIN IMMEDIATE; ${versions[version]}; PRAGMA user_version = ${version + 1}; COMMIT;`);
  }
}

/** Under its name only when it is whole and on disk. One of an earlier attempt may be old: that version may have served since. */
function copyTo(sqlite: DatabaseSync, copy: string): void {
  rmSync(`${copy}.part`, { force: true });
  sqlite.prepare('VACUUM INTO ?').run(`${copy}.part`);
  const descriptor = openSync(`${copy}.part`, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${copy}.part`, copy);
}
