import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import { trucClient } from '../../src/client/index.ts';
import { type DemoCredentials, readCredentials } from '../../src/lab/index.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices, services } from '../services.ts';
import { type Letters, letters } from '../world.ts';

let stores: SharedStores;
let desk: Letters;
let admin: mongoose.Connection;
const folder = nodeFolder();

async function startNode(): Promise<RunningDemo> {
  const settings = { ...stores.settings, PORT: '0', OPERATIONS_PORT: '0', DATA: folder.path };
  return startDemo({
    config: configFrom(settings, true),
    log: makeLog('silent'),
    tell: () => {},
    everyMs: 0,
  });
}

async function send(node: RunningDemo) {
  const { agencies } = readCredentials(node.folder) as DemoCredentials;
  const commune = agencies.find(({ code }) => code === 'H53.32.29') as DemoCredentials['agencies'][0];
  return trucClient({ url: node.localUrl, ...commune }).send(await desk.letter('H53.32.29', ['G09']));
}

type Copy = Map<string, mongoose.mongo.BSON.Document[]>;

/** What a dump of the axis's database holds; the signer's memory is another database and not in it. */
async function dump(): Promise<Copy> {
  const { db } = admin.useDb(stores.database);
  const collections = (await db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
  const rows = collections.map(
    async ({ name }) =>
      [name, (await db?.collection(name).find({}, { promoteValues: false }).toArray()) ?? []] as const,
  );
  return new Map(await Promise.all(rows));
}

async function restore(copy: Copy): Promise<void> {
  const { db } = admin.useDb(stores.database);
  await db?.dropDatabase();
  for (const [name, rows] of copy) if (rows.length > 0) await db?.collection(name).insertMany(rows);
}

async function readiness(node: RunningDemo): Promise<unknown> {
  return (await fetch(`${node.operationsUrl}/readyz`)).json();
}

async function becomes(node: RunningDemo, wanted: object): Promise<void> {
  while (JSON.stringify(await readiness(node)) !== JSON.stringify(wanted))
    await new Promise((resolve) => setTimeout(resolve, 100));
}

describeWithServices('the database restored from a copy', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    admin = await mongoose.createConnection(services().mongoUrl).asPromise();
  });
  afterAll(async () => {
    await admin?.close();
    await desk?.stop();
    await stores?.remove();
    folder.remove();
  });

  test('yesterday’s is refused by the signer, the newest goes on', async () => {
    const first = await startNode();
    desk = await letters(first.pki);
    await send(first);
    const yesterday = await dump();
    await send(first);
    await first.stop();
    const newest = await dump();

    await restore(yesterday);
    const behind = await startNode();
    await becomes(behind, { status: 'not-ready', reason: 'ledger.behind-signer' });
    await behind.stop();

    await restore(newest);
    const again = await startNode();
    await becomes(again, { status: 'ready' });
    expect((await send(again)).documentId).toMatch(/^[0-9a-f-]{36}$/);
    await again.stop();
  }, 400_000);
});
