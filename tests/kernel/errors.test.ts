import { describe, expect, test } from '@jest/globals';
import {
  equalBytes,
  ImpossibleError,
  isTrucError,
  newId,
  newSecret,
  randomFraction,
  systemCode,
  TrucError,
} from '../../src/kernel/index.ts';

describe('errors', () => {
  test('tell their code and facts, and keep what caused them', () => {
    const cause = new RangeError('disk');
    const error = new TrucError('adapters.store-failed', { store: 'blobs' }, cause);
    expect(error.message).toBe('adapters.store-failed {"store":"blobs"}');
    expect(error.cause).toBe(cause);
    expect(new TrucError('agency.unknown').message).toBe('agency.unknown');
  });

  test('are known by their codes', () => {
    const error = new ImpossibleError('two heads');
    expect(isTrucError(error)).toBe(true);
    expect(isTrucError(error, 'kernel.impossible', 'x.y')).toBe(true);
    expect(isTrucError(error, 'x.y')).toBe(false);
    expect(isTrucError(new RangeError('no'))).toBe(false);
  });

  test.each([
    [Object.assign(new RangeError('no file'), { code: 'ENOENT' }), 'ENOENT'],
    [Object.assign(new RangeError('odd'), { code: 7 }), undefined],
    [new RangeError('none'), undefined],
    ['ENOENT', undefined],
    [null, undefined],
  ])("Node's own codes are read where they are texts", (error, code) => {
    expect(systemCode(error)).toBe(code);
  });
});

describe('random things', () => {
  test('ids sort by the order of their making', () => {
    const ids = Array.from({ length: 1000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('secrets are 43 letters, fractions in [0, 1)', () => {
    expect(newSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    for (let i = 0; i < 100; i++) {
      const fraction = randomFraction();
      expect(fraction).toBeGreaterThanOrEqual(0);
      expect(fraction).toBeLessThan(1);
    }
  });

  test('bytes are compared whole', () => {
    expect(equalBytes(Buffer.from('ab'), Buffer.from('ab'))).toBe(true);
    expect(equalBytes(Buffer.from('ab'), Buffer.from('ac'))).toBe(false);
    expect(equalBytes(Buffer.from('ab'), Buffer.from('abc'))).toBe(false);
    expect(equalBytes(Buffer.alloc(0), Buffer.alloc(0))).toBe(true);
  });
});
