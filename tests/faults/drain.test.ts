import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { trucClient } from '../../src/client/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { type Balancer, balancer } from '../balancer.ts';
import { prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';

const FROM = 'H53.32.29';
const SENDERS = 4;
const EACH_TIME = 40;

let proxy: Balancer;
let stores: SharedStores;
const nodes: AxisProcess[] = [];

/** A system of the agency that talks to whatever stands before the nodes. */
function system(code: string) {
  const { agencies } = (nodes[0] as AxisProcess).credentials();
  const { clientId, clientSecret } = agencies.find((one) => one.code === code) as (typeof agencies)[0];
  return trucClient({ url: proxy.url, clientId, clientSecret });
}

async function writes(node: AxisProcess): Promise<boolean> {
  const metrics = await (await fetch(`${node.operationsUrl}/metrics`)).text();
  return /^truc_ledger_writer 1$/m.test(metrics);
}

/** The node that writes the ledger, and the other one. */
async function roles(): Promise<{ writer: AxisProcess; other: AxisProcess }> {
  for (;;) {
    for (const [i, node] of nodes.entries())
      if (await writes(node)) return { writer: node, other: nodes[1 - i] as AxisProcess };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Letters without end, each another document; what failed is kept, and nothing is tried again. */
function senders() {
  const sample = readFileSync(
    join((nodes[0] as AxisProcess).dataDir, 'demo', 'samples', '01-xa-gui-bo.edxml'),
    'utf8',
  );
  const client = system(FROM);
  const accepted = new Set<string>();
  const failed: string[] = [];
  let number = 1_000;
  let over = false;
  const send = async () => {
    while (!over) {
      const letter = sample.replaceAll('901/UBND', `${++number}/UBND`);
      await client.send(Buffer.from(letter)).then(
        ({ documentId }) => accepted.add(documentId),
        (error: unknown) => failed.push(String(error)),
      );
    }
  };
  const running = Array.from({ length: SENDERS }, send);
  return {
    accepted,
    failed,
    more: async (count: number) => {
      const until = accepted.size + failed.length + count;
      while (accepted.size + failed.length < until) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    end: async () => {
      over = true;
      await Promise.all(running);
    },
  };
}

describeWithServices('a node of two that is told to end', () => {
  beforeAll(async () => {
    proxy = await balancer();
    stores = await sharedStores(proxy.url);
    const settings = prefixed({ ...stores.settings, DRAIN_SECONDS: '4' });
    for (let i = 0; i < 2; i++) nodes.push(await axisProcess([], settings));
    for (const node of nodes) await node.start();
    proxy.use(nodes);
  }, 400_000);

  afterAll(async () => {
    for (const node of nodes) await node.remove();
    await proxy?.stop();
    await stores?.remove();
  }, 300_000);

  test('no request fails, the ledger has another writer, and everything accepted is there', async () => {
    const { writer, other } = await roles();
    const load = senders();
    await load.more(EACH_TIME);

    const ended = writer.stop();
    await load.more(EACH_TIME);
    expect(await ended).toBe(0);
    await load.more(EACH_TIME);
    await load.end();

    expect(load.failed).toEqual([]);
    expect(proxy.answered().get(writer.url)).toBeGreaterThan(0);
    expect(await writes(other)).toBe(true);
    const reader = system(FROM);
    for (const documentId of load.accepted) {
      const timeline = await reader.get(`/v1/documents/${documentId}/timeline`);
      expect(timeline.toString()).toContain('document.submitted');
    }
  }, 400_000);

  test('it comes back, and the other one may end', async () => {
    const gone = nodes.filter((node) => proxy.answered().has(node.url));
    const [first, second] = gone as [AxisProcess, AxisProcess];
    const stopped = (await fetch(`${first.url}/healthz`).catch(() => null)) === null ? first : second;
    await stopped.start();
    const load = senders();
    await load.more(EACH_TIME);
    const { writer } = await roles();
    const ended = writer.stop();
    await load.more(EACH_TIME);
    expect(await ended).toBe(0);
    await load.end();
    expect(load.failed).toEqual([]);
  }, 400_000);
});
