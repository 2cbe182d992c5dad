import {
  type Agency,
  type AgencyDirectory,
  type AgencyDraft,
  type AgencyPage,
  type AgencyQuery,
  nearestCodes,
  normalCode,
  suggestNewForm,
} from '../../agency/index.ts';
import { foldVietnamese, isoTime, TrucError } from '../../kernel/index.ts';
import { candidatesFor } from './agency-candidates.ts';
import type { Database, Row, Work } from './database.ts';

export function agencyDirectory(database: Database): AgencyDirectory {
  return {
    resolve: async (code, at) => resolve(database.read, normalCode(code), isoTime(at)),
    get: async (id) => {
      const row = database.read.one('SELECT record FROM agencies WHERE id = ?', id);
      return row ? agencyOf(row) : null;
    },
    list: async (query) =>
      query.since === undefined
        ? listByCode(database.read, query)
        : listChanges(database.read, query, query.since),
    history: async (id) =>
      database.read
        .all('SELECT recorded_at, record FROM agency_history WHERE id = ? ORDER BY revision', id)
        .map((row) => ({ recordedAt: row.recorded_at as string, agency: agencyOf(row) })),
    put: (agencies, at) => database.write((db) => put(db, agencies, isoTime(at))),
    revision: async () => revision(database.read),
    nearest: async (code, name, limit) => {
      const wanted = suggestNewForm(normalCode(code)) ?? normalCode(code);
      return nearestCodes(wanted, name, candidatesFor(database.read, wanted, name), limit);
    },
  };
}

function agencyOf(row: Row): Agency {
  return JSON.parse(row.record as string) as Agency;
}

function revision(db: Work): number {
  return db.one('SELECT revision FROM registry')?.revision as number;
}

function resolve(db: Work, code: string, at: string): Agency | null {
  const row = db.one(
    `SELECT a.record FROM agency_codes c JOIN agencies a ON a.id = c.agency_id
     WHERE c.code = ? AND c.valid_from <= ? AND (c.valid_to IS NULL OR c.valid_to > ?) ORDER BY a.code = c.code DESC, c.valid_from DESC LIMIT 1`,
    code,
    at,
    at,
  );
  return row ? agencyOf(row) : null;
}

function listByCode(db: Work, query: AgencyQuery): AgencyPage {
  const conditions = ['a.code > ?'];
  const values: (string | number)[] = [query.after ?? ''];
  if (query.level) {
    conditions.push('a.level = ?');
    values.push(query.level);
  }
  if (query.parentId) {
    conditions.push('a.parent_id = ?');
    values.push(query.parentId);
  }
  if (query.text) {
    conditions.push(
      '(a.no IN (SELECT rowid FROM agency_names WHERE agency_names MATCH ?) OR (a.code >= ? AND a.code < ?))',
    );
    const code = normalCode(query.text);
    values.push(nameQuery(query.text), code, `${code}\u{10FFFF}`);
  }
  const sql = `SELECT a.record FROM agencies a WHERE ${conditions.join(' AND ')} ORDER BY a.code LIMIT ?`;
  const agencies = db.all(sql, ...values, query.limit + 1).map(agencyOf);
  return page(agencies, query.limit, (last) => last.code);
}

function listChanges(db: Work, query: AgencyQuery, since: number): AgencyPage {
  const [fromRevision = String(since), fromCode = ''] = query.after?.split('~') ?? [];
  const sql = 'SELECT record FROM agencies WHERE (revision, code) > (?, ?) ORDER BY revision, code LIMIT ?';
  const start = query.after ? fromCode : '\u{10FFFF}';
  const agencies = db.all(sql, Number(fromRevision), start, query.limit + 1).map(agencyOf);
  return page(agencies, query.limit, (last) => `${last.revision}~${last.code}`);
}

function page(found: Agency[], limit: number, cursor: (last: Agency) => string): AgencyPage {
  const agencies = found.slice(0, limit);
  const last = agencies.at(-1);
  return { agencies, next: found.length > limit && last ? cursor(last) : null };
}

/** Every word must begin some word of the name; quotes are doubled so that no FTS syntax gets through. */
function nameQuery(text: string): string {
  const words = foldVietnamese(text).split(/\s+/).filter(Boolean).slice(0, 8);
  return words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ');
}

function put(db: Work, drafts: AgencyDraft[], at: string): number {
  const next = revision(db) + 1;
  for (const draft of drafts) putOne(db, { ...draft, revision: next }, at);
  db.run('UPDATE registry SET revision = ?', next);
  return next;
}

function putOne(db: Work, agency: Agency, at: string): void {
  const taken = db.one('SELECT id FROM agencies WHERE code = ? AND id <> ?', agency.code, agency.id);
  if (taken) throw new TrucError('agency.code-taken', { code: agency.code });
  const record = JSON.stringify(agency);
  db.run(
    `INSERT INTO agencies (id, code, level, parent_id, revision, record) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
       code = excluded.code, level = excluded.level, parent_id = excluded.parent_id, revision = excluded.revision,
       record = excluded.record`,
    agency.id,
    agency.code,
    agency.level,
    agency.parentId,
    agency.revision,
    record,
  );
  const { no } = db.one('SELECT no FROM agencies WHERE id = ?', agency.id) as { no: number };
  db.run('DELETE FROM agency_names WHERE rowid = ?', no);
  db.run('INSERT INTO agency_names (rowid, name) VALUES (?, ?)', no, foldVietnamese(agency.name));
  db.run('DELETE FROM agency_codes WHERE agency_id = ?', agency.id);
  // The canonical code answers for ever: who asks for an abolished agency must learn of its successor.
  const forms = [{ code: agency.code, validFrom: '', validTo: null }, ...agency.aliases];
  for (const { code, validFrom, validTo } of forms) {
    db.run('INSERT OR IGNORE INTO agency_codes VALUES (?, ?, ?, ?)', code, validFrom, validTo, agency.id);
  }
  db.run('INSERT INTO agency_history VALUES (?, ?, ?, ?)', agency.id, agency.revision, at, record);
}
