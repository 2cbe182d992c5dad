import { describe, expect, test } from '@jest/globals';
import { areApart, manualClock, steadyClock } from '../../src/kernel/index.ts';

const START = Date.parse('2026-03-16T00:00:00Z');
const HOUR = 3_600_000;

/** A machine: its clock, which can be set, and its counter, which cannot. */
function machine() {
  const wall = manualClock(START);
  let counter = 17.25;
  return {
    wall,
    clock: steadyClock(wall, () => counter),
    pass: (ms: number) => {
      wall.advance(ms);
      counter += ms;
    },
  };
}

describe('a steady clock', () => {
  test('runs with the machine, in whole milliseconds', () => {
    const { clock, pass } = machine();
    pass(1_500.75);
    expect(clock.now()).toBe(START + 1_500);
  });

  test.each([HOUR, -HOUR, 24 * 365 * HOUR, 6_000])(
    'a machine whose clock is set by %d ms does not move it',
    (by) => {
      const { wall, clock, pass } = machine();
      wall.advance(by);
      pass(1_000);
      clock.compare(START + 1_000, 2);
      expect(clock.now()).toBe(START + 1_000);
      expect(clock.apartMs()).toBe(-by);
      expect(areApart(clock.apartMs())).toBe(true);
    },
  );

  test.each([HOUR, -HOUR, Number.NaN])('a server whose clock is set by %d ms does not move it', (by) => {
    const { clock, pass } = machine();
    pass(1_000);
    clock.compare(START + 1_000 + by, 2);
    expect(clock.now()).toBe(START + 1_000);
    expect(areApart(clock.apartMs())).toBe(true);
  });

  test('follows the machine where the server agrees: after a sleep that the counter did not see', () => {
    const { wall, clock, pass } = machine();
    wall.advance(HOUR);
    clock.compare(START + HOUR + 400, 2);
    expect(clock.now()).toBe(START + HOUR);
    pass(100);
    expect(clock.now()).toBe(START + HOUR + 100);
    expect(areApart(clock.apartMs())).toBe(false);
  });

  test('small differences are no reason, and a slow answer is not an exact one', () => {
    const { clock } = machine();
    clock.compare(START + 4_999, 0);
    expect(areApart(clock.apartMs())).toBe(false);
    clock.compare(START + 8_000, 4_000);
    expect(clock.now()).toBe(START);
  });

  test('goes on from where it was when both were apart and agree again', () => {
    const { wall, clock, pass } = machine();
    wall.advance(-HOUR);
    pass(2_000);
    clock.compare(START + 2_000, 1);
    wall.advance(HOUR);
    pass(2_000);
    clock.compare(START + 4_000, 1);
    expect(clock.now()).toBe(START + 4_000);
    expect(clock.apartMs()).toBe(0);
  });
});
