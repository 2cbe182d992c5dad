import type mongoose from 'mongoose';
import { TrucError } from '../../kernel/index.ts';
import { CONTENT_BY_QUARTERS, DELIVERY_LOG, type LayoutRow, stateOf } from './layout.ts';
import type { Lease } from './ledger-lease.ts';
import { fillActs, fillDeliveries, fillDocuments, fillRefusals } from './log-layout.ts';

type Db = mongoose.mongo.Db;
/** Any collection of the database, as a migration meets it. */
type Rows = mongoose.mongo.Collection<{ _id: string }>;

/**
 * One step of the layout, from the version before it to `to`. Programs of both versions work on the database from the
 * beginning of `expand` until `contract`: the newer one writes what both read, and reads either.
 */
export interface Migration {
  to: number;
  /** Adds what the newer program reads and takes nothing away. Done again it changes nothing. */
  expand(walk: Walk, db: Db): Promise<void>;
  /**
   * Once no older program runs: completes what they wrote meanwhile in the old way, then takes away what only they need.
   * Done again it changes nothing.
   */
  contract?(walk: Walk, db: Db): Promise<void>;
}

/** Works through a collection in pages by id. Broken off, the next walk under that name goes on after the last page. */
export type Walk = (
  collection: string,
  work: (ids: readonly string[], rows: Rows) => Promise<void>,
) => Promise<void>;

/** In order, each `to` one more than the one before; a released one is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  // Nothing is rewritten: what is read lies where its reference says, and new content waits until no older program reads it.
  { to: CONTENT_BY_QUARTERS, expand: async () => {} },
  { to: DELIVERY_LOG, expand: fillLog, contract: fillLog },
];

async function fillLog(walk: Walk, db: Db): Promise<void> {
  await walk('documents', (ids) => fillDocuments(db, ids));
  await walk('deliveries', (ids) => fillDeliveries(db, ids));
  await walk('events', (ids) => fillActs(db, ids));
  await walk('refusals', (ids) => fillRefusals(db, ids));
}

export interface MigrateOptions {
  db: Db;
  /** Held while it runs, so that one process migrates at a time. */
  lease: Lease;
  /** After the older programs have ended: takes away what only they needed, and keeps them out. */
  contract?: boolean;
  migrations?: readonly Migration[];
  onProgress?: (version: number, collection: string, rows: number) => void;
}

/** What a database is after a migration. */
export interface Migrated {
  version: number;
  readableFrom: number;
}

const PAGE = 500;

/**
 * Brings a database to this program's layout while nodes serve. Pages may be done twice where the lease ended in the middle,
 * which changes nothing.
 * @throws TrucError `adapters.migration-running` when another process holds the lease or took it over,
 * `adapters.contract-first` when the step before is not completed
 */
export async function migrateLayout({
  db,
  lease,
  contract = false,
  migrations = MIGRATIONS,
  onProgress = () => {},
}: MigrateOptions): Promise<Migrated> {
  const layouts = db.collection<LayoutRow>('layout');
  const inOffice = async () => {
    if (!(await lease.take())) throw new TrucError('adapters.migration-running', {});
  };
  const row = () => layouts.findOne({ _id: 'truc' });
  const walkFor =
    (step: string, version: number): Walk =>
    (collection, work) =>
      walk({ db, layouts, name: `${step}-${version}-${collection}`, collection, inOffice }, work, (rows) =>
        onProgress(version, collection, rows),
      );

  const set = async (fields: Partial<LayoutRow>) => {
    await inOffice();
    await layouts.updateOne({ _id: 'truc' }, { $set: fields, $unset: { walks: '' } });
  };
  const contractOne = async ({ to, contract: work }: Migration) => {
    // First, so that no older program starts in the middle; what is missing afterwards is begun again.
    await layouts.updateOne({ _id: 'truc' }, { $set: { readableFrom: to, contracting: to } });
    await work?.(walkFor('contract', to), db);
    await set({ contracting: 0 });
  };

  await inOffice();
  try {
    for (const migration of migrations) {
      const found = stateOf(await row());
      if (migration.to > found.version) {
        // Programs of two layouts work side by side, never of three.
        if (found.readableFrom < found.version)
          throw new TrucError('adapters.contract-first', { found: found.version });
        await migration.expand(walkFor('expand', migration.to), db);
        await set({ version: migration.to, readableFrom: found.version });
      }
      if (contract && (await openStep(layouts)) === migration.to) await contractOne(migration);
    }
    return stateOf(await row());
  } finally {
    await lease.give();
  }
}

/** The step whose `contract` is to be done; null when older programs are kept out already and nothing is half done. */
async function openStep(layouts: mongoose.mongo.Collection<LayoutRow>): Promise<number | null> {
  const row = await layouts.findOne({ _id: 'truc' });
  if (row?.contracting) return row.contracting;
  const { version, readableFrom } = stateOf(row);
  return readableFrom < version ? version : null;
}

interface Walking {
  db: Db;
  layouts: mongoose.mongo.Collection<LayoutRow>;
  name: string;
  collection: string;
  inOffice(): Promise<void>;
}

async function walk(
  { db, layouts, name, collection, inOffice }: Walking,
  work: Parameters<Walk>[1],
  onProgress: (rows: number) => void,
): Promise<void> {
  const rows = db.collection<{ _id: string }>(collection);
  let after = (await layouts.findOne({ _id: 'truc' }))?.walks?.[name] ?? '';
  for (let done = 0; ; ) {
    const page = await rows
      .find({ _id: { $gt: after } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(PAGE)
      .toArray();
    const last = page.at(-1);
    if (!last) return;
    await inOffice();
    await work(
      page.map((row) => row._id),
      rows,
    );
    after = last._id;
    await layouts.updateOne({ _id: 'truc' }, { $set: { [`walks.${name}`]: after } });
    done += page.length;
    onProgress(done);
  }
}
