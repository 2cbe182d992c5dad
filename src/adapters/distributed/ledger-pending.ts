import { newId } from '../../kernel/index.ts';
import type { AppendRequest } from '../../ledger/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { ENTRIES, type EntryRow } from './ledger-journal.ts';

interface PendingRow {
  /** Grows with time, so that what came first is appended first. */
  _id: string;
  idem: Buffer;
  doc: string;
  type: string;
  erds: string | null;
  commit: string | null;
}

export interface PendingAppend {
  id: string;
  request: AppendRequest;
}

/** What a request has come to. */
export interface FoundEntry {
  index: number;
  /** Exact bytes. */
  entry: Buffer;
}

/** Append requests of all nodes that wait for the one that writes the ledger. A request may stand there twice. */
export interface PendingAppends {
  /** Durable on return. */
  put(requests: readonly AppendRequest[]): Promise<void>;
  /** In the order in which each node put them. */
  oldest(limit: number): Promise<PendingAppend[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** For each idempotency key its entry in the log, or null. */
  entriesOf(idems: readonly Buffer[]): Promise<(FoundEntry | null)[]>;
  /** How many there are, by the collection's own figure: exact but after a crash of the server. */
  count(): Promise<number>;
}

const PENDING = 'ledger-pending';

export const PENDING_APPEND_PLANS: readonly CollectionPlan[] = [{ name: PENDING, indexes: [] }];

export function pendingAppends(mongo: MongoDatabase): PendingAppends {
  const rows = mongo.collection<PendingRow>(PENDING);
  return {
    put: async (requests) => {
      if (requests.length === 0) return;
      await rows.insertMany(
        requests.map(({ idem, doc, type, erds, commit }) => ({
          _id: newId(),
          idem,
          doc,
          type,
          erds,
          commit,
        })),
      );
    },
    oldest: async (limit) => {
      const found = await rows
        .find({}, { promoteBuffers: true })
        .hint('_id_')
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ _id, ...request }) => ({ id: _id, request }));
    },
    remove: async (ids) => {
      if (ids.length > 0) await rows.deleteMany({ _id: { $in: [...ids] } });
    },
    entriesOf: async (idems) => {
      const found = await mongo
        .collection<EntryRow>(ENTRIES)
        .find({ idem: { $in: [...idems] } }, { promoteBuffers: true, projection: { idem: 1, bytes: 1 } })
        .toArray();
      const entries = new Map(found.map((row) => [row.idem.toString('latin1'), row]));
      return idems.map((idem) => {
        const row = entries.get(idem.toString('latin1'));
        return row ? { index: row._id, entry: row.bytes } : null;
      });
    },
    count: () => rows.estimatedDocumentCount(),
  };
}
