import { createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sha256Hex, sleep } from '../../src/kernel/index.ts';
import { type World, world } from '../world.ts';

const PROVINCE = 'H53';
let axis: World;
let system: DocumentSystem;

beforeAll(async () => {
  axis = await world({ PUSH_NETS: '127.0.0.0/8' });
  system = await documentSystem();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
  system.server.close();
});

interface Call {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface DocumentSystem {
  server: Server;
  url: string;
  calls: Call[];
  /** Status and body of the next answers. */
  answer: (call: Call) => { status: number; body?: string; headers?: Record<string, string> };
}

/** An agency's own server that takes webhooks. */
function documentSystem(): Promise<DocumentSystem> {
  const self: DocumentSystem = {
    server: createServer(),
    url: '',
    calls: [],
    answer: () => ({ status: 204 }),
  };
  self.server.on('request', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = { headers: request.headers, body: Buffer.concat(chunks) };
    self.calls.push(call);
    const { status, body = '', headers = {} } = self.answer(call);
    response.writeHead(status, headers).end(body);
  });
  return new Promise((resolve) => {
    self.server.listen(0, '127.0.0.1', () => {
      self.url = `http://127.0.0.1:${(self.server.address() as AddressInfo).port}/truc`;
      resolve(self);
    });
  });
}

async function endpoint(
  code: string,
  settings: { url: string; push: 'notify' | 'content'; active?: boolean },
) {
  const answer = await axis.fetch('admin', `/v1/agencies/${code}/endpoint`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  expect(answer.status).toBe(200);
}

async function until<Value>(look: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  for (let i = 0; i < 400; i++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(25);
  }
  throw new Error('it never came');
}

const callFor = (documentId: string) =>
  until(() => system.calls.find((call) => call.headers['x-truc-document'] === documentId));

async function isSigned({ headers, body }: Call): Promise<boolean> {
  const { publicKey } = (await (await fetch(`${axis.url}/v1/webhook-key`)).json()) as { publicKey: string };
  const raw = Buffer.from(publicKey.replace('whpk_', ''), 'base64');
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const signature = Buffer.from(String(headers['webhook-signature']).replace('v1a,', ''), 'base64');
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`);
  return verify(null, Buffer.concat([signed, body]), key, signature);
}

async function stateOf(documentId: string, code: string) {
  const view = JSON.parse((await axis.as('G22').get(`/v1/documents/${documentId}`)).toString());
  return view.recipients.find((one: { code: string }) => one.code === code).transport as string;
}

test('a province is told by a signed webhook, fetches, and acknowledges as ever', async () => {
  await endpoint(PROVINCE, { url: system.url, push: 'notify' });
  const sent = await axis.as('G22').send(await axis.letter('G22', [PROVINCE]));
  const call = await callFor(sent.documentId);
  expect(await isSigned(call)).toBe(true);
  const event = JSON.parse(call.body.toString()) as { type: string; deliveryId: string; sha256: string };
  expect(event).toMatchObject({ type: 'delivery.waiting', sha256: sent.sha256 });
  expect(call.headers['webhook-id']).toBe(event.deliveryId);

  const item = await until(async () =>
    (await axis.as(PROVINCE).inbox()).find((one) => one.documentId === sent.documentId),
  );
  expect(item.deliveryId).toBe(event.deliveryId);
  await axis.as(PROVINCE).content(item.deliveryId);
  await axis.as(PROVINCE).acknowledge(item.deliveryId, 'done');
  expect(await stateOf(sent.documentId, PROVINCE)).toBe('done');
});

test('with content pushed, an answer that repeats the digest is the acknowledgement', async () => {
  await endpoint(PROVINCE, { url: system.url, push: 'content' });
  system.answer = ({ body }) => ({ status: 200, body: JSON.stringify({ sha256: sha256Hex(body) }) });
  const letter = await axis.letter('G22', [PROVINCE]);
  const sent = await axis.as('G22').send(letter);
  const call = await callFor(sent.documentId);
  expect(call.body.equals(letter)).toBe(true);
  expect(await isSigned(call)).toBe(true);
  await until(async () => ((await stateOf(sent.documentId, PROVINCE)) === 'done' ? true : undefined));
});

test('an endpoint that took pushed content without repeating its digest has fetched it: a recall asks for it back', async () => {
  await endpoint('H41', { url: system.url, push: 'content' });
  system.answer = () => ({ status: 202 });
  const sent = await axis.as('G22').send(await axis.letter('G22', ['H41']));
  expect((await callFor(sent.documentId)).headers['content-type']).toBe('application/xml');
  const deliveries = await axis.demo.stores.deliveries.ofDocument(sent.documentId);
  const deliveryId = deliveries[0]?.deliveryId as string;
  await until(async () => (await axis.demo.stores.deliveries.get(deliveryId))?.notifiedAt ?? undefined);

  const answer = await axis.fetch('G22', `/v1/documents/${sent.documentId}/recall`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"reason":"sai thể thức"}',
  });
  expect(await answer.json()).toMatchObject({ cancelled: [], asked: ['H41'] });
});

test('a 400 is final: a dead letter stays fetchable, and the sender is told', async () => {
  await endpoint(PROVINCE, { url: system.url, push: 'content' });
  system.answer = () => ({ status: 400, body: 'no' });
  const sent = await axis.as('G22').send(await axis.letter('G22', [PROVINCE]));
  await until(async () => ((await stateOf(sent.documentId, PROVINCE)) === 'failed' ? true : undefined));
  const notice = await until(async () =>
    (await axis.as('G22').inbox()).find((one) => one.kind === 'notice' && one.documentId === sent.documentId),
  );
  expect(JSON.parse((await axis.as('G22').content(notice.deliveryId)).toString())).toMatchObject({
    notice: 'delivery.failed',
    recipient: PROVINCE,
    reason: 'http-400',
  });
});

test('a 503 with Retry-After waits as long as it is told', async () => {
  await endpoint(PROVINCE, { url: system.url, push: 'content' });
  system.answer = () => ({ status: 503, headers: { 'retry-after': '1800' } });
  const sent = await axis.as('G22').send(await axis.letter('G22', [PROVINCE]));
  await callFor(sent.documentId);
  const delivery = await until(async () => {
    const [one] = await axis.demo.stores.deliveries.ofDocument(sent.documentId);
    return one && one.attempts > 0 && one.state === 'waiting' ? one : undefined;
  });
  const wait = Date.parse(delivery.nextAt) - Date.parse(delivery.updatedAt);
  expect(wait).toBeGreaterThanOrEqual(1_800_000);
});

test('a webhook never reaches link-local addresses, networks that are not allowed, or the axis itself', async () => {
  system.answer = () => ({ status: 204 });
  const targets = [
    ['http://169.254.169.254/latest/meta-data', 'target-denied'],
    ['http://[::ffff:169.254.169.254]/', 'target-denied'],
    ['http://192.0.2.7/', 'target-not-allowed'],
    [`${axis.url}/v1/documents`, 'target-own-listener'],
    ['http://0.0.0.0:80/', 'target-denied'],
  ] as const;
  for (const [url, reason] of targets) {
    await endpoint(PROVINCE, { url, push: 'notify' });
    const sent = await axis.as('G22').send(await axis.letter('G22', [PROVINCE]));
    const failure = await until(async () => {
      const [one] = await axis.demo.stores.deliveries.ofDocument(sent.documentId);
      return one?.state === 'failed' ? one.failure : undefined;
    });
    expect({ url, failure }).toEqual({ url, failure: reason });
  }
});
