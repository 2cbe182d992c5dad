import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { tsaClient } from '../../src/adapters/wire/tsa-client.ts';
import { manualClock, sha256 } from '../../src/kernel/index.ts';
import { type RunningTsa, startTsa, type TsaBehaviour } from '../../src/lab/index.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

const DIGEST = sha256('văn bản');

describe('asking a time-stamp authority', () => {
  const behaviour: TsaBehaviour = {};
  let tsa: RunningTsa;
  beforeAll(async () => {
    tsa = await startTsa({ pki: await testPki(), clock: manualClock(TEST_NOW), behaviour });
  });
  afterEach(() => {
    for (const name of Object.keys(behaviour)) delete behaviour[name as keyof TsaBehaviour];
  });
  afterAll(() => tsa.close());

  test('gives a token over the digest asked for', async () => {
    const token = await tsaClient({ url: tsa.url })(DIGEST);
    expect(token.includes(DIGEST)).toBe(true);
  });

  test.each([
    ['refuses', { refuse: 'badAlg' }, 'signing.timestamp-refused'],
    ['answers garbage', { garbage: true }, 'signing.timestamp-malformed'],
    ['stamps something else', { wrongImprint: true }, 'signing.timestamp-mismatch'],
    ['answers another question', { wrongNonce: true }, 'signing.timestamp-mismatch'],
    ['is out of order', { status: 503 }, 'signing.timestamp-unreachable'],
    ['has moved', { status: 301 }, 'signing.timestamp-unreachable'],
  ] as [string, TsaBehaviour, string][])('an authority that %s', async (_, fault, code) => {
    Object.assign(behaviour, fault);
    await expect(tsaClient({ url: tsa.url })(DIGEST)).rejects.toMatchObject({ code });
  });

  test('one that takes too long is given up, with the cause', async () => {
    behaviour.delay = 60_000;
    await expect(tsaClient({ url: tsa.url, timeout: 50 })(DIGEST)).rejects.toMatchObject({
      code: 'signing.timestamp-unreachable',
      facts: { cause: 'timeout' },
    });
  });

  test('a caller that gives up ends the request', async () => {
    behaviour.delay = 60_000;
    const gone = new AbortController();
    const asked = tsaClient({ url: tsa.url })(DIGEST, gone.signal);
    gone.abort();
    await expect(asked).rejects.toMatchObject({
      code: 'signing.timestamp-unreachable',
      facts: { cause: 'network' },
    });
  });
});

describe('what is no authority', () => {
  async function asked(answer: RequestListener): Promise<unknown> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const error = await tsaClient({ url })(DIGEST).catch((failure: unknown) => failure);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    return error;
  }

  test('an answer without end is not read to its end', async () => {
    const endless: RequestListener = (request, response) => {
      request.resume();
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', more);
      more();
    };
    expect(await asked(endless)).toMatchObject({ code: 'signing.timestamp-malformed' });
  });

  test('a redirect is not followed', async () => {
    let reached = 0;
    const redirect: RequestListener = (request, response) => {
      request.resume();
      reached++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    };
    expect(await asked(redirect)).toMatchObject({ code: 'signing.timestamp-unreachable' });
    expect(reached).toBe(1);
  });

  test('nobody there', async () => {
    await expect(tsaClient({ url: 'http://127.0.0.1:1/' })(DIGEST)).rejects.toMatchObject({
      code: 'signing.timestamp-unreachable',
      facts: { cause: 'network' },
    });
  });
});
