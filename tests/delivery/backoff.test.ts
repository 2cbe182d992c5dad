import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FailureClass, mayRetry, retryDelay } from '../../src/delivery/index.ts';
import { seededRandom } from '../random.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
/** In the middle of the jitter. */
const MIDDLE = 0.5;
const CLASSES: readonly FailureClass[] = ['network', 'server', 'throttled', 'contract', 'recipient'];

describe('when an attempt is made again', () => {
  test.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 120 * SECOND],
    [4, 600 * SECOND],
    [5, 1_800 * SECOND],
    [6, HOUR],
    [7, HOUR],
    [1000, HOUR],
  ])('after attempt %d: in %d ms', (attempts, delay) => {
    for (const failure of ['network', 'server', 'recipient'] as const)
      expect(retryDelay(attempts, failure, MIDDLE)).toBe(delay);
  });

  test('who throttles gets a minute at least', () => {
    expect([1, 2, 3, 4].map((n) => retryDelay(n, 'throttled', MIDDLE))).toEqual([
      60_000, 60_000, 120_000, 600_000,
    ]);
  });

  test.each([
    ['shorter than our step', 1, 5 * SECOND],
    ['longer than our step', 90 * SECOND, 90 * SECOND],
    ['of a day: an hour beyond the step', 24 * HOUR, HOUR + 5 * SECOND],
    ['of nothing', 0, 5 * SECOND],
  ])('a Retry-After %s', (_, asked, delay) => {
    expect(retryDelay(1, 'server', MIDDLE, asked)).toBe(delay);
  });

  test('jitter stays within a fifth of the step, Retry-After between the step and an hour more', () => {
    const { seed } = seededRandom();
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const asked = fc.option(fc.integer({ min: 0, max: 48 * HOUR }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(...CLASSES),
        fraction,
        asked,
        (n, failure, random, after) => {
          const step = retryDelay(n, failure, MIDDLE);
          const delay = retryDelay(n, failure, random, after);
          expect(delay).toBeGreaterThanOrEqual(Math.round(step * 0.8));
          expect(delay).toBeLessThanOrEqual(after === null ? Math.round(step * 1.2) : step + HOUR);
          if (after !== null) expect(delay).toBeGreaterThanOrEqual(Math.min(after, step + HOUR));
        },
      ),
      { seed },
    );
  });

  test('only a contract error does not heal by itself', () => {
    expect(CLASSES.filter((failure) => !mayRetry(failure))).toEqual(['contract']);
  });
});
