import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvCell } from '../../src/console/exports.ts';
import {
  filterOf,
  LOG_FIELDS,
  placeOf,
  placeText,
  readView,
  startOfDay,
  viewPath,
} from '../../src/console/log-query.ts';
import { VIETNAM_CALENDAR } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { seededRandom } from '../random.ts';

const at = (iso: string) => Date.parse(iso);

describe('the address of a view', () => {
  test('check 28: every combination of fields reads back as it was written', () => {
    const values = {
      q: fc.string({ minLength: 1, maxLength: 40 }).map((text) => `a${text}b`),
      kind: fc.constantFrom('document', 'status', 'notice'),
      from: fc.constantFrom('2026-03-16', '2026-03-16T02:41:07Z'),
      to: fc.constant('2026-12-31'),
      state: fc.constantFrom('waiting', 'open', 'failed'),
      business: fc.constantFrom('none', '03'),
      sender: fc.constant('H53.32.29'),
      receiver: fc.constant('G22'),
      fromLevel: fc.constantFrom('central', 'commune'),
      toLevel: fc.constant('province'),
      urgency: fc.constantFrom('0', '4'),
      overdue: fc.constant('1'),
      reason: fc.constant('http-410'),
      sort: fc.constantFrom('newest', 'oldest'),
      after: fc.constant(placeText({ createdAt: '2026-03-16T02:41:07.000Z', deliveryId: newId() })),
    };
    expect(Object.keys(values)).toEqual(LOG_FIELDS);
    fc.assert(
      fc.property(fc.record(values, { requiredKeys: [] }), (view) => {
        const path = viewPath('/console/messages', view);
        const read = readView(Object.fromEntries(new URL(path, 'http://x').searchParams));
        expect(read).toEqual({ view, ignored: [] });
        expect(viewPath('/console/messages', read.view)).toBe(path);
      }),
      { seed: seededRandom().seed },
    );
  });

  test('hostile queries are read without harm, and what is no value of its field is named', () => {
    expect(
      readView({ state: ['failed', 'done'], from: '31/12', urgency: '9', after: 'x', q: { a: 1 } }),
    ).toEqual({
      view: {},
      ignored: ['q', 'from', 'state', 'urgency', 'after'],
    });
    expect(readView({ q: 'a'.repeat(501) }).ignored).toEqual(['q']);
    for (const wrong of [
      '',
      '_',
      '2026-03-16T02:41:07.000Z',
      `x_${newId()}`,
      `2026-03-16T02:41:07.000Z_${newId()}x`,
    ])
      expect(placeOf(wrong)).toBeNull();
  });

  test('check 37: days begin and end at midnight in Vietnam, over the turn of month and year', () => {
    const day = filterOf({ from: '2026-12-31', to: '2026-12-31' }, null, 0, VIETNAM_CALENDAR);
    expect(day).toMatchObject({ from: '2026-12-30T17:00:00.000Z', to: '2026-12-31T17:00:00.000Z' });
    expect(startOfDay(at('2026-12-31T16:59:59.999Z'))).toBe(at('2026-12-30T17:00:00.000Z'));
    expect(startOfDay(at('2026-12-31T17:00:00.000Z'))).toBe(at('2026-12-31T17:00:00.000Z'));
    expect(startOfDay(at('2028-02-28T17:00:00.000Z'))).toBe(at('2028-02-28T17:00:00.000Z'));
  });

  test('check 37: overdue is what is open and was planned before today, a working day, and an earlier end holds', () => {
    const now = at('2026-03-17T01:00:00.000Z');
    const overdueAt = (time: number) => filterOf({ overdue: '1' }, null, time, VIETNAM_CALENDAR);
    expect(overdueAt(now)).toEqual({
      reach: null,
      kind: 'document',
      states: ['waiting', 'leased'],
      to: '2026-03-16T17:00:00.000Z',
    });
    // On the first day after Tết what came on the day before it is overdue, and what came in between is not yet.
    expect(overdueAt(at('2026-02-23T05:00:00.000Z')).to).toBe('2026-02-13T17:00:00.000Z');
    expect(filterOf({ overdue: '1', to: '2026-03-01' }, null, now, VIETNAM_CALENDAR).to).toBe(
      '2026-03-01T17:00:00.000Z',
    );
  });
});

test('check 31: whatever a cell holds, a spreadsheet reads text, and a reader of RFC 4180 gets it back', () => {
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|cmd', '%0A'])
    expect(csvCell(evil).replace(/^"/, '').startsWith("'")).toBe(true);
  expect([csvCell('a,"b"'), csvCell('Điện Biên'), csvCell(null), csvCell(-5)]).toEqual([
    '"a,""b"""',
    'Điện Biên',
    '',
    '-5',
  ]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const cell = csvCell(text);
      const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect([text, `'${text}`]).toContain(read);
      expect(/^[=+\-@]/.test(read)).toBe(false);
    }),
    { seed: seededRandom().seed },
  );
});
