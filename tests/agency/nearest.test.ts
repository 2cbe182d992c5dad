import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearestCodes } from '../../src/agency/index.ts';
import { seededRandom } from '../random.ts';

const REGISTRY = [
  { code: 'H53.06', name: 'Sở Khoa học và Công nghệ tỉnh Mẫu' },
  { code: 'H53.09', name: 'Sở Nội vụ tỉnh Mẫu' },
  { code: 'H53.32.29', name: 'Ủy ban nhân dân xã Đường Mẫu' },
  { code: 'G22', name: 'Văn phòng Chính phủ' },
];

const codes = (wanted: string, name = '', limit = 3) =>
  nearestCodes(wanted, name, REGISTRY, limit).map((one) => one.code);

describe('edits between codes', () => {
  test.each([
    ['H53', 'H53', 0],
    ['H53', 'H54', 1],
    ['H53', 'H5', 1],
    ['H53', 'H35', 1],
    ['H53.06', 'H53.60', 1],
    ['', 'H53', 3],
    ['ABC', 'XYZ', 3],
    ['CA', 'ABC', 3],
  ])('%s and %s: %d', (a, b, distance) => {
    expect(editDistance(a, b, 5)).toBe(distance);
  });

  test('are the same both ways, 0 for the same text only, and given up beyond the limit', () => {
    const { seed } = seededRandom();
    const code = fc.stringMatching(/^[GH0-3.]{0,8}$/);
    fc.assert(
      fc.property(code, code, fc.integer({ min: 0, max: 8 }), (a, b, limit) => {
        const whole = editDistance(a, b, 100);
        expect(editDistance(b, a, 100)).toBe(whole);
        expect(whole === 0).toBe(a === b);
        expect(whole).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(whole).toBeLessThanOrEqual(Math.max(a.length, b.length));
        const limited = editDistance(a, b, limit);
        if (whole <= limit) expect(limited).toBe(whole);
        else expect(limited).toBeGreaterThan(limit);
      }),
      { seed },
    );
  });
});

describe('what a wrong code could have meant', () => {
  test('the fewest edits first', () => {
    expect(codes('H53.6')[0]).toBe('H53.06');
    expect(codes('H53.60')[0]).toBe('H53.06');
    expect(codes('H53.32.92')[0]).toBe('H53.32.29');
  });

  test('nothing near is nothing suggested', () => {
    expect(codes('ZZZZZZZZ')).toEqual([]);
    expect(codes('ZZZZZZZZ', 'Kho bạc')).toEqual([]);
  });

  test('a name that fits wholly counts more than a near code, whatever its marks', () => {
    expect(codes('H53.06', 'so noi vu tinh mau')[0]).toBe('H53.09');
    expect(codes('XXXXXXX', 'VĂN PHÒNG CHÍNH PHỦ')).toEqual(['G22']);
  });

  test('between equally near codes the words of the name decide', () => {
    expect(codes('H53.0', 'nội vụ')[0]).toBe('H53.09');
    expect(codes('H53.0', 'khoa học')[0]).toBe('H53.06');
  });

  test('as many as asked for, each once, however often it was a candidate', () => {
    expect(
      nearestCodes('H53.0', '', [...REGISTRY, ...REGISTRY], 2)
        .map((one) => one.code)
        .sort(),
    ).toEqual(['H53.06', 'H53.09']);
    expect(codes('H53.0', '', 1)).toHaveLength(1);
  });
});
