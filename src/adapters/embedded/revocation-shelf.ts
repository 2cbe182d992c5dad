import type { ClaimedSource, HeldAnswer, RevocationShelf, SourceState } from '../../verification/index.ts';
import type { Database, Row, Work } from './database.ts';

export function revocationShelf(database: Database): RevocationShelf {
  return {
    want: (sources, at) =>
      database.write((db) => {
        for (const { key, kind, url, certificate, issuer } of sources)
          db.run(
            `INSERT INTO revocation_sources (key, kind, url, certificate, issuer, seen_at, next_at, failures)
             VALUES (?, ?, ?, ?, ?, ?, ?, 0)
             ON CONFLICT (key) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)`,
            ...[key, kind, url, certificate, issuer, at, at],
          );
      }),
    claim: ({ now, until, limit }) =>
      database.write((db) => {
        const due = db.all(
          'SELECT * FROM revocation_sources WHERE next_at <= ? ORDER BY next_at LIMIT ?',
          ...[now, limit],
        );
        for (const { key } of due)
          db.run('UPDATE revocation_sources SET next_at = ? WHERE key = ?', until, key as string);
        return due.map((row) => claimedOf({ ...row, next_at: until }));
      }),
    settle: ({ key, nextAt, failures, reason, answer }) =>
      database.write((db) => {
        db.run(
          'UPDATE revocation_sources SET next_at = ?, failures = ?, reason = ? WHERE key = ?',
          ...[nextAt, failures, reason, key],
        );
        if (answer) replace(db, key, answer.held, answer.der);
      }),
    states: async () =>
      database.read
        .all(
          'SELECT key, kind, url, seen_at, next_at, failures, reason, held FROM revocation_sources ORDER BY key',
        )
        .map(stateOf),
    read: async (key, sha256) => {
      const row = database.read.one(
        'SELECT der FROM revocation_answers WHERE key = ? AND sha256 = ?',
        ...[key, sha256],
      );
      return row ? Buffer.from(row.der as Uint8Array) : null;
    },
    forget: (before) =>
      database.write((db) => {
        db.run(
          'DELETE FROM revocation_answers WHERE key IN (SELECT key FROM revocation_sources WHERE seen_at < ?)',
          before,
        );
        return db.run('DELETE FROM revocation_sources WHERE seen_at < ?', before).changes;
      }),
  };
}

function replace(db: Work, key: string, held: HeldAnswer, der: Uint8Array): void {
  const row = db.one('SELECT held FROM revocation_sources WHERE key = ?', key);
  const before = row ? heldOf(row) : null;
  if (!row || (before && before.thisUpdate > held.thisUpdate)) return;
  db.run('UPDATE revocation_sources SET held = ? WHERE key = ?', JSON.stringify(held), key);
  db.run(
    `INSERT INTO revocation_answers VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET sha256 = excluded.sha256, der = excluded.der`,
    ...[key, held.sha256, der],
  );
}

function heldOf({ held }: Row): HeldAnswer | null {
  return typeof held === 'string' ? (JSON.parse(held) as HeldAnswer) : null;
}

function stateOf(row: Row): SourceState {
  return {
    key: row.key as string,
    kind: row.kind as SourceState['kind'],
    url: row.url as string,
    seenAt: row.seen_at as string,
    nextAt: row.next_at as string,
    failures: row.failures as number,
    reason: row.reason as string | null,
    held: heldOf(row),
  };
}

function claimedOf(row: Row): ClaimedSource {
  const { certificate, issuer } = row as { certificate: string | null; issuer: string | null };
  return { ...stateOf(row), certificate, issuer };
}
