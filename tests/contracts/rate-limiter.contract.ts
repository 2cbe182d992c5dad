import { expect, test } from '@jest/globals';
import type { RateLimiter } from '../../src/agency/index.ts';
import { newId, sleep } from '../../src/kernel/index.ts';

const SLOW = { count: 5, perMs: 3_600_000 };

/** What both limiters promise. @param open two ends of the same count, which are one where there is one process */
export function rateLimiterContract(name: string, open: () => Promise<[RateLimiter, RateLimiter]>): void {
  test(`${name}: so many turns at once, then a wait of at most one turn's time`, async () => {
    const [limiter] = await open();
    const key = newId();
    for (let i = 0; i < SLOW.count; i++) expect(await limiter.take(key, SLOW)).toBe(0);
    const wait = await limiter.take(key, SLOW);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(SLOW.perMs / SLOW.count);
  });

  test(`${name}: turns taken over both ends are counted together, also at the same time`, async () => {
    const ends = await open();
    const key = newId();
    const waits = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (ends[i % 2] as RateLimiter).take(key, SLOW)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(SLOW.count);
  });

  test(`${name}: other keys have their own turns`, async () => {
    const [limiter] = await open();
    const [one, other] = [newId(), newId()];
    for (let i = 0; i <= SLOW.count; i++) await limiter.take(one, SLOW);
    expect(await limiter.take(other, SLOW)).toBe(0);
  });

  test(`${name}: who waits as long as told gets the next turn`, async () => {
    const [limiter] = await open();
    const key = newId();
    const rate = { count: 2, perMs: 2_000 };
    let wait = 0;
    while (wait === 0) wait = await limiter.take(key, rate);
    await sleep(wait + 5);
    expect(await limiter.take(key, rate)).toBe(0);
  });

  test(`${name}: a refused turn is not counted`, async () => {
    const [limiter] = await open();
    const key = newId();
    for (let i = 0; i < SLOW.count; i++) await limiter.take(key, SLOW);
    const first = await limiter.take(key, SLOW);
    for (let i = 0; i < 50; i++) await limiter.take(key, SLOW);
    expect(await limiter.take(key, SLOW)).toBeLessThanOrEqual(first);
  });
}
