import type { SQLInputValue } from 'node:sqlite';
import { type FileQuery, lineKeyOf, type WorkBook, type WorkFile } from '../../workflow/index.ts';
import type { Database, Row, Work } from './database.ts';
import { insertEvents } from './event-book.ts';

export function workBook(database: Database): WorkBook {
  return {
    add: (file, event) =>
      database.write((db) => {
        const { agencyId, kind, documentId } = file;
        const known = db.one(
          'SELECT record FROM work_files WHERE agency_id = ? AND kind = ? AND document_id = ?',
          agencyId,
          kind,
          documentId,
        );
        if (known) return { file: fileOf(known), added: false };
        db.run(`INSERT INTO work_files VALUES (${columns(file).map(() => '?')})`, ...columns(file));
        putTurns(db, file);
        insertEvents(db, [event]);
        return { file, added: true };
      }),
    get: async (fileId) => {
      const row = database.read.one('SELECT record FROM work_files WHERE file_id = ?', fileId);
      return row ? fileOf(row) : null;
    },
    replace: (file, events) =>
      database.write((db) => {
        const known = db.one('SELECT revision FROM work_files WHERE file_id = ?', file.fileId);
        if (known?.revision !== file.revision - 1) return 'behind';
        const holder = db.one('SELECT file_id FROM work_files WHERE line_key = ?', lineKeyOf(file));
        if (holder && holder.file_id !== file.fileId) return 'number-taken';
        db.run(`REPLACE INTO work_files VALUES (${columns(file).map(() => '?')})`, ...columns(file));
        db.run('DELETE FROM work_turns WHERE agency_id = ? AND file_id = ?', file.agencyId, file.fileId);
        putTurns(db, file);
        insertEvents(db, events);
        return 'replaced';
      }),
    list: async (query) => list(database.read, query),
    register: async ({ agencyId, register, year, after, limit }) =>
      database.read
        .all(
          `SELECT record FROM work_files WHERE agency_id = ? AND register = ? AND year = ? AND number > ?
           ORDER BY number, series LIMIT ?`,
          agencyId,
          register,
          year,
          after,
          limit,
        )
        .map(fileOf),
    lastNumber: async (agencyId, register, year, series) =>
      (database.read.one(
        'SELECT MAX(number) AS last FROM work_files WHERE agency_id = ? AND register = ? AND year = ? AND series = ?',
        agencyId,
        register,
        year,
        series,
      )?.last as number | null) ?? 0,
    unfinished: async (before, limit) =>
      database.read
        .all(
          'SELECT record FROM work_files WHERE unfinished = 1 AND updated_at <= ? ORDER BY updated_at LIMIT ?',
          before,
          limit,
        )
        .map(fileOf),
  };
}

function columns(file: WorkFile): SQLInputValue[] {
  const { line } = file;
  return [
    file.fileId,
    file.agencyId,
    file.kind,
    file.documentId,
    file.state,
    file.revision,
    file.unfinished ? 1 : 0,
    file.updatedAt,
    lineKeyOf(file),
    line?.register ?? null,
    line?.year ?? null,
    line?.series ?? null,
    line?.number ?? null,
    JSON.stringify(file),
  ];
}

function putTurns(db: Work, { agencyId, fileId, turns }: WorkFile): void {
  for (const turn of new Set(turns))
    db.run('INSERT INTO work_turns VALUES (?, ?, ?)', agencyId, turn, fileId);
}

function list(db: Work, query: FileQuery): WorkFile[] {
  const { agencyId, kind, documentId, turns, states, before, limit } = query;
  const marks = (values: readonly string[]) => values.map(() => '?').join(',');
  const wheres: [string, readonly string[]][] = agencyId === null ? [] : [['agency_id = ?', [agencyId]]];
  if (kind) wheres.push(['kind = ?', [kind]]);
  if (documentId) wheres.push(['document_id = ?', [documentId]]);
  if (states) wheres.push([`state IN (${marks(states)})`, states]);
  if (turns) {
    const own = agencyId === null ? '' : 'agency_id = ? AND ';
    const sql = `file_id IN (SELECT file_id FROM work_turns WHERE ${own}turn IN (${marks(turns)}))`;
    wheres.push([sql, agencyId === null ? turns : [agencyId, ...turns]]);
  }
  if (before !== '') wheres.push(['file_id < ?', [before]]);
  return db
    .all(
      `SELECT record FROM work_files WHERE ${['1 = 1', ...wheres.map(([sql]) => sql)].join(' AND ')} ORDER BY file_id DESC LIMIT ?`,
      ...wheres.flatMap(([, values]) => values),
      limit,
    )
    .map(fileOf);
}

function fileOf(row: Row): WorkFile {
  return JSON.parse(row.record as string) as WorkFile;
}
