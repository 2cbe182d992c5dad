import type { Collection } from './database.ts';

/** A row whose turn comes at a time. */
export interface DueRow {
  _id: string;
  /** RFC 3339 UTC; null where nothing is to be done any more. */
  dueAt: string | null;
}

/**
 * Takes rows whose time has come, the oldest first, and puts them off; of nodes that meet at a row one has it.
 * @param claim times RFC 3339 UTC; `until` is when a row is due again if nobody settles it
 */
export async function claimDue<Row extends DueRow>(
  collection: Collection<Row>,
  { now, until, limit }: { now: string; until: string; limit: number },
): Promise<Row[]> {
  // The driver's filters do not see through a type parameter.
  const rows = collection as unknown as Collection<DueRow>;
  // The type makes the partial index usable; text compares with text only.
  const due = await rows
    .find({ dueAt: { $lte: now, $type: 'string' } })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  const claimed: Row[] = [];
  for (const row of due) {
    const { modifiedCount } = await rows.updateOne(
      { _id: row._id, dueAt: row.dueAt },
      { $set: { dueAt: until } },
    );
    if (modifiedCount === 1) claimed.push({ ...(row as Row), dueAt: until });
  }
  return claimed;
}
