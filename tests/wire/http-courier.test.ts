import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { httpCourier } from '../../src/adapters/wire/http-courier.ts';
import { manualClock, sha256Hex } from '../../src/kernel/index.ts';
import { aDelivery, anEndpoint } from '../builders/records.ts';
import { requiredTool } from '../required-tool.ts';

const KEY = generateKeyPairSync('ed25519').privateKey;
const NOW = Date.parse('2026-03-16T03:00:00Z');
const CONTENT = Buffer.from('<edXML/>');

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const here = async () => ({ address: '127.0.0.1', family: 4 as const });

function courier(timeout = 10_000, guard: Parameters<typeof httpCourier>[0]['guard'] = here) {
  return httpCourier({ key: KEY, clock: manualClock(NOW), guard, timeout });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What comes of pushing one delivery to a server that answers like this. */
async function pushTo(answer: RequestListener, options: Partial<PushOptions> = {}) {
  const { exchange, ...result } = await exchanged(answer, options);
  expect(exchange?.request.method).toBe('POST');
  return result;
}

async function exchanged(
  answer: RequestListener,
  { push = 'notify', delivery = aDelivery(), timeout = 10_000 }: Partial<PushOptions> = {},
) {
  const port = await listening(createServer(answer));
  const endpoint = anEndpoint({ url: `http://qlvb.example:${port}/hook?x=1`, push });
  return courier(timeout)(endpoint, delivery, async () => CONTENT);
}

interface PushOptions {
  push: 'notify' | 'content';
  delivery: ReturnType<typeof aDelivery>;
  timeout: number;
}

const status =
  (code: number, headers: Record<string, string> = {}, body: string | Buffer = ''): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(code, headers).end(body);
  };

describe('what a receiver gets', () => {
  test('a notification, signed over id, time and body (Standard Webhooks v1a)', async () => {
    const delivery = aDelivery({ priority: 3 });
    let seen: { request: IncomingMessage; body: Buffer } | null = null;
    const result = await pushTo(
      async (request, response) => {
        seen = { request, body: await bodyOf(request) };
        response.end();
      },
      { delivery },
    );
    expect(result).toEqual({ outcome: 'notified' });
    const { request, body } = seen as unknown as { request: IncomingMessage; body: Buffer };
    const { headers } = request;
    expect([request.method, request.url]).toEqual(['POST', '/hook?x=1']);
    expect(headers.host).toMatch(/^qlvb\.example:\d+$/);
    expect(JSON.parse(body.toString())).toEqual({
      type: 'delivery.waiting',
      deliveryId: delivery.deliveryId,
      documentId: delivery.documentId,
      kind: 'document',
      to: delivery.recipientCode,
      priority: 3,
      sha256: delivery.sha256,
    });
    const [version, signature] = String(headers['webhook-signature']).split(',');
    const signed = Buffer.concat([
      Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
      body,
    ]);
    expect([version, headers['webhook-id'], headers['webhook-timestamp']]).toEqual([
      'v1a',
      delivery.deliveryId,
      String(NOW / 1000),
    ]);
    expect(verify(null, signed, createPublicKey(KEY), Buffer.from(signature as string, 'base64'))).toBe(true);
  });

  test('the original itself, where it asked for content', async () => {
    let body: Buffer = Buffer.alloc(0);
    const delivery = aDelivery({ sha256: sha256Hex(CONTENT) });
    const result = await pushTo(
      async (request, response) => {
        body = await bodyOf(request);
        response.end(JSON.stringify({ sha256: sha256Hex(body).toUpperCase() }));
      },
      { push: 'content', delivery },
    );
    expect(body.equals(CONTENT)).toBe(true);
    expect(result).toEqual({ outcome: 'acknowledged' });
  });
});

describe('what comes of an answer', () => {
  test.each([
    [200, 'notify', 'notified'],
    [204, 'notify', 'notified'],
    [200, 'content', 'notified'],
  ] as const)('%d to a push of kind %s that repeats nothing is: %s', async (code, push, outcome) => {
    expect(await pushTo(status(code), { push })).toEqual({ outcome });
  });

  test('a digest in the answer to a mere notification is no ack', async () => {
    const delivery = aDelivery();
    expect(await pushTo(status(200, {}, delivery.sha256), { delivery })).toEqual({ outcome: 'notified' });
  });

  test.each([
    [301, 'contract'],
    [302, 'contract'],
    [307, 'contract'],
    [308, 'contract'],
    [400, 'contract'],
    [401, 'contract'],
    [404, 'contract'],
    [410, 'contract'],
    [408, 'server'],
    [425, 'server'],
    [429, 'throttled'],
    [500, 'server'],
    [502, 'server'],
    [503, 'throttled'],
  ])('%d is a failure of class %s', async (code, failure) => {
    expect(await pushTo(status(code))).toEqual({
      outcome: 'failed',
      failure,
      reason: `http-${code}`,
      retryAfterMs: null,
    });
  });

  test('a redirect is not followed', async () => {
    let reached = 0;
    const elsewhere = await listening(
      createServer((_, response) => {
        reached++;
        response.end();
      }),
    );
    const result = await pushTo(status(307, { location: `http://127.0.0.1:${elsewhere}/` }));
    expect(result).toMatchObject({ outcome: 'failed', reason: 'http-307' });
    expect(reached).toBe(0);
  });

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['Mon, 16 Mar 2026 03:01:00 GMT', 60_000],
    ['Mon, 16 Mar 2026 02:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('Retry-After "%s" means %p ms', async (header, ms) => {
    expect(await pushTo(status(503, { 'retry-after': header }))).toMatchObject({ retryAfterMs: ms });
  });

  test('a big answer is cut: what stands behind 64 KiB is not read', async () => {
    const delivery = aDelivery();
    const endless: RequestListener = (request, response) => {
      request.resume();
      const chunk = Buffer.alloc(16 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    };
    expect(await pushTo(endless, { push: 'content', delivery })).toEqual({ outcome: 'notified' });
    const late = `${'x'.repeat(70_000)}${delivery.sha256}`;
    expect(await pushTo(status(200, {}, late), { push: 'content', delivery })).toEqual({
      outcome: 'notified',
    });
  });
});

describe('what goes wrong on the way', () => {
  const failed = (reason: unknown) => ({ outcome: 'failed', failure: 'network', reason, retryAfterMs: null });

  test('no answer in time, no end of the answer in time: a timeout', async () => {
    const silent: RequestListener = (request) => request.resume();
    expect(await pushTo(silent, { timeout: 50 })).toEqual(failed('ETIMEDOUT'));
    const dripping: RequestListener = (request, response) => {
      request.resume();
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drip));
    };
    expect(await pushTo(dripping, { timeout: 50 })).toEqual(failed('ETIMEDOUT'));
  });

  test('a refused connection, a broken one, one that speaks no HTTP', async () => {
    const gone = createTcpServer();
    const port = await listening(gone);
    open.pop();
    await new Promise((done) => gone.close(done));
    const push = (to: number) =>
      courier()(anEndpoint({ url: `http://127.0.0.1:${to}/` }), aDelivery(), async () => CONTENT);
    expect(await push(port)).toMatchObject(failed('ECONNREFUSED'));
    const hangUp = createTcpServer((socket) => socket.on('data', () => socket.destroy()));
    expect(await push(await listening(hangUp))).toMatchObject(failed('ECONNRESET'));
    const babble = createTcpServer((socket) => socket.on('data', () => socket.end('SMTP, anyone?\r\n\r\n')));
    expect(await push(await listening(babble))).toMatchObject(failed(expect.stringMatching(/^HPE_/)));
  });

  test('a target that the guard refuses is never connected to and will not heal', async () => {
    const push = courier(10_000, async () => ({ refused: 'denied' }));
    expect(await push(anEndpoint(), aDelivery(), async () => CONTENT)).toMatchObject({
      outcome: 'failed',
      failure: 'contract',
      reason: 'target-denied',
      retryAfterMs: null,
    });
  });

  test('the guard is asked for the port that the URL means', async () => {
    const asked: [string, number][] = [];
    const push = courier(10_000, async (host, port) => {
      asked.push([host, port]);
      return { refused: 'not-allowed' };
    });
    for (const url of [
      'https://a.example/x',
      'http://a.example/',
      'https://a.example:8443/',
      'http://[::1]:81/',
    ])
      await push(anEndpoint({ url }), aDelivery(), async () => CONTENT);
    expect(asked).toEqual([
      ['a.example', 443],
      ['a.example', 80],
      ['a.example', 8443],
      ['[::1]', 81],
    ]);
  });
});

describe('TLS with a private CA', () => {
  const openssl = requiredTool('openssl', 'makes a private CA for the courier');
  const folder = mkdtempSync(join(tmpdir(), 'truc-courier-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(...args: string[]): void {
    const result = spawnSync(openssl as string, args, { cwd: folder, encoding: 'utf8' });
    if (result.status !== 0) throw new RangeError(result.stderr);
  }

  /** A CA and a server certificate for qlvb.example and 127.0.0.1. */
  function certificates(): { ca: string; cert: string; key: string } {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    writeFileSync(join(folder, 'san'), 'subjectAltName=DNS:qlvb.example,IP:127.0.0.1\n');
    run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=CA', '-days', '2');
    run('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    run('x509', '-req', '-in', 'server.csr', ...ca, '-extfile', 'san', '-out', 'server.pem', '-days', '2');
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { ca: read('ca.pem'), cert: read('server.pem'), key: read('server.key') };
  }

  test('a server of that CA under its own name is taken; without the CA or under another name it is not', async () => {
    if (openssl === null) return;
    const { ca, cert, key } = certificates();
    const port = await listening(createTlsServer({ cert, key }, status(204)));
    const push = (host: string, trusted: string | null) =>
      courier()(
        anEndpoint({ url: `https://${host}:${port}/`, ca: trusted }),
        aDelivery(),
        async () => CONTENT,
      );
    expect(await push('qlvb.example', ca)).toMatchObject({ outcome: 'notified' });
    expect(await push('127.0.0.1', ca)).toMatchObject({ outcome: 'notified' });
    expect(await push('other.example', ca)).toMatchObject({ reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(await push('qlvb.example', null)).toMatchObject({
      failure: 'network',
      reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });
});

describe('what is kept of an exchange', () => {
  test('status, time and the masked beginning of the answer; neither signature, token nor address', async () => {
    const body =
      '{"error":"đang bảo trì","access_token":"abc","contact":"an.nguyen@xa.gov.vn","tel":"0912 345 678"}';
    const { exchange } = await exchanged(status(500, { 'content-type': 'application/json' }, body));
    expect(exchange?.request).toEqual({
      method: 'POST',
      url: expect.stringMatching(/^http:\/\/qlvb\.example:\d+\/hook\?▒▒▒$/),
      headers: expect.objectContaining({ 'content-type': 'application/json', 'webhook-signature': '▒▒▒' }),
      bytes: expect.any(Number),
    });
    expect(exchange?.answer).toMatchObject({ status: 500, contentType: 'application/json' });
    expect(exchange?.answer?.head).toContain('đang bảo trì');
    expect(exchange?.answer?.head).not.toMatch(/abc|an\.nguyen|0912|345/);
  });

  test('of an answer to pushed content, which may repeat it, only the shape', async () => {
    const { exchange } = await exchanged(status(500, {}, 'Kính gửi ông Nguyễn Văn An'), { push: 'content' });
    expect(exchange?.answer).toMatchObject({ status: 500, head: '' });
  });

  test('without an answer, that there was none', async () => {
    const { exchange } = await exchanged((request) => request.socket.destroy());
    expect(exchange?.answer).toBeNull();
  });
});
