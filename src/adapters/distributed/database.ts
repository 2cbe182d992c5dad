import mongoose from 'mongoose';
import { TrucError } from '../../kernel/index.ts';
import { checkLayout, LAYOUT, LAYOUT_VERSION } from './layout.ts';
import { patiently } from './patience.ts';

export type Session = mongoose.mongo.ClientSession;
export type Collection<Row extends mongoose.mongo.Document> = mongoose.mongo.Collection<Row>;

/** Indexes of one collection; every query of an adapter must be served by one of them. */
export interface CollectionPlan {
  name: string;
  indexes: readonly mongoose.mongo.IndexDescription[];
}

/** One database of a replica set. Writes are journalled by a majority before they return; reads see what a majority has. */
export interface MongoDatabase {
  collection<Row extends mongoose.mongo.Document>(name: string): Collection<Row>;
  /**
   * All writes of `work` or none. It may be called again after a conflict, a little later each time, so it must have no
   * other effect. What a killed node has left locked is set free after a few seconds.
   */
  atomically<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The oldest layout whose programs may work on it at the same time, as it was when it was opened. */
  readableFrom: number;
  /** For migrations, which meet every collection as it is. */
  raw: mongoose.mongo.Db;
  /** Resolves when the primary answers within a second. @throws what the driver throws */
  ping(): Promise<void>;
  /** The primary's clock, milliseconds since 1970 UTC. @throws what the driver throws */
  time(): Promise<number>;
  close(): Promise<void>;
}

/**
 * So long those who ask MongoDB for the same kind of thing gather while a node is busy. A round trip costs its CPU about the
 * same for one and for thirty, and a submission takes some hundred milliseconds where the machine is.
 */
export const GATHER_MS = 10;

const PING_MS = 1_000;

/** Name of the database in a connection string; `truc` where it names none. */
export function databaseNameOf(url: string): string {
  const [, path = ''] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/.exec(url) ?? [];
  return decodeURIComponent(path) || 'truc';
}

/**
 * Connects, checks the layout and creates what is missing.
 * @param url MongoDB connection string of a replica set
 * @param name database name
 * @param options.program the layout that the caller writes; this program's when not given
 * @param options.importing the archive whose import may work on a database that holds a part of it
 * @throws TrucError `adapters.store-failed`, `adapters.store-newer`, `adapters.store-older`, `adapters.import-unfinished`
 */
export async function openMongo(
  url: string,
  name: string,
  plans: readonly CollectionPlan[],
  { importing = null, program = LAYOUT_VERSION }: { importing?: string | null; program?: number } = {},
): Promise<MongoDatabase> {
  const connection = await connect(url, name);
  try {
    const { db } = connection;
    if (!db) throw new TrucError('adapters.store-failed', { store: 'mongodb' });
    const readableFrom = await checkLayout(db.collection(LAYOUT), importing, program);
    await Promise.all(plans.map((plan) => prepare(db, plan)));
    return {
      collection: (collectionName) => db.collection(collectionName),
      atomically: (work) =>
        connection.transaction(patiently(work)) as Promise<Awaited<ReturnType<typeof work>>>,
      readableFrom,
      raw: db,
      time: async () => {
        const { localTime } = await db.command({ hello: 1 }, { timeoutMS: PING_MS });
        return (localTime as Date).getTime();
      },
      ping: async () => void (await db.command({ ping: 1 }, { timeoutMS: PING_MS })),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function connect(url: string, dbName: string): Promise<mongoose.Connection> {
  try {
    return await mongoose
      .createConnection(url, {
        dbName,
        writeConcern: { w: 'majority', journal: true },
        readConcern: { level: 'majority' },
        readPreference: 'primary',
        retryWrites: true,
        serverSelectionTimeoutMS: 5_000,
        // A primary that hangs is found out within seconds: its connections are closed and what waits on them fails.
        heartbeatFrequencyMS: 2_000,
        connectTimeoutMS: 5_000,
        autoIndex: false,
        autoCreate: false,
      })
      .asPromise();
  } catch (error) {
    throw new TrucError('adapters.store-failed', { store: 'mongodb' }, error);
  }
}

/** Creating an index that exists does nothing; one with other options under its name is an error, not a silent change. */
async function prepare(db: mongoose.mongo.Db, { name, indexes }: CollectionPlan): Promise<void> {
  const existing = await db.listCollections({ name }, { nameOnly: true }).toArray();
  if (existing.length === 0)
    await db.createCollection(name).catch((error: unknown) => {
      // Another node was faster.
      if (!(error instanceof mongoose.mongo.MongoServerError && error.code === 48)) throw error;
    });
  if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
}
