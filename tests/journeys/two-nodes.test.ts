import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import { type InboxItem, type TrucClient, trucClient } from '../../src/client/index.ts';
import { checkStores } from '../../src/exchange/index.ts';
import { type DemoCredentials, readCredentials } from '../../src/lab/index.ts';
import { auditLog } from '../../src/ledger/index.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { fetchLog, type Letters, letters } from '../world.ts';

let stores: SharedStores;
const folders = [nodeFolder(), nodeFolder()];
const nodes: RunningDemo[] = [];
let desk: Letters;

async function startNode(path: string): Promise<RunningDemo> {
  const config = configFrom({ ...stores.settings, PORT: '0', OPERATIONS_PORT: '0', DATA: path }, true);
  return startDemo({ config, log: makeLog('warn'), tell: () => {}, everyMs: 0 });
}

/** A document system of the agency that talks to one node. */
function at(node: number, code: string): TrucClient {
  const demo = nodes[node] as RunningDemo;
  const { agencies } = readCredentials(demo.folder) as DemoCredentials;
  const { clientId, clientSecret } = agencies.find(
    (one) => one.code === code,
  ) as DemoCredentials['agencies'][0];
  return trucClient({ url: demo.localUrl, clientId, clientSecret });
}

async function read<Body>(client: TrucClient, path: string): Promise<Body> {
  return JSON.parse((await client.get(path)).toString()) as Body;
}

describeWithServices('two nodes on the same stores', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    nodes.push(...(await Promise.all(folders.map(({ path }) => startNode(path)))));
    desk = await letters((nodes[0] as RunningDemo).pki);
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await desk?.stop();
    await stores?.remove();
    for (const folder of folders) folder.remove();
  });

  test('both have the same keys, PKI and systems, whichever came first', () => {
    const [a, b] = nodes as [RunningDemo, RunningDemo];
    expect(a.vkey).toBe(b.vkey);
    expect(a.pki.anchors).toEqual(b.pki.anchors);
    expect(readCredentials(a.folder)?.agencies).toEqual(readCredentials(b.folder)?.agencies);
  });

  test('a letter that one node took is fetched, acknowledged and answered over the other', async () => {
    const bytes = await desk.letter('H53.32.29', ['G09']);
    const { documentId } = await at(0, 'H53.32.29').send(bytes);
    const ministry = at(1, 'G09');
    const items = await ministry.inbox({ waitSeconds: 5 });
    const { deliveryId } = items.find((one) => one.documentId === documentId) as InboxItem;
    expect(await ministry.content(deliveryId)).toEqual(bytes);
    await ministry.post(`/v1/inbox/${deliveryId}/ack`, { outcome: 'done' });
    await ministry.post('/v1/statuses', { documentId, code: '03' });
    const { events } = await read<{ events: { type: string }[] }>(
      at(0, 'H53.32.29'),
      `/v1/documents/${documentId}/timeline`,
    );
    expect(events.map((event) => event.type)).toEqual([
      'document.submitted',
      'signature.verified',
      'delivery.queued',
      'delivery.fetched',
      'delivery.acknowledged',
      'status.03',
    ]);
  });

  test('50 parallel repeats over both nodes are one document with one receipt', async () => {
    const bytes = await desk.letter('H41', ['H41.21.05']);
    const clients = [at(0, 'H41'), at(1, 'H41')];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => (clients[i % 2] as TrucClient).send(bytes)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const sent = await read<{ items: object[] }>(at(1, 'H41'), '/v1/documents?direction=sent');
    expect(sent.items).toHaveLength(1);
  });

  test('stores and ledger agree, and both nodes show the same log', async () => {
    const [a, b] = nodes as [RunningDemo, RunningDemo];
    const report = await checkStores(a.stores);
    expect(report.faults).toEqual([]);
    for (const node of [a, b]) {
      const log = await auditLog(fetchLog(node.localUrl), { vkey: node.vkey });
      expect({ ok: log.ok, size: log.size }).toEqual({ ok: true, size: report.entries });
    }
  });
});
