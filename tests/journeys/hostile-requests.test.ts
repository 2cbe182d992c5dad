import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
let axis: World;

beforeAll(async () => {
  axis = await world();
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

const JSON_TYPE = { 'content-type': 'application/json' };

async function answered(code: string, path: string, init: RequestInit) {
  const answer = await axis.fetch(code, path, init);
  return { status: answer.status, code: ((await answer.json()) as { code?: string }).code };
}

test.each(['1', 'TRUE', 'yes', '', 'true&dryRun=true'])(
  'a dry run that is written dryRun=%s is refused and sends nothing',
  async (written) => {
    const body = new Uint8Array(sample(axis, '01-xa-gui-bo.edxml'));
    const init = { method: 'POST', headers: { 'content-type': 'application/xml' }, body };
    expect(await answered(COMMUNE, `/v1/documents?dryRun=${written}`, init)).toEqual({
      status: 400,
      code: 'api.invalid-request',
    });
    expect(JSON.parse((await axis.as(COMMUNE).get('/v1/documents')).toString()).items).toEqual([]);
  },
);

test.each<[string, RequestInit, number, string]>([
  [
    'JSON that is too long',
    { headers: JSON_TYPE, body: `"${'x'.repeat(300_000)}"` },
    413,
    'intake.too-large',
  ],
  [
    'an unknown character set',
    { headers: { 'content-type': 'application/json; charset=x-none' }, body: '{}' },
    415,
    'api.unsupported-media-type',
  ],
  [
    'an unknown compression',
    { headers: { ...JSON_TYPE, 'content-encoding': 'x-none' }, body: '{}' },
    415,
    'api.unsupported-media-type',
  ],
  ['JSON that ends early', { headers: JSON_TYPE, body: '{' }, 400, 'api.invalid-request'],
])('%s is the fault of the request, with its own code', async (_what, init, status, code) => {
  expect(await answered(MINISTRY, '/v1/statuses', { ...init, method: 'POST' })).toEqual({ status, code });
});

test('a token request that cannot be read is answered in the words of OAuth', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${axis.url}/oauth/token`, {
    method: 'POST',
    headers,
    body: `a=${'x'.repeat(10_000)}`,
  });
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
});

test('a search with characters that no name has is refused', async () => {
  expect(await answered(MINISTRY, '/v1/agencies?q=%00', {})).toEqual({
    status: 400,
    code: 'api.invalid-request',
  });
});

test('a reason that XML cannot carry is refused before anything is taken back', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H53']));
  for (const reason of ['a\u0000b', 'a\u0001b', 'a\ud800b', 'a\uffffb']) {
    const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ reason }) };
    expect(await answered(MINISTRY, `/v1/documents/${documentId}/recall`, init)).toEqual({
      status: 400,
      code: 'api.invalid-request',
    });
  }
  const document = JSON.parse((await axis.as(MINISTRY).get(`/v1/documents/${documentId}`)).toString());
  expect(document).toMatchObject({ state: 'accepted', recipients: [{ transport: 'waiting' }] });
});

test('what is wrong with a parameter is said in the language of the caller', async () => {
  const said = async (language: string) => {
    const answer = await axis.fetch(MINISTRY, '/v1/documents?after=x', {
      headers: { 'accept-language': language },
    });
    return ((await answer.json()) as { errors: object[] }).errors;
  };
  expect(await said('vi')).toEqual([{ path: 'after', message: 'UUID không hợp lệ' }]);
  expect(await said('en')).toEqual([{ path: 'after', message: 'Invalid UUID' }]);
});

test('HEAD neither leases a delivery nor counts as a fetch', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H41']));
  expect((await axis.fetch('H41', '/v1/inbox', { method: 'HEAD' })).status).toBe(405);
  const [item] = await axis.as('H41').inbox();
  expect(item).toMatchObject({ documentId });
  const content = `/v1/inbox/${item?.deliveryId}/content`;
  expect((await axis.fetch('H41', content, { method: 'HEAD' })).status).toBe(405);
  const record = await axis.demo.stores.deliveries.get(item?.deliveryId as string);
  expect(record?.fetchedAt).toBeNull();
});

test('documents since a time in Vietnam are those since that moment', async () => {
  await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H53']));
  const anHourAgo = new Date(Date.now() - 3_600_000 + 7 * 3_600_000).toISOString().replace('Z', '+07:00');
  const since = encodeURIComponent(anHourAgo);
  const list = JSON.parse((await axis.as(MINISTRY).get(`/v1/documents?since=${since}`)).toString());
  expect(list.items.length).toBeGreaterThan(0);
});

test('nothing that agencies send runs in a browser, and the docs page brings no pages of others', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H53']));
  for (const address of ['original', 'attachments/0', 'report']) {
    const { headers } = await axis.fetch(MINISTRY, `/v1/documents/${documentId}/${address}`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  for (const name of ['index.html', 'oauth2-redirect.html', 'package.json', '..%2fpackage.json'])
    expect((await fetch(`${axis.url}/docs/assets/${name}`)).status).toBe(404);
});

/** Bytes without end, and whether their reader has let go of them. */
function endlessBytes() {
  let ended = () => {};
  const released = new Promise<void>((resolve) => {
    ended = resolve;
  });
  async function* bytes() {
    try {
      for (;;) yield Buffer.alloc(256 * 1024);
    } finally {
      ended();
    }
  }
  return { bytes, released };
}

test('a download that its reader gives up lets go of the file', async () => {
  const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H53']));
  const [item] = (await axis.as('H53').inbox()).filter((one) => one.documentId === documentId);
  const paths = [`/v1/documents/${documentId}/original`, `/v1/inbox/${item?.deliveryId}/content`];
  const { blobs } = axis.demo.stations;
  const { stream } = blobs;
  try {
    for (const path of paths) {
      const { bytes, released } = endlessBytes();
      blobs.stream = bytes;
      const giveUp = new AbortController();
      const answer = await axis.fetch('H53', path, { signal: giveUp.signal });
      expect(answer.status).toBe(200);
      giveUp.abort();
      await released;
    }
  } finally {
    blobs.stream = stream;
  }
});

test('a reader that left its long poll leases nothing of what comes later', async () => {
  const { deliveries, queue } = axis.demo.stations;
  const { wait } = queue;
  let waiting = () => {};
  const polled = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  let left = () => {};
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  queue.wait = async (ids, ms, signal) => {
    waiting();
    const woken = await wait(ids, ms, signal);
    if (signal.aborted) {
      const { documentId } = await axis.as(MINISTRY).send(await axis.letter(MINISTRY, ['H49']));
      expect(documentId).toBeDefined();
      setImmediate(left);
    }
    return woken;
  };
  const giveUp = new AbortController();
  const poll = axis.fetch('H49', '/v1/inbox?wait=60', { signal: giveUp.signal }).catch(() => null);
  await polled;
  giveUp.abort();
  await poll;
  await gone;
  queue.wait = wait;
  const [delivery] = (await deliveries.list({ state: 'leased', limit: 500 })).filter(
    (one) => one.recipientCode === 'H49',
  );
  expect(delivery).toBeUndefined();
  expect(await axis.as('H49').inbox()).toHaveLength(1);
});

test('a system of thousands of agencies has a token that fits into a header', async () => {
  const { clients } = axis.demo.stores;
  const known = await clients.find(axis.credentials.agencies[0]?.clientId as string);
  const agencyIds = Array.from(
    { length: 4000 },
    (_, i) => `01a20b9a-26a5-71b2-a942-${String(i).padStart(12, '0')}`,
  );
  await clients.put({ ...(known as NonNullable<typeof known>), agencyIds });
  const code = axis.credentials.agencies[0]?.code as string;
  expect((await axis.fetch(code, '/v1/inbox')).status).toBe(200);
});

test('a body that never comes to its end leaves no memory counted', async () => {
  const { port } = new URL(axis.url);
  const { clientId, clientSecret } = axis.credentials.agencies.find((one) => one.code === COMMUNE) ?? {};
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId ?? '',
    client_secret: clientSecret ?? '',
  });
  const token = (await (await fetch(`${axis.url}/oauth/token`, { method: 'POST', body })).json()) as {
    access_token: string;
  };
  const head = `POST /v1/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token.access_token}\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
  for (let round = 0; round < 10; round++) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(head + chunk.repeat(60), () => socket.destroy());
      });
      socket.on('close', () => resolve()).on('error', () => {});
    });
  }
  const letter = await axis.letter(COMMUNE, [MINISTRY]);
  expect(await axis.as(COMMUNE).send(letter)).toMatchObject({ state: 'accepted' });
});
