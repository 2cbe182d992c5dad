import { describe, expect, test } from '@jest/globals';
import { closedAt, isNewForm, isOldForm, normalCode, suggestNewForm } from '../../src/agency/index.ts';
import { isoTime } from '../../src/kernel/index.ts';
import { anAgency } from '../builders/records.ts';

describe('codes of agencies', () => {
  test.each(['G22', 'H53', 'H53.32.29', 'H53.06.01.02', 'K01.0A', 'A'.repeat(35), 'H37.DN.001'])(
    '%s has the form of QĐ 20/2020',
    (code) => {
      expect(isNewForm(code)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    'H53.',
    '.H53',
    'H53..29',
    'h53.32',
    'H53 .32',
    'H53,32',
    'H53-32',
    'Đ53',
    'H53\n',
    'Н53',
    'A'.repeat(36),
    '1.1.1.1.1.1.1.1.1.1.1',
  ])('%j has not', (code) => {
    expect(isNewForm(code)).toBe(false);
  });

  test.each(['000.00.00.G22', '000.29.32.H53', '001.AB.00.K99'])(
    '%s has the form of QCVN 102:2016',
    (code) => {
      expect(isOldForm(code)).toBe(true);
    },
  );

  test.each([
    '00.00.00.G22',
    '000.00.G22',
    '000.00.00.H5',
    '000.00.00.553',
    '000.00.00.00.G22',
    '000.00.00.h53',
  ])('%s has not', (code) => {
    expect(isOldForm(code)).toBe(false);
  });

  test.each([
    ['000.00.00.G22', 'G22'],
    ['000.29.32.H53', 'H53.32.29'],
    ['000.00.32.H53', 'H53.32'],
    ['001.29.32.H53', 'H53.32.29.001'],
    ['001.00.32.H53', 'H53.32.001'],
    ['000.00.00.G00', 'G00'],
    ['H53.32.29', null],
    ['', null],
  ])('the old %s suggests %s', (old, suggested) => {
    expect(suggestNewForm(old)).toBe(suggested);
    if (suggested !== null) expect(isNewForm(suggested)).toBe(true);
  });

  test('are compared trimmed and in capitals, inner spaces stay', () => {
    expect(normalCode('  h53.32.29\n')).toBe('H53.32.29');
    expect(normalCode('H53. 32')).toBe('H53. 32');
    expect(isNewForm(normalCode('H53. 32'))).toBe(false);
  });
});

describe('nothing can be sent to an agency', () => {
  const AT = Date.parse('2026-03-16T00:00:00Z');
  const [before, now, after] = [AT - 1, AT, AT + 1].map(isoTime) as [string, string, string];
  test.each([
    ['before it exists', { validFrom: after }, 'not-yet-valid'],
    ['from its first moment on it can', { validFrom: now }, null],
    ['from the moment of its end', { validTo: now }, 'ended'],
    ['while it lives it can', { validTo: after }, null],
    ['since it was locked', { lockedSince: now }, 'locked'],
    ['before the lock it can', { lockedSince: after }, null],
    ['ended and locked: the end says more', { validTo: before, lockedSince: before }, 'ended'],
  ])('%s', (_, over, closed) => {
    expect(closedAt({ ...anAgency(over), revision: 1 }, AT)).toBe(closed);
  });
});
