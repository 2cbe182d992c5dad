import { expect, test } from '@jest/globals';
import { VIETNAM_CALENDAR } from '../../src/document/index.ts';
import { canonicalJson, type JsonValue, sha256Hex } from '../../src/kernel/index.ts';
import { figuresOf } from '../../src/reporting/figures.ts';
import { tally } from '../../src/reporting/tally.ts';

const COMMIT = sha256Hex('');

function entry(type: string, doc: string, at: string, facts: Record<string, JsonValue>) {
  const fields = {
    at: new Date(at).toISOString(),
    commit: COMMIT,
    doc,
    erds: null,
    prev: null,
    seq: 1,
    type,
    v: 1,
  };
  return { index: 0, entry: Buffer.from(canonicalJson(fields)), facts, closed: false };
}

/** Figures of letters that were sent at one time and reported at another; `03` is registered, `04` handed on. */
function figuresFor(letters: { sent: string; code: string; told: string; businessType?: number }[]) {
  const counted = tally(VIETNAM_CALENDAR);
  for (const [i, { sent, code, told, businessType = 0 }] of letters.entries()) {
    counted.add(entry('document.submitted', `d${i}`, sent, { sender: 'H53', businessType }));
    counted.add(entry(`status.${code}`, `d${i}`, told, { reporter: 'G09', code }));
  }
  return figuresOf(counted).filter((one) => one.code.endsWith('ed.on-time') && one.scope === 'nation');
}

const shareOf = (sent: string, told: string) =>
  figuresFor([{ sent: `${sent}+07:00`, code: '03', told: `${told}+07:00` }])[0]?.numerator;

test.each([
  ['the same day', '2026-03-12T16:00', '2026-03-12T23:59', 1],
  ['the next working day, to its end', '2026-03-12T08:00', '2026-03-13T23:59', 1],
  ['the day after it', '2026-03-12T08:00', '2026-03-14T00:00', 0],
  ['Monday for what came on Friday', '2026-03-13T17:30', '2026-03-16T23:59', 1],
  ['Tuesday for what came on Friday', '2026-03-13T17:30', '2026-03-17T00:00', 0],
  ['Monday for what came on Saturday', '2026-03-14T10:00', '2026-03-16T23:59', 1],
  [
    '5 May for what came before the holidays of 2025, a swapped Friday among them',
    '2025-04-29T10:00',
    '2025-05-05T23:59',
    1,
  ],
  ['6 May is late', '2025-04-29T10:00', '2025-05-06T00:00', 0],
])('registered in time: %s', (_, sent, told, numerator) => {
  expect(shareOf(sent, told)).toBe(numerator);
});

test('what was handed on is a figure of its own; updates and recalls are none', () => {
  const at = { sent: '2026-03-12T09:00+07:00', told: '2026-03-12T10:00+07:00' };
  const late = '2026-03-20T10:00+07:00';
  const found = figuresFor([
    { ...at, code: '03' },
    { ...at, code: '04' },
    { ...at, code: '04', told: late },
    { ...at, code: '03', told: late, businessType: 2 },
    { ...at, code: '06', told: late },
  ]);
  expect(found.map(({ code, numerator, denominator }) => [code, numerator, denominator])).toEqual([
    ['deliveries.registered.on-time', 1, 1],
    ['deliveries.submitted.on-time', 1, 2],
  ]);
});
