import { afterEach, expect, test } from '@jest/globals';
import { openMongo } from '../../src/adapters/distributed/database.ts';
import { newId } from '../../src/kernel/index.ts';
import { describeWithServices, services } from '../services.ts';

const open: { close(): Promise<void> }[] = [];
const plans = [{ name: 'things', indexes: [{ key: { code: 1 }, name: 'by_code', unique: true }] }];

async function database(name = `truc-test-${newId()}`) {
  const mongo = await openMongo(services().mongoUrl, name, plans);
  open.push(mongo);
  return mongo;
}

afterEach(async () => {
  for (const mongo of open.splice(0)) await mongo.close();
});

describeWithServices('the database of the distributed profile', () => {
  test('writes of one piece of work are all there or none', async () => {
    const mongo = await database();
    const things = mongo.collection<{ code: string }>('things');
    await mongo.atomically(async (session) => {
      await things.insertOne({ code: 'a' }, { session });
      await things.insertOne({ code: 'b' }, { session });
    });
    const failed = mongo.atomically(async (session) => {
      await things.insertOne({ code: 'c' }, { session });
      await things.insertOne({ code: 'a' }, { session });
    });
    await expect(failed).rejects.toMatchObject({ code: 11_000 });
    expect((await things.find().sort({ code: 1 }).toArray()).map((one) => one.code)).toEqual(['a', 'b']);
  });

  test('several nodes open the same new database at once', async () => {
    const name = `truc-test-${newId()}`;
    const nodes = await Promise.all(Array.from({ length: 5 }, () => database(name)));
    const indexes = await nodes[0]?.collection('things').indexes();
    expect(indexes?.map((one) => one.name)).toEqual(['_id_', 'by_code']);
  });

  test('a database that a newer version has migrated is refused', async () => {
    const name = `truc-test-${newId()}`;
    const mongo = await database(name);
    await mongo
      .collection<{ _id: string }>('layout')
      .updateOne({ _id: 'truc' }, { $set: { version: 99, readableFrom: 98 } });
    await expect(database(name)).rejects.toMatchObject({ code: 'adapters.store-newer' });
  });

  test('an unreachable server is one typed error', async () => {
    const away = openMongo('mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300', 'x', []);
    await expect(away).rejects.toMatchObject({ code: 'adapters.store-failed' });
  });
});
