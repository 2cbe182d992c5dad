import mongoose from 'mongoose';
import type { CollectionPlan, MongoDatabase } from './database.ts';

/** Sealed keys by name, which all nodes share. What is there is never replaced. */
export interface KeyShelf {
  /** Keeps the value unless there is one already. @returns the one that counts from now on */
  keep(name: string, sealed: Buffer): Promise<Buffer>;
  find(name: string): Promise<Buffer | null>;
}

const KEYS = 'keys';
const DUPLICATE_KEY = 11_000;

export const KEY_PLANS: readonly CollectionPlan[] = [{ name: KEYS, indexes: [] }];

export function keyShelf(mongo: MongoDatabase): KeyShelf {
  const rows = mongo.collection<{ _id: string; sealed: Buffer }>(KEYS);
  const find = async (name: string) =>
    (await rows.findOne({ _id: name }, { promoteBuffers: true }))?.sealed ?? null;
  return {
    find,
    keep: async (name, sealed) => {
      try {
        await rows.insertOne({ _id: name, sealed });
        return sealed;
      } catch (error) {
        if (!(error instanceof mongoose.mongo.MongoServerError && error.code === DUPLICATE_KEY)) throw error;
        return (await find(name)) as Buffer;
      }
    },
  };
}
