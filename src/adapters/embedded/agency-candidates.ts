import { type Candidate, editDistance } from '../../agency/index.ts';
import { foldVietnamese } from '../../kernel/index.ts';
import type { Row, Work } from './database.ts';

/** Bounds on what one wrong code may cost: whoever sends one must not make the registry be read from end to end. */
const MOST_ROOTS = 20;
const MOST_BELOW = 5_000;
const MOST_BY_NAME = 50;
const ROOT_EDITS = 2;

/**
 * Agencies that a code nobody has could have meant: those below the same first group, the same code below a similar
 * first group, and those whose name has the words given.
 */
export function candidatesFor(db: Work, wanted: string, name: string): Candidate[] {
  const [root = '', ...rest] = wanted.split('.');
  const similar = rootsOf(db).filter((one) => editDistance(root, one, ROOT_EDITS) <= ROOT_EDITS);
  const twins = similar.slice(0, MOST_ROOTS).flatMap((one) => withCode(db, [one, ...rest].join('.')));
  return [...twins, ...below(db, root), ...named(db, name)];
}

/** First groups of all codes: a few hundred ministries and provinces, found by skipping along the index. */
function rootsOf(db: Work): string[] {
  const roots: string[] = [];
  for (let after = ''; ; ) {
    const next = db.one('SELECT code FROM agencies WHERE code > ? ORDER BY code LIMIT 1', after)?.code;
    if (next === undefined) return roots;
    const root = (next as string).split('.')[0] as string;
    roots.push(root);
    // The sign after the dot: beyond all codes below this root.
    after = `${root}/`;
  }
}

function withCode(db: Work, code: string): Candidate[] {
  return db
    .all("SELECT code, record ->> '$.name' AS name FROM agencies WHERE code = ?", code)
    .map(candidateOf);
}

function below(db: Work, root: string): Candidate[] {
  const sql = `SELECT code, record ->> '$.name' AS name FROM agencies WHERE code >= ? AND code < ? ORDER BY code LIMIT ?`;
  return db.all(sql, root, `${root}/`, MOST_BELOW).map(candidateOf);
}

function named(db: Work, name: string): Candidate[] {
  const words = foldVietnamese(name).split(/\s+/).filter(Boolean).slice(0, 12);
  if (words.length === 0) return [];
  const query = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ');
  const sql = `SELECT a.code, a.record ->> '$.name' AS name FROM agency_names n JOIN agencies a ON a.no = n.rowid
    WHERE agency_names MATCH ? LIMIT ?`;
  return db.all(sql, query, MOST_BY_NAME).map(candidateOf);
}

function candidateOf(row: Row): Candidate {
  return { code: row.code as string, name: row.name as string };
}
