import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { migrate } from '../../src/adapters/embedded/schema.ts';

const FIRST = 'CREATE TABLE letters (text TEXT)';
const SECOND = 'ALTER TABLE letters ADD COLUMN words INTEGER; UPDATE letters SET words = 2';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-schema-'));
  path = join(folder, 'truc.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open<T>(file: string, work: (sqlite: DatabaseSync) => T): T {
  const sqlite = new DatabaseSync(file);
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
}

const written = (file: string) => open(file, (sqlite) => sqlite.prepare('SELECT * FROM letters').all());
const version = (file: string) => open(file, (sqlite) => sqlite.prepare('PRAGMA user_version').get());

/** A database that the version before wrote. */
function older(): void {
  open(path, (sqlite) => {
    migrate(sqlite, path, [FIRST]);
    sqlite.exec("INSERT INTO letters VALUES ('công văn')");
  });
}

test('a new database needs no copy', () => {
  open(path, (sqlite) => migrate(sqlite, path, [FIRST, SECOND]));
  expect(version(path)).toEqual({ user_version: 2 });
  expect(existsSync(`${path}.version-1`)).toBe(false);
});

test('data of the version before are copied as they are, then migrated; the copy still opens with that version', () => {
  older();
  // What an earlier attempt left when it was killed.
  writeFileSync(`${path}.version-1.part`, 'half');
  open(path, (sqlite) => migrate(sqlite, path, [FIRST, SECOND]));
  expect(written(path)).toEqual([{ text: 'công văn', words: 2 }]);
  expect(written(`${path}.version-1`)).toEqual([{ text: 'công văn' }]);
  open(`${path}.version-1`, (sqlite) => migrate(sqlite, `${path}.version-1`, [FIRST]));
  expect(version(`${path}.version-1`)).toEqual({ user_version: 1 });
});

test('a migration that fails changes nothing, and the next attempt copies what was written since', () => {
  older();
  const failing = 'ALTER TABLE letters ADD COLUMN words INTEGER; UPDATE nowhere SET words = 2';
  open(path, (sqlite) => expect(() => migrate(sqlite, path, [FIRST, failing])).toThrow('no such table'));
  expect(written(path)).toEqual([{ text: 'công văn' }]);
  expect(version(path)).toEqual({ user_version: 1 });
  open(path, (sqlite) => sqlite.exec("INSERT INTO letters VALUES ('tờ trình')"));
  open(path, (sqlite) => migrate(sqlite, path, [FIRST, SECOND]));
  expect(written(`${path}.version-1`)).toEqual([{ text: 'công văn' }, { text: 'tờ trình' }]);
});

test('a newer database is refused', () => {
  open(path, (sqlite) => migrate(sqlite, path, [FIRST, SECOND]));
  open(path, (sqlite) =>
    expect(() => migrate(sqlite, path, [FIRST])).toThrow(
      expect.objectContaining({ code: 'adapters.store-newer' }),
    ),
  );
});
