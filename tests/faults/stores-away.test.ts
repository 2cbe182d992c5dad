import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import { trucClient } from '../../src/client/index.ts';
import { type DemoCredentials, readCredentials } from '../../src/lab/index.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { type TcpRelay, tcpRelay } from '../tcp-relay.ts';
import { type Letters, letters } from '../world.ts';

let stores: SharedStores;
let node: RunningDemo;
let desk: Letters;
const folder = nodeFolder();
const relays = {} as Record<'mongodb' | 's3' | 'redis', TcpRelay>;

/** A relay towards the server that a URL names, and the URL through it. */
async function through(url: string): Promise<{ relay: TcpRelay; url: string }> {
  const [, host = '', port = ''] = /(127\.0\.0\.1|localhost):(\d+)/.exec(url) ?? [];
  const relay = await tcpRelay(host, Number(port));
  return { relay, url: url.replace(`${host}:${port}`, `127.0.0.1:${relay.port}`) };
}

async function readiness(): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${node.operationsUrl}/readyz`);
  return { status: response.status, body: await response.json() };
}

/** Asks until the answer has the status; the test's own limit ends it. */
async function until(status: number): Promise<unknown> {
  for (;;) {
    const now = await readiness();
    if (now.status === status) return now.body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function metric(line: string): Promise<string | undefined> {
  const text = await (await fetch(`${node.operationsUrl}/metrics`)).text();
  return text
    .split('\n')
    .find((one) => one.startsWith(`${line} `))
    ?.slice(line.length + 1);
}

async function metricBecomes(line: string, value: string): Promise<void> {
  while ((await metric(line)) !== value) await new Promise((resolve) => setTimeout(resolve, 100));
}

async function send(): Promise<{ documentId: string }> {
  const { agencies } = readCredentials(node.folder) as DemoCredentials;
  const commune = agencies.find(({ code }) => code === 'H53.32.29') as DemoCredentials['agencies'][0];
  return trucClient({ url: node.localUrl, ...commune }).send(await desk.letter('H53.32.29', ['G09']));
}

describeWithServices('a node whose stores go away', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    const mongo = await through(stores.settings.MONGO_URL as string);
    const redis = await through(stores.settings.REDIS_URL as string);
    const s3 = await through(stores.settings.S3_URL as string);
    Object.assign(relays, { mongodb: mongo.relay, redis: redis.relay, s3: s3.relay });
    const config = configFrom(
      {
        ...stores.settings,
        // Without discovery, which would find the way around the relay.
        MONGO_URL: mongo.url.replace(/replicaSet=\w+/, 'directConnection=true'),
        REDIS_URL: redis.url,
        S3_URL: s3.url,
        PORT: '0',
        OPERATIONS_PORT: '0',
        DATA: folder.path,
      },
      true,
    );
    node = await startDemo({ config, log: makeLog('silent'), tell: () => {}, everyMs: 0 });
    desk = await letters(node.pki);
  }, 300_000);

  afterAll(async () => {
    for (const relay of Object.values(relays)) {
      await relay.cut();
      await relay.open();
    }
    await node?.stop();
    for (const relay of Object.values(relays)) await relay.cut();
    await desk?.stop();
    await stores?.remove();
    folder.remove();
  }, 300_000);

  test('with all of them it is ready, and is the one that writes', async () => {
    expect(await until(200)).toEqual({ status: 'ready' });
    await metricBecomes('truc_ledger_writer', '1');
    expect(await metric('truc_ledger_pending')).toBe('0');
    for (const store of Object.keys(relays))
      expect(await metric(`truc_store_up{store="${store}"}`)).toBe('1');
  }, 30_000);

  test('without Redis it is ready and takes documents; the metric tells', async () => {
    await relays.redis.cut();
    await metricBecomes('truc_store_up{store="redis"}', '0');
    expect(await readiness()).toMatchObject({ status: 200 });
    expect((await send()).documentId).toMatch(/^[0-9a-f-]{36}$/);
    await relays.redis.open();
    await metricBecomes('truc_store_up{store="redis"}', '1');
  }, 300_000);

  test.each(['mongodb', 's3'] as const)(
    'without %s it is not ready, lives, and comes back',
    async (store) => {
      await relays[store].cut();
      expect(await until(503)).toEqual({ status: 'not-ready', reason: `${store}-away` });
      expect((await fetch(`${node.localUrl}/healthz`)).status).toBe(200);
      expect(await metric(`truc_store_up{store="${store}"}`)).toBe('0');
      await relays[store].open();
      expect(await until(200)).toEqual({ status: 'ready' });
      expect((await send()).documentId).toMatch(/^[0-9a-f-]{36}$/);
    },
    90_000,
  );

  test('a database that has fallen silent is away as well', async () => {
    // New connections too: a node with few of them would be well again by opening another.
    relays.mongodb.silence('new ones too');
    const refusing = relays.mongodb.cut.bind(relays.mongodb);
    expect(await until(503)).toEqual({ status: 'not-ready', reason: 'mongodb-away' });
    await refusing();
    await relays.mongodb.open();
    expect(await until(200)).toEqual({ status: 'ready' });
  }, 90_000);
});
