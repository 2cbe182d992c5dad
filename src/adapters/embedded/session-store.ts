import type { Session, SessionStore } from '../../agency/index.ts';
import type { Database, Row } from './database.ts';

const FIELDS = 'session_sha256, person_id, created_at, last_seen_at, expires_at, csrf, id_token';

export function sessionStore(database: Database): SessionStore {
  const one = `SELECT ${FIELDS} FROM sessions WHERE session_sha256 = ?`;
  return {
    add: ({ sessionSha256, personId, createdAt, lastSeenAt, expiresAt, csrf, idToken }) =>
      database.write((db) => {
        db.run(
          `INSERT INTO sessions (${FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          ...[sessionSha256, personId, createdAt, lastSeenAt, expiresAt, csrf, idToken],
        );
      }),
    find: async (sessionSha256) => {
      const row = database.read.one(one, sessionSha256);
      return row ? sessionOf(row) : null;
    },
    touch: (sessionSha256, { lastSeenAt, expiresAt }) =>
      database.write((db) => {
        db.run(
          'UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE session_sha256 = ?',
          ...[lastSeenAt, expiresAt, sessionSha256],
        );
      }),
    take: (sessionSha256) =>
      database.write((db) => {
        const row = db.one(one, sessionSha256);
        db.run('DELETE FROM sessions WHERE session_sha256 = ?', sessionSha256);
        return row ? sessionOf(row) : null;
      }),
    ofPerson: async (personId) =>
      database.read
        .all(
          `SELECT ${FIELDS} FROM sessions WHERE person_id = ? ORDER BY created_at, session_sha256`,
          personId,
        )
        .map(sessionOf),
    removeOfPerson: (personId) =>
      database.write((db) => db.run('DELETE FROM sessions WHERE person_id = ?', personId).changes),
    removeExpired: (before) =>
      database.write((db) => db.run('DELETE FROM sessions WHERE expires_at < ?', before).changes),
  };
}

function sessionOf(row: Row): Session {
  return {
    sessionSha256: row.session_sha256 as string,
    personId: row.person_id as string,
    csrf: row.csrf as string,
    idToken: row.id_token as string | null,
    createdAt: row.created_at as string,
    lastSeenAt: row.last_seen_at as string,
    expiresAt: row.expires_at as string,
  };
}
