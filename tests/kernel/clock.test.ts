import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isoTime,
  manualClock,
  parseVietnamTime,
  sleep,
  vietnamDate,
  vietnamDateTime,
} from '../../src/kernel/index.ts';
import { seededRandom } from '../random.ts';

describe("Vietnam's time", () => {
  test.each([
    ['2026-03-16T02:41:07.000Z', '2026/03/16 09:41:07'],
    ['2025-12-31T16:59:59.999Z', '2025/12/31 23:59:59'],
    ['2025-12-31T17:00:00.000Z', '2026/01/01 00:00:00'],
    ['2024-02-28T17:00:00.000Z', '2024/02/29 00:00:00'],
    ['2025-06-30T17:00:00.000Z', '2025/07/01 00:00:00'],
    ['1969-12-31T17:00:00.000Z', '1970/01/01 00:00:00'],
  ])('%s is %s, all the year seven hours ahead', (utc, vietnam) => {
    const ms = Date.parse(utc);
    expect(vietnamDateTime(ms)).toBe(vietnam);
    expect(vietnamDate(ms)).toBe(vietnam.slice(0, 10));
    expect(isoTime(parseVietnamTime(vietnam) as number)).toBe(utc.replace('.999Z', '.000Z'));
  });

  test('a date alone is its midnight in Vietnam', () => {
    expect(isoTime(parseVietnamTime('2026/03/16') as number)).toBe('2026-03-15T17:00:00.000Z');
  });

  test.each([
    '',
    '2026-03-16',
    '2026/3/16',
    '16/03/2026',
    '2026/13/01',
    '2026/00/10',
    '2026/02/29',
    '2026/04/31',
    '2026/03/00',
    '2026/03/16 24:00:00',
    '2026/03/16 23:60:00',
    '2026/03/16 23:59:60',
    '2026/03/16 9:41:07',
    '2026/03/16T09:41:07',
    '2026/03/16 09:41',
    ' 2026/03/16',
    '2026/03/16 ',
    '2026/03/16\n',
    '0026/03/16',
    '٢٠٢٦/٠٣/١٦',
  ])('%j is no time', (text) => {
    expect(parseVietnamTime(text)).toBeNull();
  });

  test('writing and reading a time gives its whole second back', () => {
    const { seed } = seededRandom();
    const [first, last] = [Date.UTC(1900, 0, 1), Date.UTC(2999, 11, 31)];
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (ms) => {
        expect(parseVietnamTime(vietnamDateTime(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
      { seed },
    );
  });
});

describe('clocks', () => {
  test('a manual clock stands until it is moved, also backwards', () => {
    const clock = manualClock(1000);
    expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
    clock.advance(-200);
    expect(clock.now()).toBe(800);
    clock.set(5);
    expect(clock.now()).toBe(5);
  });

  test('a sleep ends when it is aborted, before or meanwhile, and never rejects', async () => {
    const aborted = new AbortController();
    const sleeping = sleep(60_000, aborted.signal);
    aborted.abort();
    await sleeping;
    await sleep(60_000, aborted.signal);
    await sleep(1);
  });
});
