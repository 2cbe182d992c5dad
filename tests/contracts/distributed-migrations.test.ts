import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { type MongoDatabase, openMongo } from '../../src/adapters/distributed/database.ts';
import { LEASE_PLANS, lease } from '../../src/adapters/distributed/ledger-lease.ts';
import { type Migration, migrateLayout } from '../../src/adapters/distributed/migrate.ts';
import { newId } from '../../src/kernel/index.ts';
import { describeWithServices, services } from '../services.ts';

/** Rows of a test's own collection: version 2 has the number of words beside the text, version 3 another field. */
interface Row {
  _id: string;
  text?: string;
  words?: number;
  kept?: boolean;
}

const ROWS = 1_234;

const counting: Migration = {
  to: 2,
  expand: (walk, db) => walk('letters', (ids) => fill(db, ids)),
  contract: async (walk, db) => {
    await walk('letters', (ids) => fill(db, ids));
    await db.collection('letters').updateMany({}, { $unset: { text: '' } });
  },
};
const keeping: Migration = {
  to: 3,
  expand: (walk, db) =>
    walk('letters', async (ids) => {
      await db.collection<Row>('letters').updateMany({ _id: { $in: [...ids] } }, { $set: { kept: true } });
    }),
};

async function fill(db: mongoose.mongo.Db, ids: readonly string[]): Promise<void> {
  await db
    .collection<Row>('letters')
    .updateMany({ _id: { $in: [...ids] }, text: { $exists: true } }, [
      { $set: { words: { $size: { $split: ['$text', ' '] } } } },
    ]);
}

describeWithServices('migrations of the MongoDB layout', () => {
  let name: string;
  let mongo: MongoDatabase;
  const open = (program: number) => openMongo(services().mongoUrl, name, LEASE_PLANS, { program });
  /** Whether a node of a version may work on the database. */
  const admits = async (program: number) => {
    try {
      await (await open(program)).close();
      return 'yes';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const letters = () => mongo.collection<Row>('letters');
  const migrate = (migrations: readonly Migration[], contract = false, holder = newId(), ttlMs = 30_000) =>
    migrateLayout({ db: mongo.raw, lease: lease(mongo, 'migration', holder, ttlMs), migrations, contract });

  beforeEach(async () => {
    name = `truc-test-${newId()}`;
    mongo = await open(1);
    const rows = Array.from({ length: ROWS }, (_, i) => ({ _id: String(i).padStart(5, '0'), text: 'a b c' }));
    await letters().insertMany(rows);
  });
  afterEach(async () => {
    await mongo.raw.dropDatabase();
    await mongo.close();
  });

  test('expand keeps the version before at work; contract completes what it wrote, and keeps it out', async () => {
    expect(await migrate([counting])).toEqual({ version: 2, readableFrom: 1 });
    expect(await letters().countDocuments({ words: 3, text: 'a b c' })).toBe(ROWS);
    expect([await admits(1), await admits(2), await admits(3), await admits(4)]).toEqual([
      'yes',
      'yes',
      'yes',
      'adapters.store-older',
    ]);
    await letters().insertOne({ _id: 'written-by-version-1', text: 'a b' });
    expect(await migrate([counting], true)).toEqual({ version: 2, readableFrom: 2 });
    expect(await letters().findOne({ _id: 'written-by-version-1' })).toEqual({
      _id: 'written-by-version-1',
      words: 2,
    });
    expect([await admits(1), await admits(2)]).toEqual(['adapters.store-newer', 'yes']);
    expect(await migrate([counting], true)).toEqual({ version: 2, readableFrom: 2 });
  });

  test('broken off, it goes on after the last whole page', async () => {
    const seen: string[] = [];
    let pages = 0;
    const failing = (at: number): Migration => ({
      to: 2,
      expand: (walk) =>
        walk('letters', async (ids) => {
          if (pages++ === at) throw new RangeError('killed');
          seen.push(...ids);
        }),
    });
    await expect(migrate([failing(1)])).rejects.toThrow('killed');
    expect(await admits(1)).toBe('yes');
    expect(await migrate([failing(-1)])).toEqual({ version: 2, readableFrom: 1 });
    expect(seen).toHaveLength(ROWS);
    expect(new Set(seen).size).toBe(ROWS);
  });

  test('a contract that was broken off is done again, and older programs stay out meanwhile', async () => {
    await migrate([counting]);
    const failing: Migration = {
      ...counting,
      contract: async () => {
        throw new RangeError('killed');
      },
    };
    await expect(migrate([failing], true)).rejects.toThrow('killed');
    expect(await admits(1)).toBe('adapters.store-newer');
    expect(await migrate([counting], true)).toEqual({ version: 2, readableFrom: 2 });
    expect(await letters().countDocuments({ text: { $exists: true } })).toBe(0);
  });

  test('one process migrates at a time, and a second one finds it done', async () => {
    const inside = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow: Migration = {
      ...counting,
      expand: async (walk, db) => {
        inside.resolve();
        await goOn.promise;
        await counting.expand(walk, db);
      },
    };
    const first = migrate([slow]);
    await inside.promise;
    await expect(migrate([counting])).rejects.toMatchObject({ code: 'adapters.migration-running' });
    goOn.resolve();
    await first;
    const never: Migration = {
      to: 2,
      expand: async () => {
        throw new RangeError('done twice');
      },
    };
    expect(await migrate([never])).toEqual({ version: 2, readableFrom: 1 });
  });

  test('programs of two layouts work side by side, never of three', async () => {
    await migrate([counting]);
    await expect(migrate([counting, keeping])).rejects.toMatchObject({ code: 'adapters.contract-first' });
    expect(await migrate([counting, keeping], true)).toEqual({ version: 3, readableFrom: 3 });
    expect(await letters().countDocuments({ kept: true, words: 3 })).toBe(ROWS);
  });
});
