import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { crlClient } from '../../src/adapters/wire/crl-client.ts';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { manualClock } from '../../src/kernel/index.ts';
import { type Listening, listening } from '../builders/listening.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const LIST = Buffer.from('3003020105', 'hex');
const LOOPBACK = ['127.0.0.0/8'];

const open: Listening[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(answer: RequestListener): Promise<string> {
  const one = await listening(answer);
  open.push(one);
  return one.url;
}

function client({ allowed = LOOPBACK, timeout = 10_000, limit = 1_000_000 } = {}) {
  return crlClient({
    guard: targetGuard({ allowed, own: () => [] }),
    clock: manualClock(NOW),
    timeout,
    limit,
  });
}

const failed = (reason: string, retryAfterMs: number | null = null) => ({
  outcome: 'failed',
  reason,
  retryAfterMs,
});

const status =
  (code: number, headers: Record<string, string> = {}, body: Buffer | string = ''): RequestListener =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
  };

describe('fetching a list', () => {
  test('gives its octets and what the server would recognise it by', async () => {
    const url = await serve(
      status(
        200,
        {
          'content-type': 'application/pkix-crl',
          etag: '"7"',
          'last-modified': 'Mon, 16 Mar 2026 01:00:00 GMT',
        },
        LIST,
      ),
    );
    expect(await client()(`${url}/ca.crl`, null)).toEqual({
      outcome: 'fetched',
      bytes: LIST,
      etag: '"7"',
      lastModified: 'Mon, 16 Mar 2026 01:00:00 GMT',
    });
  });

  test('asks only for one that has changed', async () => {
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push([request.headers['if-none-match'], request.headers['if-modified-since']]);
      response.writeHead(304).end();
    });
    const lastModified = 'Mon, 16 Mar 2026 01:00:00 GMT';
    expect(await client()(url, { etag: '"7"', lastModified })).toEqual({ outcome: 'unchanged' });
    await client()(url, { etag: null, lastModified: null });
    expect(asked).toEqual([
      ['"7"', lastModified],
      [undefined, undefined],
    ]);
  });

  test('a redirect is followed, three at most', async () => {
    const url = await serve((request, response) => {
      const hop = Number(request.url?.slice(1));
      if (hop === 0) response.end(LIST);
      else response.writeHead(302, { location: `/${hop - 1}` }).end();
    });
    expect(await client()(`${url}/3`, null)).toMatchObject({ outcome: 'fetched' });
    expect(await client()(`${url}/4`, null)).toEqual(failed('too-many-redirects'));
  });

  test('a list that has exactly the limit is taken', async () => {
    const url = await serve(status(200, {}, Buffer.alloc(1_000)));
    expect(await client({ limit: 1_000 })(url, null)).toMatchObject({ outcome: 'fetched' });
    expect(await client({ limit: 999 })(url, null)).toEqual(failed('too-large'));
  });
});

describe('servers that mean harm, or are broken', () => {
  test('one that redirects in a circle', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(301, { location: '/again' }).end();
    });
    expect(await client()(url, null)).toEqual(failed('too-many-redirects'));
    expect(asked).toBe(4);
  });

  test.each([
    ['to another host', 'http://192.0.2.1/ca.crl', 'redirect-elsewhere'],
    ['to another name of the same host', 'http://localhost/ca.crl', 'redirect-elsewhere'],
    ['to the metadata service', 'http://169.254.169.254/latest', 'redirect-elsewhere'],
    ['to a file', 'file:///etc/passwd', 'url-not-http'],
    ['to nothing readable', 'http://', 'url-not-http'],
    ['with a name and password', 'http://a:b@127.0.0.1/', 'url-not-http'],
  ])('one that redirects %s', async (_, location, reason) => {
    const url = await serve(status(302, { location }));
    expect(await client()(url, null)).toEqual(failed(reason));
  });

  test('one that never ends its answer', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await client()(url, null)).toEqual(failed('too-large'));
  });

  test('one that says nothing, and one that stops in the middle', async () => {
    const silent = await serve(() => undefined);
    expect(await client({ timeout: 100 })(silent, null)).toEqual(failed('timeout'));
    const trickling = await serve((_, response) => {
      response.writeHead(200).write('0');
    });
    expect(await client({ timeout: 100 })(trickling, null)).toEqual(failed('timeout'));
  });

  test('one that cuts the connection before the length it gave', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('30', () => response.destroy());
    });
    expect(await client()(url, null)).toEqual(failed('ECONNRESET'));
  });

  test('one that shows a page for people', async () => {
    const url = await serve(status(200, { 'content-type': 'text/html; charset=utf-8' }, '<h1>404</h1>'));
    expect(await client()(url, null)).toEqual(failed('content-type'));
  });

  test('one that wants to be left alone for a while', async () => {
    const url = await serve(status(503, { 'retry-after': '120' }));
    expect(await client()(url, null)).toEqual(failed('http-503', 120_000));
    const later = new Date(NOW + 60_000).toUTCString();
    expect(await client()(await serve(status(429, { 'retry-after': later })), null)).toEqual(
      failed('http-429', 60_000),
    );
  });

  test('nobody there, and what is no address', async () => {
    expect(await client()('http://127.0.0.1:1/ca.crl', null)).toEqual(failed('ECONNREFUSED'));
    expect(await client()('ldap://127.0.0.1/cn=ca', null)).toEqual(failed('url-not-http'));
    expect(await client({ allowed: [] })('http://127.0.0.1:1/', null)).toEqual(failed('target-not-allowed'));
  });
});
