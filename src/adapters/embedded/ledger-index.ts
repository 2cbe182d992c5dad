import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sha256, systemCode, TrucError } from '../../kernel/index.ts';

/** The state before some frame of the journal: everything derived from earlier frames is on disk. */
export interface Cursor {
  /** Position of the frame in the journal file. */
  offset: number;
  /** Number of entries before it. */
  size: number;
}

/**
 * Look-ups by idem and by document, derived from the journal. Rows may be ahead of the journal's head while a batch is
 * being synced: every look-up is bounded by a size.
 */
export interface LedgerIndex {
  cursor: Cursor;
  /** Number of entries that the index knew when it was last committed. */
  indexed: number;
  begin(): void;
  add(index: number, idem: Buffer, doc: string, seq: number): void;
  /** Makes what was added part of the index; `cursor` when the derived files are safe up to there. */
  commit(indexed: number, cursor: Cursor | null): void;
  rollback(): void;
  findIdem(idem: Buffer, size: number): number | null;
  tail(doc: string, size: number): { index: number; seq: number } | null;
  chain(doc: string, size: number): number[];
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS idem (idem BLOB PRIMARY KEY, idx INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS chain (doc BLOB, idx INTEGER, seq INTEGER NOT NULL, PRIMARY KEY (doc, idx)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, indexed INTEGER, offset INTEGER, size INTEGER);
  INSERT OR IGNORE INTO state VALUES (1, 0, 0, 0);
`;

/**
 * Opens the index; a damaged one is thrown away and begins empty. Its lock keeps other processes off the folder, and
 * the system drops it when this one dies.
 * @throws TrucError `ledger.journal-in-use`
 */
export function openLedgerIndex(path: string): LedgerIndex {
  try {
    return indexOn(openSqlite(path));
  } catch (error) {
    if (isBusy(error)) throw new TrucError('ledger.journal-in-use', { path }, error);
    removeLedgerIndex(path);
    return indexOn(openSqlite(path));
  }
}

export function removeLedgerIndex(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

function openSqlite(path: string): DatabaseSync {
  const sqlite = new DatabaseSync(path, { timeout: 0 });
  try {
    // In WAL mode NORMAL never damages the file at a power cut; it may lose the last rows, and the journal has those.
    sqlite.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=8192;',
    );
    sqlite.exec(SCHEMA);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function indexOn(sqlite: DatabaseSync): LedgerIndex {
  const state = sqlite.prepare('SELECT indexed, offset, size FROM state WHERE id = 1').get();
  const putIdem = sqlite.prepare('INSERT OR REPLACE INTO idem VALUES (?, ?)');
  const putChain = sqlite.prepare('INSERT OR REPLACE INTO chain VALUES (?, ?, ?)');
  const putState = sqlite.prepare('UPDATE state SET indexed = ?, offset = ?, size = ? WHERE id = 1');
  const getIdem = sqlite.prepare('SELECT idx FROM idem WHERE idem = ? AND idx < ?');
  const getTail = sqlite.prepare(
    'SELECT idx, seq FROM chain WHERE doc = ? AND idx < ? ORDER BY idx DESC LIMIT 1',
  );
  const getChain = sqlite.prepare('SELECT idx FROM chain WHERE doc = ? AND idx < ? ORDER BY idx');
  const index: LedgerIndex = {
    cursor: { offset: Number(state?.offset), size: Number(state?.size) },
    indexed: Number(state?.indexed),
    begin: () => sqlite.exec('BEGIN'),
    add: (at, idem, doc, seq) => {
      putIdem.run(idem, at);
      putChain.run(docKey(doc), at, seq);
    },
    commit: (indexed, cursor) => {
      index.cursor = cursor ?? index.cursor;
      index.indexed = indexed;
      putState.run(indexed, index.cursor.offset, index.cursor.size);
      sqlite.exec('COMMIT');
    },
    rollback: () => {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    },
    findIdem: (idem, size) => {
      const row = getIdem.get(idem, size);
      return row ? Number(row.idx) : null;
    },
    tail: (doc, size) => {
      const row = getTail.get(docKey(doc), size);
      return row ? { index: Number(row.idx), seq: Number(row.seq) } : null;
    },
    chain: (doc, size) => getChain.all(docKey(doc), size).map((row) => Number(row.idx)),
    close: () => sqlite.close(),
  };
  return index;
}

/** Half a hash: shorter rows than the ids themselves, and nobody can choose ids that collide. */
function docKey(doc: string): Buffer {
  return sha256(doc).subarray(0, 16);
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (
    systemCode(error) === 'ERR_SQLITE_ERROR' &&
    typeof error === 'object' &&
    error !== null &&
    'errcode' in error &&
    (Number(error.errcode) & 0xff) === SQLITE_BUSY
  );
}
