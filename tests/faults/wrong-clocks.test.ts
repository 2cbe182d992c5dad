import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { trucClient } from '../../src/client/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { clockMover, type MovedClock } from '../moved-clock.ts';
import { type SharedStores, sharedStores } from '../nodes.ts';
import { seededRandom } from '../random.ts';
import { describeWithServices } from '../services.ts';
import { lettersOf } from './letters.ts';

const PATIENCE_MS = 240_000;
const HOUR_S = 3_600;
const YEAR_S = 365 * 24 * HOUR_S;
/** Longer than libfaketime needs to see the file, and the node to compare clocks. */
const NOTICED_MS = 5_000;

const mover = clockMover();
const random = seededRandom();
let stores: SharedStores;
let folder: string;
let clocks: MovedClock[] = [];
let nodes: AxisProcess[] = [];
let letter: Awaited<ReturnType<typeof lettersOf>>;

const later = mover === null ? test.skip : test;

async function figure(node: AxisProcess, name: string): Promise<number> {
  const text = await (await fetch(`${node.operationsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

describeWithServices('nodes whose clocks are wrong', () => {
  beforeAll(async () => {
    if (mover === null) return;
    folder = mkdtempSync(join(tmpdir(), 'truc-clocks-'));
    stores = await sharedStores();
    const settings = Object.fromEntries(
      Object.entries(stores.settings).map(([name, value]) => [`TRUC_${name}`, value]),
    );
    clocks = [0, 1].map((i) => mover(folder, `node${i}`));
    nodes = await Promise.all(clocks.map(({ env }) => axisProcess([], { ...settings, ...env })));
    for (const node of nodes) await node.start();
    letter = await lettersOf(nodes[0] as AxisProcess, random.next, 1_000);
  }, PATIENCE_MS);
  afterEach(() => {
    for (const clock of clocks) clock.move(0);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.remove()));
    await stores?.remove();
    if (folder) rmSync(folder, { recursive: true });
  }, PATIENCE_MS);

  const client = (node: AxisProcess, code: string) => {
    const { clientId, clientSecret } = node
      .credentials()
      .agencies.find((one) => one.code === code) as ReturnType<AxisProcess['credentials']>['agencies'][0];
    return trucClient({ url: node.url, clientId, clientSecret });
  };

  /** A letter goes from one agency to another over these nodes and is acknowledged; when the ledger says it came in. */
  async function exchange(over: AxisProcess, back: AxisProcess): Promise<number> {
    const { documentId } = await client(over, 'G22').send(letter('G22', ['H53']).edxml);
    const recipient = client(back, 'H53');
    const item = (await recipient.inbox({ waitSeconds: 20, limit: 100 })).find(
      (one) => one.documentId === documentId,
    );
    await recipient.content(item?.deliveryId as string);
    await recipient.acknowledge(item?.deliveryId as string, 'done');
    const timeline = JSON.parse(
      (await client(over, 'G22').get(`/v1/documents/${documentId}/timeline`)).toString(),
    ) as { events: { type: string; at: string }[] };
    expect(timeline.events.map((event) => event.type)).toContain('delivery.acknowledged');
    return Math.max(...timeline.events.map((event) => Date.parse(event.at)));
  }

  later.each([
    ['an hour ahead', HOUR_S],
    ['an hour behind', -HOUR_S],
    ['a year ahead', YEAR_S],
  ])(
    'a clock that jumps %s while the node runs changes no time that it writes, on either node',
    async (_name, seconds) => {
      for (const [i, clock] of clocks.entries()) {
        const [moved, sound] = [nodes[i] as AxisProcess, nodes[1 - i] as AxisProcess];
        clock.move(seconds);
        await sleep(NOTICED_MS);
        expect(Math.abs((await figure(moved, 'truc_clock_apart_seconds')) + seconds)).toBeLessThan(5);
        expect(Math.abs(await figure(sound, 'truc_clock_apart_seconds'))).toBeLessThan(5);
        for (const last of [await exchange(moved, sound), await exchange(sound, moved)])
          expect(Math.abs(Date.now() - last)).toBeLessThan(30_000);
        clock.move(0);
        await sleep(NOTICED_MS);
        expect(Math.abs(await figure(moved, 'truc_clock_apart_seconds'))).toBeLessThan(5);
      }
      const { code, stdout } = await (nodes[0] as AxisProcess).trucBeside('fsck', '--json');
      expect({ code, faults: JSON.parse(stdout).faults }).toEqual({ code: 0, faults: [] });
    },
    PATIENCE_MS,
  );

  later(
    'a node whose clock is wrong at the start does not start, and says what to do',
    async () => {
      const [node, clock] = [nodes[1] as AxisProcess, clocks[1] as MovedClock];
      await node.stop();
      clock.move(HOUR_S);
      await expect(node.start()).rejects.toThrow(/app\.clock-apart/);
      clock.move(0);
      await node.start();
      await exchange(node, nodes[0] as AxisProcess);
    },
    PATIENCE_MS,
  );
});
