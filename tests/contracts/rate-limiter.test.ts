import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateLimiter as distributed } from '../../src/adapters/distributed/rate-limiter.ts';
import { rateLimiter as embedded } from '../../src/adapters/embedded/rate-limiter.ts';
import { localRates } from '../../src/adapters/local-rates.ts';
import { newId, silentLog, sleep } from '../../src/kernel/index.ts';
import { testSeed } from '../random.ts';
import { describeWithServices, services } from '../services.ts';
import { tcpRelay } from '../tcp-relay.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

rateLimiterContract('embedded', async () => {
  const limiter = embedded();
  return [limiter, limiter];
});

test('in any minute no more than the burst and what the time gave back, whenever calls come', () => {
  const calls = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 50 }), (pauses, count) => {
      let now = 0;
      const limiter = localRates(() => now);
      const passed: number[] = [];
      for (const pause of pauses) {
        now += pause;
        if (limiter.take('a', { count, perMs: 60_000 }) === 0) passed.push(now);
      }
      for (const [i, from] of passed.entries())
        for (const [j, to] of passed.entries())
          if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(count + ((to - from) * count) / 60_000 + 0.001);
    }),
    { seed: testSeed() },
  );
});

describeWithServices('turns counted in Redis', () => {
  const open = (url = services().redisUrl, prefix = `truc-test-${newId()}`) => {
    const limiter = distributed({ url, prefix, log: silentLog, boundMs: 2_000 });
    closing.push(limiter.close);
    return limiter;
  };

  /** The connection opens without being waited for: counted together once a turn of one end is missing at the other. */
  async function together(): Promise<[ReturnType<typeof open>, ReturnType<typeof open>]> {
    const prefix = `truc-test-${newId()}`;
    const [a, b] = [open(undefined, prefix), open(undefined, prefix)];
    const rate = { count: 1, perMs: 3_600_000 };
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      for (;;) {
        const key = newId();
        await one.take(key, rate);
        if ((await other.take(key, rate)) > 0) break;
        await sleep(20);
      }
    return [a, b];
  }

  rateLimiterContract('distributed', together);

  test('while Redis is away or silent each node counts alone', async () => {
    const { hostname, port } = new URL(services().redisUrl);
    const relay = await tcpRelay(hostname, Number(port));
    closing.push(relay.cut);
    const limiter = distributed({
      url: `redis://127.0.0.1:${relay.port}`,
      prefix: `truc-test-${newId()}`,
      log: silentLog,
      boundMs: 50,
      answerWithinMs: 300,
    });
    closing.push(limiter.close);
    const rate = { count: 3, perMs: 3_600_000 };
    for (const trouble of [relay.silence, relay.cut]) {
      await trouble();
      const key = newId();
      const waits = [];
      for (let i = 0; i < 5; i++) waits.push((await limiter.take(key, rate)) > 0);
      expect(waits).toEqual([false, false, false, true, true]);
    }
  });
});
