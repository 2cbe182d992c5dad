import type { Delegation, DelegationBook } from '../../signing/index.ts';
import type { Database } from './database.ts';
import { insertEvents } from './event-book.ts';

export function delegationBook(database: Database): DelegationBook {
  return {
    add: (delegation, event) =>
      database.write((db) => {
        db.run('INSERT INTO delegations VALUES (?, ?)', delegation.delegationId, JSON.stringify(delegation));
        insertEvents(db, [event]);
      }),
    withdraw: (delegationId, withdrawnAt, event) =>
      database.write((db) => {
        const row = db.one('SELECT record FROM delegations WHERE delegation_id = ?', delegationId);
        if (!row) return null;
        const known = JSON.parse(row.record as string) as Delegation;
        if (known.withdrawnAt !== undefined) return { delegation: known, withdrawn: false };
        const delegation = { ...known, withdrawnAt };
        db.run(
          'UPDATE delegations SET record = ? WHERE delegation_id = ?',
          JSON.stringify(delegation),
          delegationId,
        );
        insertEvents(db, [event]);
        return { delegation, withdrawn: true };
      }),
    get: async (delegationId) => {
      const row = database.read.one('SELECT record FROM delegations WHERE delegation_id = ?', delegationId);
      return row ? (JSON.parse(row.record as string) as Delegation) : null;
    },
    of: async (agencyId, limit) =>
      database.read
        .all(
          "SELECT record FROM delegations WHERE json_extract(record, '$.agencyId') = ? ORDER BY delegation_id DESC LIMIT ?",
          agencyId,
          limit,
        )
        .map((row) => JSON.parse(row.record as string) as Delegation),
  };
}
