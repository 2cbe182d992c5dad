import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDistributed } from '../../src/adapters/distributed/index.ts';
import { trucClient } from '../../src/client/index.ts';
import { checkStores } from '../../src/exchange/index.ts';
import { randomBytes, silentLog, sleep } from '../../src/kernel/index.ts';
import { checkHistory, emptyHistory, startLoad } from '../../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { clockMover, type MovedClock } from '../moved-clock.ts';
import { seededRandom } from '../random.ts';
import { startS3Server } from '../s3-server.ts';
import { describeWithServices } from '../services.ts';
import { type HttpRelay, httpRelay } from './http-relay.ts';
import { lettersOf } from './letters.ts';
import { type OwnServices, ownServices } from './own-services.ts';

/** Minutes under faults; TRUC_TEST_DRILL_MINUTES makes a long drill of it. */
const MINUTES = Number(process.env.TRUC_TEST_DRILL_MINUTES ?? 0.9);
const NODES = 2;
/** For what is still on its way when the faults are over, on a machine that others use too. */
const TAKING_MS = 240_000;
/** A node starts only where its clock and MongoDB's agree: libfaketime takes a second to set them right. */
const NOTICED_MS = 2_000;
/** Deliveries that wait while Redis is wiped. */
const WAITING = MINUTES >= 5 ? 5_000 : 320;

let own: OwnServices;
let s3: Awaited<ReturnType<typeof startS3Server>>;
let s3Way: HttpRelay;
let nodes: AxisProcess[] = [];
/** Of each node; none where clocks cannot be moved. */
let clocks: MovedClock[] = [];
let clockFolder: string;
const random = seededRandom();
const pick = <T>(from: readonly T[]): T => from[random.between(0, from.length - 1)] as T;

function settings(): Record<string, string> {
  return {
    TRUC_PROFILE: 'distributed',
    TRUC_MONGO_URL: own.mongoUrl.replace('/?', '/drill?'),
    TRUC_REDIS_URL: own.redisUrl,
    TRUC_S3_URL: `http://S3RVER:S3RVER@127.0.0.1:${s3Way.port}/truc`,
    TRUC_MASTER_KEY: masterKey,
    TRUC_PUBLIC_URL: 'http://127.0.0.1',
  };
}
const masterKey = randomBytes(32).toString('hex');

/** Each leaves the installation as it found it, a few seconds later. */
const FAULTS: Readonly<Record<string, () => Promise<void>>> = {
  'node killed': async () => {
    const node = pick(nodes);
    await node.kill();
    await sleep(random.between(0, 2_000));
    await node.start();
  },
  'node paused': async () => {
    const node = pick(nodes);
    node.pause();
    await sleep(random.between(3_000, 9_000));
    node.resume();
  },
  'primary killed': async () => {
    const { pid } = await own.primary();
    process.kill(pid, 'SIGKILL');
    await sleep(random.between(500, 4_000));
    await own.start();
  },
  'primary paused': async () => {
    const { pid } = await own.primary();
    process.kill(pid, 'SIGSTOP');
    await sleep(random.between(3_000, 14_000));
    process.kill(pid, 'SIGCONT');
  },
  'primary stepped down': () => own.stepDown(),
  'Redis killed': async () => {
    own.killRedis();
    await sleep(random.between(500, 4_000));
    await own.start();
  },
  'Redis emptied': () => own.flushRedis(),
  'S3 cut off': async () => {
    s3Way.set({ kind: 'cut' });
    await sleep(random.between(500, 4_000));
    s3Way.set({ kind: 'open' });
  },
  'S3 slow': async () => {
    s3Way.set({ kind: 'slow', ms: 400 });
    await sleep(random.between(2_000, 5_000));
    s3Way.set({ kind: 'open' });
  },
  'S3 disk full (answers 507)': async () => {
    s3Way.set({ kind: 'full' });
    await sleep(random.between(1_000, 3_000));
    s3Way.set({ kind: 'open' });
  },
};

/** Wrong by seconds, minutes, hours or months, ahead or behind. */
async function moveClock(clock: MovedClock): Promise<void> {
  const size = pick([20, 600, 5 * 3_600, 100 * 86_400]);
  clock.move(random.between(1, size) * pick([1, -1]));
  await sleep(random.between(3_000, 9_000));
  clock.move(0);
  await sleep(NOTICED_MS);
}

const CLOCK_FAULTS: typeof FAULTS = {
  "node's clock moved": () => moveClock(pick(clocks)),
};

/** Every kind once in a chance order, then again, until the time is over. */
async function strike(until: number, struck: Map<string, number>): Promise<void> {
  const faults = clocks.length > 0 ? { ...FAULTS, ...CLOCK_FAULTS } : FAULTS;
  for (let bag: string[] = []; performance.now() < until; ) {
    if (bag.length === 0) bag = Object.keys(faults);
    const [name] = bag.splice(random.between(0, bag.length - 1), 1) as [string];
    await (faults[name] as () => Promise<void>)();
    struck.set(name, (struck.get(name) ?? 0) + 1);
    await sleep(random.between(500, 2_500));
  }
}

describeWithServices('the drill', () => {
  beforeAll(async () => {
    const mover = clockMover();
    clockFolder = mkdtempSync(join(tmpdir(), 'truc-clocks-'));
    if (mover) clocks = Array.from({ length: NODES }, (_, i) => mover(clockFolder, String(i)));
    own = await ownServices();
    s3 = await startS3Server();
    s3Way = await httpRelay(s3.port);
    nodes = await Promise.all(
      Array.from({ length: NODES }, (_, i) => axisProcess([], { ...settings(), ...clocks[i]?.env })),
    );
    await Promise.all(nodes.map((node) => node.start()));
  }, 600_000);

  afterAll(async () => {
    keepLog();
    for (const node of nodes) node.resume();
    await Promise.all(nodes.map((node) => node.remove()));
    await s3Way?.close();
    await s3?.stop();
    await own?.remove();
    if (clockFolder) rmSync(clockFolder, { recursive: true });
  }, 300_000);

  test(
    'Redis is killed and wiped while deliveries wait: all are delivered, once',
    async () => {
      const [first, second] = nodes as [AxisProcess, AxisProcess];
      const { agencies } = first.credentials();
      const clientOf = (code: string, { url }: AxisProcess) => {
        const { clientId, clientSecret } = agencies.find(
          (one) => one.code === code,
        ) as (typeof agencies)[number];
        return trucClient({ url, clientId, clientSecret });
      };
      const [from, ...to] = agencies.map((one) => one.code) as [string, ...string[]];
      const letter = await lettersOf(first, random.next, 50_000);
      const sender = clientOf(from, first);
      const wanted = Math.ceil(WAITING / to.length);
      const sent: string[] = [];
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          while (sent.length < wanted) {
            const at = sent.push('') - 1;
            sent[at] = (await sender.send(letter(from, to).edxml)).documentId;
          }
        }),
      );
      own.killRedis();
      await own.start();
      await own.flushRedis();
      const taken: string[] = [];
      await Promise.all(
        to.map(async (code, i) => {
          const client = clientOf(code, i % 2 ? first : second);
          for (let left = wanted; left > 0; ) {
            const items = await client.inbox({ limit: 100, waitSeconds: 5 });
            for (const { deliveryId, documentId } of items) {
              await client.acknowledge(deliveryId, 'done');
              taken.push(`${code} ${documentId}`);
            }
            left -= items.length;
            if (items.length === 0) break;
          }
        }),
      );
      const due = to.flatMap((code) => sent.map((documentId) => `${code} ${documentId}`));
      expect(taken.sort()).toEqual(due.sort());
    },
    240_000 + WAITING * 60,
  );

  test(
    'nodes, MongoDB, Redis and S3 fail in turn under load: nothing lost, nothing twice, ledger whole',
    async () => {
      const first = nodes[0] as AxisProcess;
      const credentials = first.credentials();
      const history = emptyHistory();
      const letter = await lettersOf(first, random.next, 1_000);
      const urls = nodes.map((node) => node.url);
      const load = startLoad({
        urls,
        agencies: credentials.agencies,
        letter,
        random: random.next,
        senders: 4,
        pauseMs: 150,
        history,
      });
      const struck = new Map<string, number>();
      const began = performance.now();
      const at = () => Math.round((performance.now() - began) / 1000);
      await strike(performance.now() + MINUTES * 60_000, struck);
      const phases = { struck: at(), sent: 0, taken: 0 };
      await load.endSending();
      phases.sent = at();
      await load.endTaking(TAKING_MS);
      phases.taken = at();
      const violations = await checkHistory({
        url: urls[1] as string,
        agencies: credentials.agencies,
        vkey: credentials.vkey,
        history,
      });
      const { letters, deliveries } = { letters: history.sent.length, deliveries: history.taken.length };
      console.info(
        JSON.stringify({
          seed: random.seed,
          minutes: MINUTES,
          seconds: phases,
          letters,
          deliveries,
          longestSilenceMs: Math.round(history.longestSilenceMs),
          faults: Object.fromEntries(struck),
          acts: Object.fromEntries([...history.counts].sort()),
          violations: violations.length,
        }),
      );
      expect(violations.slice(0, 20)).toEqual([]);
      expect(letters).toBeGreaterThan(20);
      expect(await Promise.all(nodes.map((node) => node.stop()))).toEqual(nodes.map(() => 0));
      await storesAgree();
    },
    MINUTES * 60_000 + 600_000,
  );
});

/** What the nodes said, also when a test failed. */
function keepLog(): void {
  const file = process.env.TRUC_TEST_DRILL_LOG;
  if (file) writeFileSync(file, nodes.map((node) => node.printed()).join('\n── node\n'));
}

async function storesAgree(): Promise<void> {
  const { TRUC_MONGO_URL, TRUC_REDIS_URL, TRUC_S3_URL } = settings() as Record<string, string>;
  const stores = await openDistributed({
    mongoUrl: TRUC_MONGO_URL as string,
    redisUrl: TRUC_REDIS_URL as string,
    s3Url: TRUC_S3_URL as string,
    log: silentLog,
  });
  try {
    expect((await checkStores(stores)).faults).toEqual([]);
  } finally {
    await stores.close();
  }
}
