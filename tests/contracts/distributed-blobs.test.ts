import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type BlobStoreOptions,
  blobStore,
  type DistributedBlobStore,
} from '../../src/adapters/distributed/blob-store.ts';
import { newId, sha256, sha256Hex } from '../../src/kernel/index.ts';
import { type S3Server, startS3Server } from '../s3-server.ts';
import { blobStoreContract } from './blob-store.contract.ts';

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const open: DistributedBlobStore[] = [];

async function storeOn(url: string, more: Partial<BlobStoreOptions> = {}): Promise<DistributedBlobStore> {
  const store = await blobStore({ url, ...more });
  open.push(store);
  return store;
}

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** May look at a request first; true when it has answered it itself, so that the server never sees it. */
type Meddler = (incoming: IncomingMessage, answer: ServerResponse) => boolean | Promise<boolean>;
/** May change the headers of an answer. */
type Editor = (incoming: IncomingMessage, headers: IncomingMessage['headers']) => void;

interface Front {
  url: string;
  seen: { method: string; path: string; length: number }[];
  meddle: Meddler;
  edit: Editor;
  stop(): Promise<void>;
}

/** What stands before the server sees every request, and may play a worse or a better server. */
async function frontOf(port: number): Promise<Front> {
  const server = createServer(async (incoming, answer) => {
    front.seen.push({
      method: incoming.method as string,
      path: incoming.url as string,
      length: Number(incoming.headers['content-length'] ?? 0),
    });
    if (await front.meddle(incoming, answer)) return;
    const { method, url: path, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const edited = { ...response.headers };
      front.edit(incoming, edited);
      answer.writeHead(response.statusCode as number, edited);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: Front = {
    url: `http://S3RVER:S3RVER@127.0.0.1:${(server.address() as AddressInfo).port}/truc/${newId()}`,
    seen: [],
    meddle: () => false,
    edit: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}

async function* piecewise(bytes: Uint8Array, size = 70_001): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function drained(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}

const given = process.env.TRUC_TEST_S3_URL;
if (given)
  blobStoreContract('given bucket', () => {
    const url = new URL(given);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/truc-test-${newId()}`;
    return storeOn(String(url));
  });

describe('blobs in S3', () => {
  let server: S3Server;
  let front: Front;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    front = await frontOf(server.port);
  });
  afterEach(() => front.stop());

  const put = (store: DistributedBlobStore, bytes: Buffer) => store.put({ sha256: sha256Hex(bytes), bytes });
  const objects = () => {
    const prefix = new URL(front.url).pathname.slice('/truc/'.length);
    return readdirSync(server.folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && one.name.endsWith('_object') && one.parentPath.includes(prefix))
      .map((one) => join(one.parentPath, one.name));
  };
  const requests = (method: string) => front.seen.filter((one) => one.method === method);
  /** As servers do that check the SHA-256 that came with a request. */
  const checking: Editor = (incoming, headers) => {
    const sent = incoming.headers['x-amz-checksum-sha256'];
    if (typeof sent === 'string') headers['x-amz-checksum-sha256'] = sent;
  };

  blobStoreContract('distributed', () => storeOn(front.url));

  test('equal bytes are one object under their digest, put by any node at any time', async () => {
    const [here, there] = [await storeOn(front.url), await storeOn(front.url)];
    const bytes = randomBytes(3_000);
    const refs = [
      await put(here, bytes),
      await put(there, bytes),
      (await here.putStream(piecewise(bytes))).ref,
    ];
    expect(new Set(refs).size).toBe(1);
    expect(objects()).toHaveLength(1);
    expect(objects()[0]).toContain(sha256Hex(bytes));
  });

  test('bytes under the digest of others are never sent', async () => {
    const store = await storeOn(front.url);
    const wrong = store.put({ sha256: sha256Hex('other'), bytes: Buffer.from('these') });
    await expect(wrong).rejects.toMatchObject({ code: 'kernel.impossible' });
    expect(requests('PUT')).toEqual([]);
  });

  test('a put returns only when the server has answered', async () => {
    const store = await storeOn(front.url);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    front.meddle = async ({ method }) => {
      if (method !== 'PUT') return false;
      arrive();
      await released;
      return false;
    };
    let done = false;
    const waiting = put(store, randomBytes(10)).then(() => {
      done = true;
    });
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toBe(false);
    release();
    await waiting;
    expect(done).toBe(true);
  });

  test('a server that tells a digest of what it took is believed, any other is read back', async () => {
    const store = await storeOn(front.url);
    await put(store, randomBytes(100));
    expect(requests('GET')).toEqual([]);
    for (const etag of ['', '"x"', `"${'0'.repeat(32)}"`]) {
      front.seen.length = 0;
      front.edit = (_, headers) => {
        headers.etag = etag;
      };
      await put(store, randomBytes(100));
      expect(requests('GET').length).toBeGreaterThan(0);
    }
    front.seen.length = 0;
    front.edit = checking;
    await put(store, randomBytes(100));
    await store.putStream(piecewise(randomBytes(12 * MIB)));
    expect(requests('PUT').length).toBeGreaterThan(1);
    expect(requests('GET')).toEqual([]);
  });

  test('a server that says it took something else is an error', async () => {
    const store = await storeOn(front.url);
    front.edit = (_, headers) => {
      headers['x-amz-checksum-sha256'] = sha256('else').toString('base64');
    };
    await expect(put(store, randomBytes(100))).rejects.toMatchObject({
      code: 'adapters.store-failed',
      facts: { cause: 'checksum' },
    });
  });

  test('a server that answers and keeps nothing is found out', async () => {
    const store = await storeOn(front.url);
    front.meddle = async (incoming, answer) => {
      if (incoming.method !== 'PUT') return false;
      await drained(incoming);
      answer.writeHead(200, { etag: '"x"' }).end();
      return true;
    };
    await expect(put(store, randomBytes(100))).rejects.toMatchObject({
      code: 'adapters.store-failed',
      facts: { cause: 'not-kept' },
    });
  });

  test('a long stream is sent in parts of bounded size', async () => {
    const store = await storeOn(front.url, { partBytes: PART });
    const bytes = randomBytes(2 * PART + 77);
    const stored = await store.putStream(piecewise(bytes));
    expect(stored).toMatchObject({ sha256: sha256Hex(bytes), size: bytes.length });
    expect(requests('PUT').map((one) => one.length)).toEqual([PART, PART, 77]);
    expect((await store.read(stored.ref)).equals(bytes)).toBe(true);
    expect(await drained(store.stream(stored.ref))).toBe(bytes.length);
    await store.destroy(stored.ref);
    expect(objects()).toEqual([]);
  });

  test('a stream of exactly one part has no empty one after it', async () => {
    const store = await storeOn(front.url, { partBytes: PART });
    const bytes = randomBytes(PART);
    const { ref } = await store.putStream(piecewise(bytes));
    expect(requests('PUT').map((one) => one.length)).toEqual([PART]);
    expect((await store.read(ref)).equals(bytes)).toBe(true);
  });

  test('a long stream that breaks off is told to the server, and leaves no object', async () => {
    const store = await storeOn(front.url, { partBytes: PART });
    async function* broken() {
      yield randomBytes(PART + 1_000);
      throw new RangeError('the line went dead');
    }
    await expect(store.putStream(broken())).rejects.toThrow('the line went dead');
    expect(requests('DELETE').map((one) => one.path)).toEqual([expect.stringContaining('uploadId=')]);
    expect(objects()).toEqual([]);
  });

  test('a server that is busy for a moment is asked again; one that stays so is an error', async () => {
    const store = await storeOn(front.url);
    let refusals = 2;
    front.meddle = async (incoming, answer) => {
      if (refusals-- <= 0) return false;
      await drained(incoming);
      answer.writeHead(503).end();
      return true;
    };
    const bytes = randomBytes(100);
    const ref = await put(store, bytes);
    expect((await store.read(ref)).equals(bytes)).toBe(true);
    refusals = Number.POSITIVE_INFINITY;
    await expect(put(store, randomBytes(100))).rejects.toMatchObject({ code: 'adapters.store-failed' });
    await expect(store.read(ref)).rejects.toMatchObject({ code: 'adapters.store-failed' });
  });

  test.each(['other bytes', 'fewer bytes', 'more bytes'])(
    '%s than were put are never a whole answer',
    async (what) => {
      const store = await storeOn(front.url);
      const bytes = randomBytes(5_000);
      const ref = await put(store, bytes);
      const changed = {
        'other bytes': randomBytes(5_000),
        'fewer bytes': bytes.subarray(1),
        'more bytes': Buffer.concat([bytes, bytes]),
      };
      const other = changed[what as keyof typeof changed];
      front.meddle = ({ method }, answer) => {
        if (method !== 'GET') return false;
        answer.writeHead(200, { 'content-length': other.length }).end(other);
        return true;
      };
      await expect(store.read(ref)).rejects.toMatchObject({ code: 'adapters.store-failed' });
      await expect(drained(store.stream(ref))).rejects.toMatchObject({ code: 'adapters.store-failed' });
    },
  );

  test('a line that goes dead in the middle of an answer is an error', async () => {
    const store = await storeOn(front.url);
    const ref = await put(store, randomBytes(5_000));
    front.meddle = ({ method }, answer) => {
      if (method !== 'GET') return false;
      answer.writeHead(200, { 'content-length': 5_000 });
      answer.write(Buffer.alloc(100), () => answer.destroy());
      return true;
    };
    await expect(store.read(ref)).rejects.toMatchObject({ code: 'adapters.store-failed' });
  });

  test.each([
    ['no URL', () => 'truc'],
    ['no bucket', () => 'http://S3RVER:S3RVER@127.0.0.1:1'],
    ['a bucket that is not there', () => front.url.replace('/truc/', '/other/')],
    ['an unknown key', () => front.url.replace('S3RVER:S3RVER', 'else:S3RVER')],
  ])('does not open on %s', async (_, url) => {
    await expect(storeOn(url())).rejects.toMatchObject({ code: 'adapters.store-failed' });
  });

  test('while an older program reads here, content lies where it expects it and has references that it knows', async () => {
    const [older, newer] = [
      await storeOn(front.url, { byQuarters: false, partBytes: PART }),
      await storeOn(front.url),
    ];
    const [small, large] = [randomBytes(500), randomBytes(PART + 1)];
    const ref = await put(older, small);
    expect(ref).toBe(`b:${sha256Hex(small)}:500`);
    const stream = await older.putStream(piecewise(large));
    expect(stream.ref).toMatch(/^m:[0-9a-f-]{36}:[0-9a-f]{64}:\d+$/);
    expect(await newer.periods()).toEqual([]);
    const since = await put(newer, small);
    expect(since).toMatch(/^b:\d{4}-Q[1-4]:/);
    for (const store of [older, newer])
      for (const [name, bytes] of [
        [ref, small],
        [since, small],
        [stream.ref, large],
      ] as const)
        expect((await store.read(name)).equals(bytes)).toBe(true);
  });
});
