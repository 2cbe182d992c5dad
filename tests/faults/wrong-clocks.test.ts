import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { sleep } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { clockMover, type MovedClock } from '../moved-clock.ts';
import { prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { seededRandom } from '../random.ts';
import { describeWithServices, services } from '../services.ts';
import { type Exchanges, exchanges, figure } from './exchanges.ts';
import { type OwnServices, ownServices } from './own-services.ts';

const PATIENCE_MS = 600_000;
const HOUR_S = 3_600;
const YEAR_S = 365 * 24 * HOUR_S;
/** Longer than libfaketime needs to see the file, and the node to compare clocks. */
const NOTICED_MS = 5_000;

const mover = clockMover();
const random = seededRandom();
const later = mover === null ? test.skip : test;

/** Two nodes with clocks of their own. */
interface Clocked {
  stores: SharedStores;
  folder: string;
  clocks: MovedClock[];
  nodes: AxisProcess[];
  post: Exchanges;
  remove(): Promise<void>;
}

async function clocked(servers: { mongoUrl: string; redisUrl: string }): Promise<Clocked> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-clocks-'));
  const stores = await sharedStores('http://127.0.0.1', servers);
  const settings = prefixed(stores.settings);
  const clocks = [0, 1].map((i) => (mover as NonNullable<typeof mover>)(folder, `node${i}`));
  const nodes = await Promise.all(clocks.map(({ env }) => axisProcess([], { ...settings, ...env })));
  for (const node of nodes) await node.start();
  return {
    ...{ stores, folder, clocks, nodes },
    post: await exchanges(nodes[0] as AxisProcess, random),
    remove: async () => {
      await Promise.all(nodes.map((node) => node.remove()));
      await stores.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

function expectNow(time: number): void {
  expect(Math.abs(Date.now() - time)).toBeLessThan(30_000);
}

describeWithServices('nodes whose clocks are wrong', () => {
  let world: Clocked;
  beforeAll(async () => {
    if (mover) world = await clocked(services());
  }, PATIENCE_MS);
  afterEach(() => {
    for (const clock of world?.clocks ?? []) clock.move(0);
  });
  afterAll(() => world?.remove(), PATIENCE_MS);

  later.each([
    ['an hour ahead', HOUR_S],
    ['an hour behind', -HOUR_S],
    ['a year ahead', YEAR_S],
  ])(
    'a clock that jumps %s while the node runs changes no time that it writes, on either node',
    async (_name, seconds) => {
      for (const [i, clock] of world.clocks.entries()) {
        const [moved, sound] = [world.nodes[i] as AxisProcess, world.nodes[1 - i] as AxisProcess];
        clock.move(seconds);
        await sleep(NOTICED_MS);
        expect(Math.abs((await figure(moved, 'truc_clock_apart_seconds')) + seconds)).toBeLessThan(5);
        expect(Math.abs(await figure(sound, 'truc_clock_apart_seconds'))).toBeLessThan(5);
        expectNow(await world.post.once(moved, sound));
        expectNow(await world.post.once(sound, moved));
        clock.move(0);
        await sleep(NOTICED_MS);
        expect(Math.abs(await figure(moved, 'truc_clock_apart_seconds'))).toBeLessThan(5);
      }
      const { code, stdout } = await (world.nodes[0] as AxisProcess).trucBeside('fsck', '--json');
      expect({ code, faults: JSON.parse(stdout).faults }).toEqual({ code: 0, faults: [] });
    },
    PATIENCE_MS,
  );

  later(
    'a node whose clock is wrong at the start does not start, and says what to do',
    async () => {
      const [other, node] = world.nodes as [AxisProcess, AxisProcess];
      await node.stop();
      (world.clocks[1] as MovedClock).move(HOUR_S);
      await expect(node.start()).rejects.toThrow(/app\.clock-apart/);
      (world.clocks[1] as MovedClock).move(0);
      await node.start();
      await world.post.once(node, other);
    },
    PATIENCE_MS,
  );
});

describeWithServices('MongoDB, whose clock is wrong', () => {
  let own: OwnServices;
  let world: Clocked;
  let clock: MovedClock;
  let folder: string;
  beforeAll(async () => {
    if (mover === null) return;
    folder = mkdtempSync(join(tmpdir(), 'truc-clocks-'));
    clock = mover(folder, 'mongod');
    // One member: how three of them elect when all their clocks jump at once is MongoDB's affair.
    own = await ownServices({ members: 1, clock });
    world = await clocked(own);
  }, PATIENCE_MS);
  afterAll(async () => {
    try {
      await world?.remove();
    } finally {
      await own?.remove();
      if (folder) rmSync(folder, { recursive: true });
    }
  }, PATIENCE_MS);

  later.each([
    ['an hour ahead', HOUR_S],
    ['an hour behind', -HOUR_S],
  ])(
    'jumps %s: letters go through at the right time, and when it is right again the writer can be replaced',
    async (_name, seconds) => {
      const [first, second] = world.nodes as [AxisProcess, AxisProcess];
      clock.move(seconds);
      await sleep(NOTICED_MS);
      expectNow(await world.post.once(first, second));
      clock.move(0);
      await sleep(NOTICED_MS);
      const [writer, other] =
        (await figure(first, 'truc_ledger_writer')) === 1 ? [first, second] : [second, first];
      await writer.kill();
      expectNow(await world.post.once(other, other));
      await writer.start();
    },
    PATIENCE_MS,
  );
});
