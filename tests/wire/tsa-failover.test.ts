import { afterEach, describe, expect, test } from '@jest/globals';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { tsaFailover } from '../../src/adapters/wire/tsa-failover.ts';
import { manualClock, sha256, silentLog } from '../../src/kernel/index.ts';
import { type RunningTsa, startTsa, type TsaBehaviour } from '../../src/lab/index.ts';
import { policyNamed, timestampFault, trustStore } from '../../src/verification/index.ts';
import { listening } from '../builders/listening.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

const DIGEST = sha256('văn bản');
const closers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closers.splice(0)) await one.close();
});

async function authority(behaviour: TsaBehaviour = {}): Promise<RunningTsa & { behaviour: TsaBehaviour }> {
  const tsa = await startTsa({ pki: await testPki(), clock: manualClock(TEST_NOW), behaviour });
  closers.push(tsa);
  return { ...tsa, behaviour };
}

async function client(urls: readonly string[], { timeout = 10_000, clock = manualClock(TEST_NOW) } = {}) {
  const pki = await testPki();
  const trust = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates });
  const asked: string[] = [];
  const guard = targetGuard({ allowed: ['127.0.0.0/8'], own: () => [] });
  const ask = tsaFailover({
    urls,
    guard: (host, port) => {
      asked.push(String(port));
      return guard(host, port);
    },
    clock,
    log: silentLog,
    timeout,
    check: (token, digest) =>
      timestampFault(token, digest, {
        trust,
        policy: policyNamed('lab'),
        at: clock.now(),
        revocation: 'required',
      }),
  });
  return { ask, asked };
}

const portOf = ({ url }: { url: string }) => new URL(url).port;

describe('several time-stamp authorities', () => {
  test('the first one is asked, and nobody else', async () => {
    const [first, second] = [await authority(), await authority()];
    const { ask, asked } = await client([first.url, second.url]);
    expect((await ask(DIGEST)).includes(DIGEST)).toBe(true);
    expect(asked).toEqual([portOf(first)]);
  });

  test.each([
    ['refuses', { refuse: 'badAlg' }],
    ['answers garbage', { garbage: true }],
    ['stamps something else', { wrongImprint: true }],
    ['answers another question', { wrongNonce: true }],
    ['is out of order', { status: 503 }],
    ['has no certificate for it', { entity: 'seal-province' }],
    ['is an impostor', { entity: 'tsa-rogue' }],
    ['takes too long', { delay: 60_000 }],
  ] as [string, TsaBehaviour][])('the next one stands in for one that %s', async (_, fault) => {
    const [bad, good] = [await authority(fault), await authority()];
    const { ask, asked } = await client([bad.url, good.url], { timeout: 500 });
    expect((await ask(DIGEST)).includes(DIGEST)).toBe(true);
    expect(asked).toEqual([portOf(bad), portOf(good)]);
  });

  test('one that failed is asked last for a minute, then first again', async () => {
    const clock = manualClock(TEST_NOW);
    const [first, second] = [await authority({ status: 503 }), await authority()];
    const { ask, asked } = await client([first.url, second.url], { clock });
    await ask(DIGEST);
    delete first.behaviour.status;
    await ask(DIGEST);
    clock.advance(60_001);
    await ask(DIGEST);
    const [a, b] = [portOf(first), portOf(second)];
    expect(asked).toEqual([a, b, b, a]);
  });

  test('when all fail, the error says what each came to', async () => {
    const [first, second] = [
      await authority({ refuse: 'badAlg' }),
      await authority({ entity: 'seal-province' }),
    ];
    const { ask } = await client([first.url, 'http://10.0.0.1/', second.url]);
    await expect(ask(DIGEST)).rejects.toMatchObject({
      code: 'signing.timestamp-unreachable',
      facts: {
        cause: 'all-failed',
        tried: [
          { url: first.url, code: 'signing.timestamp-refused' },
          { code: 'signing.timestamp-unreachable', cause: 'target-not-allowed' },
          { url: second.url, code: 'signing.timestamp-untrusted', cause: 'timestamp.usage' },
        ],
      },
    });
  });

  test('four are in flight at most, and each gets its own token', async () => {
    let [now, most] = [0, 0];
    const tsa = await authority();
    const slow = await listening(async (request, response) => {
      most = Math.max(most, ++now);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const answer = await fetch(tsa.url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query' },
        body: Buffer.concat(chunks),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      now--;
      response.writeHead(200).end(body);
    });
    closers.push(slow);
    const { ask } = await client([slow.url]);
    const digests = Array.from({ length: 20 }, (_, i) => sha256(`văn bản ${i}`));
    const tokens = await Promise.all(digests.map((one) => ask(one)));
    tokens.forEach((token, i) => {
      expect(token.includes(digests[i] as Buffer)).toBe(true);
    });
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
  });
});
