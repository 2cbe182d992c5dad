import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  businessStatus,
  followsInOrder,
  isKnownStatus,
  KNOWN_STATUSES,
  NEEDS_REASON,
} from '../../src/document/index.ts';
import { seededRandom } from '../random.ts';

/** Which codes may come after a history; every other known one may not. */
const ORDER: readonly [before: readonly string[], allowed: readonly string[]][] = [
  [[], ['01', '02', '03', '13']],
  [['01'], ['02', '03', '13']],
  [['02'], ['13']],
  [['01', '02'], ['13']],
  [['03'], ['04', '05', '06', '13']],
  [['01', '03'], ['04', '05', '06', '13']],
  [['03', '04'], ['05', '06', '13']],
  [['03', '04', '05'], ['06', '13']],
  [['03', '05'], ['06', '13']],
  [['03', '06'], ['13']],
  [['03', '04', '05', '06'], ['13']],
  [['13'], ['01', '02', '03', '13', '15', '16']],
  [['13', '15'], ['01', '02', '03', '13']],
  [['13', '16'], ['01', '02', '03', '13']],
  [['03', '13'], ['04', '05', '06', '13', '15', '16']],
  [['03', '13', '16', '13'], ['04', '05', '06', '13', '15', '16']],
  [['03', '13', '16', '13', '15'], ['04', '05', '06', '13']],
  [['15'], ['01', '02', '03', '13']],
  [['99', 'xx'], ['01', '02', '03', '13']],
]; // biome-ignore format: a table

describe('the order of statuses', () => {
  test.each(ORDER)('after %j may come %j and nothing else', (before, allowed) => {
    expect(KNOWN_STATUSES.filter((code) => followsInOrder(code, before))).toEqual(allowed);
  });

  test.each(['00', '07', '14', '1', '', 'xx', '001', '13 '])(
    '%j is no code of the axis and follows nothing',
    (code) => {
      expect(isKnownStatus(code)).toBe(false);
      expect(followsInOrder(code, [])).toBe(false);
    },
  );

  test('codes that are nothing without a reason', () => {
    expect([...NEEDS_REASON].sort()).toEqual(['02', '13', '16']);
  });
});

describe('the business status of a recipient', () => {
  test.each([
    [[], null],
    [['13', '15'], null],
    [['99'], null],
    [['01'], '01'],
    [['02'], '02'],
    [['01', '03'], '03'],
    [['03', '01'], '03'],
    [['02', '03'], '03'],
    [['03', '02'], '03'],
    [['06', '04'], '06'],
    [['03', '13', '16'], '03'],
    [['03', '06', '13', '15'], '06'],
  ] as [string[], string | null][])('after %j it is %s', (codes, status) => {
    expect(businessStatus(codes)).toBe(status);
  });

  test('is the furthest step, whatever the order in which messages came', () => {
    const { seed } = seededRandom();
    const codes = fc.array(fc.constantFrom(...KNOWN_STATUSES, '99'), { maxLength: 12 });
    fc.assert(
      fc.property(codes, (all) => {
        const steps = all.filter((code) => code <= '06').sort();
        expect(businessStatus(all)).toBe(steps.at(-1) ?? null);
        expect(businessStatus([...all].reverse())).toBe(businessStatus(all));
      }),
      { seed },
    );
  });
});
