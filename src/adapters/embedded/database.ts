import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type DocumentRecord, searchKeys } from '../../document/index.ts';
import { batcher, TrucError } from '../../kernel/index.ts';
import { migrate } from './schema.ts';

export type Row = Record<string, unknown>;

/** Statements inside one unit of work; all of it happens or none. */
export interface Work {
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number };
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
}

/**
 * The SQLite file of the embedded profile. Units of work that are asked for while a commit runs share the next one,
 * so a hundred concurrent writes cost one disk sync; each unit is a savepoint of its own and fails alone.
 */
export interface Database {
  read: Work;
  /** Durable on return (WAL, synchronous=FULL). */
  write<T>(work: (db: Work) => T): Promise<T>;
  /** What is wrong with the database file itself, in SQLite's words; empty when nothing is. */
  check(): string[];
  /** Ends after the writes that were asked for. */
  close(): Promise<void>;
}

type Unit = (db: Work) => unknown;
type Outcome = { value: unknown } | { error: unknown };

const UNITS_PER_COMMIT = 512;

export function openDatabase(path: string): Database {
  mkdirSync(dirname(path), { recursive: true });
  const sqlite = new DatabaseSync(path, { timeout: 5_000 });
  sqlite.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768;',
  );
  sqlite.function('search_keys', { deterministic: true }, (record) =>
    JSON.stringify(searchKeys(JSON.parse(String(record)) as DocumentRecord)),
  );
  migrate(sqlite, path);
  const db = workOn(sqlite);
  const commits = batcher<Unit, Outcome>(async (units) => commitTogether(sqlite, db, units), {
    maxItems: UNITS_PER_COMMIT,
  });
  return {
    read: db,
    write: async <T>(work: (db: Work) => T) => {
      const outcome = await commits.add(work);
      if ('error' in outcome) throw outcome.error;
      return outcome.value as T;
    },
    check: () => {
      const rows = sqlite
        .prepare('PRAGMA quick_check(20)')
        .all()
        .map((row) => String(row.quick_check));
      return rows.filter((row) => row !== 'ok');
    },
    close: async () => {
      await commits.idle();
      sqlite.close();
    },
  };
}

function workOn(sqlite: DatabaseSync): Work {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    let known = prepared.get(sql);
    if (!known) {
      known = sqlite.prepare(sql);
      prepared.set(sql, known);
    }
    return known;
  };
  return {
    run: (sql, ...values) => {
      const { changes, lastInsertRowid } = statement(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    },
    one: (sql, ...values) => statement(sql).get(...values) as Row | undefined,
    all: (sql, ...values) => statement(sql).all(...values) as Row[],
  };
}

function commitTogether(sqlite: DatabaseSync, db: Work, units: Unit[]): Outcome[] {
  db.run('BEGIN IMMEDIATE');
  try {
    const outcomes = units.map((unit) => oneUnit(db, unit));
    db.run('COMMIT');
    return outcomes;
  } catch (error) {
    if (sqlite.isTransaction) db.run('ROLLBACK');
    throw new TrucError('adapters.store-failed', { store: 'sqlite' }, error);
  }
}

function oneUnit(db: Work, unit: Unit): Outcome {
  db.run('SAVEPOINT unit');
  try {
    const value = unit(db);
    db.run('RELEASE unit');
    return { value };
  } catch (error) {
    db.run('ROLLBACK TO unit');
    db.run('RELEASE unit');
    return { error };
  }
}
