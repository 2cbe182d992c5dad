import type { MongoDatabase, Session } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** What a transaction that did not look met, and can only undo. */
export class NotAsHoped extends RangeError {}

/**
 * A transaction that is first tried without looking whether its writes are needed, which saves a round trip for each
 * look, and done again with looks where that met something.
 */
export async function hopefully<T>(
  mongo: MongoDatabase,
  work: (session: Session, hopeful: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await mongo.atomically((session) => work(session, true));
  } catch (error) {
    if (!(error instanceof NotAsHoped || isDuplicateKey(error))) throw error;
    return mongo.atomically((session) => work(session, false));
  }
}
