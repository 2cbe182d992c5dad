import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  dayOf,
  isAnnounced,
  isPast,
  isWorkingDay,
  sameDayLimit,
  VIETNAM_CALENDAR,
  workingCalendar,
  workingDayBefore,
  workingDayFrom,
  workingDaysAfter,
} from '../../src/document/index.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { testSeed } from '../random.ts';

const VN = VIETNAM_CALENDAR;
const at = (text: string) => Date.parse(text);

describe('check 37: which days are worked', () => {
  test('weekends, the holidays of every year, Tết, days given for a Sunday, and days swapped', () => {
    const off = ['2026-01-01', '2026-01-02', '2026-02-16', '2026-02-20', '2026-04-27', '2026-08-31', '2026-09-02', '2026-03-14', '2025-05-02'];
    const worked = ['2026-01-10', '2026-08-22', '2026-02-13', '2026-02-23', '2026-03-16', '2025-04-26', '2024-05-04'];
    expect(off.filter((day) => isWorkingDay(day, VN))).toEqual([]);
    expect(worked.filter((day) => !isWorkingDay(day, VN))).toEqual([]);
  }); // biome-ignore format: days on one line

  test('a year gives as many days off in a row as the Government announced', () => {
    const rows = [['2026-01-01', 4], ['2026-02-14', 9], ['2026-04-25', 3], ['2026-04-30', 4], ['2026-08-29', 5]] as const; // biome-ignore format: pairs on one line
    for (const [first, days] of rows) {
      expect(isWorkingDay(workingDayBefore(first, VN), VN)).toBe(true);
      expect(at(workingDayFrom(first, VN)) - at(first)).toBe(days * 86_400_000);
    }
  });

  test('of a year that is not announced yet only weekends and fixed holidays are known, and that is told', () => {
    expect([isAnnounced('2026-12-31', VN), isAnnounced('2031-01-01', VN)]).toEqual([true, false]);
    expect(isWorkingDay('2031-01-01', VN)).toBe(false);
    expect(isWorkingDay('2031-01-02', VN)).toBe(true);
  });
});

describe('check 37: deadlines', () => {
  test('days end at 24:00 in Vietnam, over the turn of month and year', () => {
    expect(dayOf(at('2026-12-31T16:59:59.999Z'))).toBe('2026-12-31');
    expect(dayOf(at('2026-12-31T17:00:00.000Z'))).toBe('2027-01-01');
    expect(isPast('2026-12-31', at('2026-12-31T16:59:59.999Z'), VN)).toBe(false);
    expect(isPast('2026-12-31', at('2026-12-31T17:00:00.000Z'), VN)).toBe(true);
    expect(isPast('2028-02-29', at('2028-02-29T17:00:00.000Z'), VN)).toBe(true);
  });

  test('a limit that ends with a day off ends with the next working day', () => {
    expect(workingDayFrom('2026-02-15', VN)).toBe('2026-02-23');
    expect(isPast('2026-02-15', at('2026-02-23T16:59:59.999Z'), VN)).toBe(false);
    expect(isPast('2026-02-15', at('2026-02-23T17:00:00.000Z'), VN)).toBe(true);
    expect(workingDaysAfter('2026-02-13', 1, VN)).toBe('2026-02-23');
    expect(workingDaysAfter('2026-02-13', 0, VN)).toBe('2026-02-13');
    expect(workingDaysAfter('2026-01-09', 1, VN)).toBe('2026-01-10');
    expect(workingDaysAfter('2025-12-31', 1, VN)).toBe('2026-01-05');
    expect(workingDaysAfter('2026-03-13', 5, VN)).toBe('2026-03-20');
  });

  test('what was to be done the same day is overdue exactly when its working day is over', () => {
    const second = fc.integer({
      min: at('2024-01-01T00:00:00Z') / 1000,
      max: at('2027-06-30T00:00:00Z') / 1000,
    });
    fc.assert(
      fc.property(second, fc.integer({ min: 0, max: 30 * 86_400 }), (happened, later) => {
        const [then, now] = [happened * 1000, (happened + later) * 1000];
        expect(then < sameDayLimit(now, VN)).toBe(isPast(dayOf(then), now, VN));
      }),
      { seed: testSeed(), numRuns: 2_000 },
    );
  });
});

describe('a calendar of one’s own', () => {
  const text = (change: object) => JSON.stringify({ ...VN, ...change });
  const refused = (given: string) => {
    try {
      workingCalendar(given);
      return 'taken';
    } catch (error) {
      return isTrucError(error, 'document.calendar-invalid') ? String(error.facts.cause) : 'other';
    }
  };

  test('is taken as it is written', () => {
    const own = workingCalendar(text({ years: { 2027: { source: 'TB', daysOff: ['2027-02-08'], workingDays: ['2027-02-13'] } } }));
    expect([isWorkingDay('2027-02-08', own), isWorkingDay('2027-02-13', own)]).toEqual([false, true]);
  }); // biome-ignore format: one line

  test('a day of another year, a day both off and worked, no date, no JSON: each is refused with where it is', () => {
    const of = (daysOff: string[], workingDays: string[]) => text({ years: { 2027: { source: '', daysOff, workingDays } } });
    expect(refused(of(['2026-02-08'], []))).toBe('years.2027: 2026-02-08');
    expect(refused(of(['2027-02-08'], ['2027-02-08']))).toBe('years.2027: 2027-02-08');
    expect(refused(of(['2027-02-30'], []))).toMatch(/^years\.2027\.daysOff\.0: /);
    expect(refused(text({ weekend: [0] }))).toMatch(/^weekend\.0: /);
    expect(refused('{')).toMatch(/JSON/);
    expect(refused('null')).not.toBe('taken');
  }); // biome-ignore format: one line each
});
