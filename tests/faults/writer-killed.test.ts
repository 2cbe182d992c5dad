import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sleep } from '../../src/kernel/index.ts';
import { checkHistory, emptyHistory, startLoad } from '../../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { seededRandom } from '../random.ts';
import { describeWithServices } from '../services.ts';
import { lettersOf } from './letters.ts';

const BEFORE_MS = 3_000;
const AFTER_MS = 15_000;

let stores: SharedStores;
let nodes: AxisProcess[] = [];
const random = seededRandom();

async function writes({ operationsUrl }: AxisProcess): Promise<boolean> {
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text();
  return /^truc_ledger_writer 1$/m.test(metrics);
}

describeWithServices('the node that writes the ledger', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    const settings = prefixed(stores.settings);
    nodes = await Promise.all([1, 2].map(() => axisProcess([], settings)));
    await Promise.all(nodes.map((node) => node.start()));
  }, 600_000);

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.remove()));
    await stores?.remove();
  });

  test('is killed under load: the other one takes over, and nothing that was acknowledged is lost', async () => {
    const [first, second] = nodes as [AxisProcess, AxisProcess];
    const { agencies, vkey } = first.credentials();
    const letter = await lettersOf(first, random.next, 1_000);
    const history = emptyHistory();
    const urls = nodes.map((node) => node.url);
    const load = startLoad({ urls, agencies, letter, random: random.next, senders: 4, pauseMs: 50, history });
    await sleep(BEFORE_MS);
    const before = history.longestSilenceMs;
    const [killed, left] = (await writes(first)) ? [first, second] : [second, first];
    expect(await writes(killed)).toBe(true);
    await killed.kill();
    await sleep(AFTER_MS);
    await load.endSending();
    await load.endTaking(60_000);
    expect(await writes(left)).toBe(true);
    console.info(
      `longest time without an accepted letter: ${Math.round(before)} ms before, ${Math.round(history.longestSilenceMs)} ms around the kill; ${history.sent.length} letters`,
    );
    expect(await checkHistory({ url: left.url, agencies, vkey, history })).toEqual([]);
  }, 400_000);
});
