import { TrucError } from '../../kernel/index.ts';
import type { SignedHead, SignerMemory } from '../../ledger/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { isDuplicateKey } from './failures.ts';

interface MemoryRow {
  _id: 'signer';
  origin: string;
  size: number;
  root: Buffer;
}

const MEMORY = 'signer-memory';

export const SIGNER_MEMORY_PLANS: readonly CollectionPlan[] = [{ name: MEMORY, indexes: [] }];

/**
 * The signer's memory as one document that never goes back. `save` throws `ledger.forked`, so that the head is not
 * signed, for a smaller head than the one kept, another root of the same size, and another log's head; whichever node
 * kept it.
 * @param mongo best another database, with a backup of its own, than the ledger's
 */
export function signerMemory(mongo: MongoDatabase): SignerMemory {
  const rows = mongo.collection<MemoryRow>(MEMORY);

  async function load(): Promise<SignedHead | null> {
    const row = await asked(() => rows.findOne({ _id: 'signer' }, { promoteBuffers: true }));
    return row && { origin: row.origin, size: row.size, root: row.root };
  }

  /** Where the document is there and does not match, the upsert collides with it: nothing was replaced. */
  async function replaceEarlier({ origin, size, root }: SignedHead): Promise<boolean> {
    try {
      await rows.updateOne(
        { _id: 'signer', origin, $or: [{ size: { $lt: size } }, { size, root }] },
        { $set: { size, root } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw failed(error);
    }
  }

  return {
    load,
    save: async (head) => {
      // A second time, because two first saves may collide although one is later than the other.
      if ((await replaceEarlier(head)) || (await replaceEarlier(head))) return;
      const kept = await load();
      throw new TrucError('ledger.forked', { size: head.size, signed: kept?.size ?? null });
    },
  };
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown): TrucError {
  return new TrucError('adapters.store-failed', { store: 'mongodb', part: 'signer-memory' }, error);
}
