import { describe, expect, test } from '@jest/globals';
import { batcher } from '../../src/kernel/index.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('group commit', () => {
  test('items keep their order over batches, and each gets its own result', async () => {
    const batches: number[][] = [];
    const double = batcher(
      async (items: number[]) => {
        batches.push(items);
        await turn();
        return items.map((item) => item * 2);
      },
      { maxItems: 4 },
    );
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    expect(await Promise.all(numbers.map((n) => double.add(n)))).toEqual(numbers.map((n) => n * 2));
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test('what comes while a batch is worked on makes the next one, whole', async () => {
    const batches: string[][] = [];
    let release = () => {};
    const held = batcher(
      async (items: string[]) => {
        batches.push(items);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return items;
      },
      { maxItems: 100 },
    );
    const first = held.add('a');
    await turn();
    const rest = [held.add('b'), held.add('c'), held.add('d')];
    expect(held.waiting).toBe(3);
    release();
    await first;
    while (batches.length < 2) await turn();
    release();
    expect(await Promise.all(rest)).toEqual(['b', 'c', 'd']);
    expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
    expect(held.waiting).toBe(0);
  });

  test('one batch is worked on at a time', async () => {
    let running = 0;
    let most = 0;
    const counted = batcher(
      async (items: number[]) => {
        most = Math.max(most, ++running);
        await turn();
        running--;
        return items;
      },
      { maxItems: 1 },
    );
    await Promise.all([1, 2, 3, 4, 5].map((n) => counted.add(n)));
    expect(most).toBe(1);
  });

  test('a batch that fails fails all its items and no other', async () => {
    const fragile = batcher(
      async (items: number[]) => {
        if (items.includes(3)) throw new RangeError('three');
        return items;
      },
      { maxItems: 2 },
    );
    const outcomes = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => fragile.add(n)));
    expect(outcomes.map((one) => one.status === 'fulfilled')).toEqual([true, true, false, false, true, true]);
    expect(await fragile.add(7)).toBe(7);
  });

  test('work that throws before it promises anything fails its items too', async () => {
    const throwing = batcher(
      () => {
        throw new RangeError('at once');
      },
      { maxItems: 2 },
    );
    await expect(throwing.add(1)).rejects.toThrow('at once');
  });

  test('idle ends when everything asked for is done, also what came in between', async () => {
    const finished: number[] = [];
    const slow = batcher(
      async (items: number[]) => {
        await turn();
        finished.push(...items);
        return items;
      },
      { maxItems: 1 },
    );
    await slow.idle();
    void slow.add(1).then(() => slow.add(2));
    await slow.idle();
    expect(finished).toEqual([1, 2]);
  });

  test('after a batch of several the next one gathers; after a lonely item nothing waits', async () => {
    const batches: string[][] = [];
    const gathering = batcher(
      async (items: string[]) => {
        batches.push(items);
        return items;
      },
      { maxItems: 100, gatherMs: 200 },
    );
    await gathering.add('lonely');
    await Promise.all([gathering.add('a'), gathering.add('b')]);
    const early = gathering.add('c');
    for (let i = 0; i < 5; i++) await turn();
    await Promise.all([early, gathering.add('d')]);
    expect(batches).toEqual([['lonely'], ['a', 'b'], ['c', 'd']]);
  });

  test('a full batch does not wait for more', async () => {
    const batches: number[][] = [];
    const full = batcher(
      async (items: number[]) => {
        batches.push(items);
        return items;
      },
      { maxItems: 2, gatherMs: 3_600_000 },
    );
    const items = [1, 2, 3, 4];
    expect(await Promise.all(items.map((n) => full.add(n)))).toEqual(items);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
