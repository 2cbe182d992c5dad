import type { CollectionPlan, MongoDatabase } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** Sealed keys by name, which all nodes share. */
export interface KeyShelf {
  /** Keeps the value unless there is one already. @returns the one that counts from now on */
  keep(name: string, sealed: Buffer): Promise<Buffer>;
  find(name: string): Promise<Buffer | null>;
  /** @returns false when it is not `before` that is there */
  swap(name: string, before: Buffer, after: Buffer): Promise<boolean>;
}

const KEYS = 'keys';

export const KEY_PLANS: readonly CollectionPlan[] = [{ name: KEYS, indexes: [] }];

export function keyShelf(mongo: MongoDatabase): KeyShelf {
  const rows = mongo.collection<{ _id: string; sealed: Buffer }>(KEYS);
  const find = async (name: string) =>
    (await rows.findOne({ _id: name }, { promoteBuffers: true }))?.sealed ?? null;
  return {
    find,
    swap: async (name, before, after) => {
      const { matchedCount } = await rows.updateOne(
        { _id: name, sealed: before },
        { $set: { sealed: after } },
      );
      return matchedCount === 1;
    },
    keep: async (name, sealed) => {
      try {
        await rows.insertOne({ _id: name, sealed });
        return sealed;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await find(name)) as Buffer;
      }
    },
  };
}
