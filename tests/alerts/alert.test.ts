import { expect, test } from '@jest/globals';
import {
  type Alert,
  type AlertRule,
  DEFAULT_RULES,
  daysUntilFull,
  judgeRound,
  previewOf,
  rulesFrom,
  type Sample,
  watchRound,
} from '../../src/alerts/index.ts';
import { makeLog } from '../../src/app/index.ts';
import { isoTime } from '../../src/kernel/index.ts';
import { weakAlerts } from '../builders/weak-alerts.ts';

const START = Date.parse('2026-03-16T02:00:00.000Z');
const MINUTE = 60_000;
const RULE: AlertRule = {
  ...{ id: 'late', measure: 'oldest-waiting-seconds', when: 'above', limit: 900 },
  ...{ forSeconds: 120, severity: 'critical' },
};

/** What is read in a minute: a value under each label. */
function sample(minute: number, values: Record<string, number>): Sample {
  return {
    at: isoTime(START + minute * MINUTE),
    measured: ['oldest-waiting-seconds'],
    readings: Object.entries(values).map(([label, value]) => ({ measure: RULE.measure, label, value })),
  };
}

/** Runs rounds over a book. @returns the message of each round, empty where there was none */
async function rounds(
  samples: readonly Sample[],
  rules = [RULE],
  fails: (no: number) => boolean = () => false,
) {
  const book = weakAlerts();
  const messages: string[] = [];
  let no = 0;
  for (const one of samples) {
    messages.push('');
    const tell = async ({ alerts }: { alerts: readonly Alert[] }) => {
      if (fails(no)) throw new TypeError('away');
      messages[no] = alerts.map(({ label, state }) => `${label} ${state}`).join(', ');
    };
    await watchRound(one, { book, rules, tellers: [tell], log: makeLog('silent') });
    no++;
  }
  return { book, messages };
}

test('it is told once when it has lasted, and once when it has stayed within its limit for five minutes', async () => {
  const values = [1000, 1000, 1000, 1000, 10, 10, 10, 10, 10, 10, 10];
  const { messages, book } = await rounds(values.map((value, i) => sample(i, { '4': value })));
  expect(messages).toEqual(['', '', '4 firing', '', '', '', '', '', '', '4 resolved', '']);
  expect(await book.open()).toEqual([]);
  expect(await book.list(5)).toMatchObject([
    { state: 'resolved', label: '4', firedAt: isoTime(START + 2 * MINUTE) },
  ]);
});

test('what is over before it has lasted is told to nobody', async () => {
  const { messages, book } = await rounds([1000, 10, 1000, 10].map((value, i) => sample(i, { '4': value })));
  expect(messages).toEqual(['', '', '', '']);
  expect(await book.list(5)).toEqual([]);
});

test('no storm: what comes in one round is one message, what goes up and down is one alarm', async () => {
  const up = { '4': 1000, '3': 1000, '2': 1000 };
  const flapping = Array.from({ length: 40 }, (_, i) =>
    sample(i, i < 4 ? up : { ...up, '4': i % 3 === 0 ? 1000 : 10 }),
  );
  const { messages } = await rounds(flapping);
  expect(messages.filter((one) => one !== '')).toEqual(['2 firing, 3 firing, 4 firing']);
});

test('what fires on is told again after four hours, not where it is somebody’s case', async () => {
  const book = weakAlerts();
  const messages: string[] = [];
  const watch = {
    ...{ book, rules: [RULE], log: makeLog('silent') },
    tellers: [
      async ({ alerts }: { alerts: readonly Alert[] }) =>
        void messages.push(alerts.map((one) => one.label).join()),
    ],
  };
  const at = async (minute: number) => watchRound(sample(minute, { '3': 1000, '4': 1000 }), watch);
  for (const minute of [0, 2, 100]) await at(minute);
  const [first] = await book.open();
  await book.acknowledge(first?.alertId ?? '', { by: 'p', reason: 'đang sửa', at: isoTime(START) });
  for (const minute of [200, 243, 300]) await at(minute);
  expect(messages).toEqual(['3,4', first?.label === '3' ? '4' : '3']);
});

test('what could not be told is told with the next round, its end too', async () => {
  const values = [1000, 1000, 1000, 1000, 10, 10, 10, 10, 10, 10, 10, 10];
  const samples = values.map((value, i) => sample(i, { '4': value }));
  const { messages } = await rounds(samples, [RULE], (no) => no === 2 || no === 9);
  expect(messages.filter((one) => one !== '')).toEqual(['4 firing', '4 resolved']);
  expect(messages[10]).toBe('4 resolved');
});

test('what has no reading any more is over; what could not be read stays as it is', async () => {
  const before = [0, 1, 2].map((minute) => sample(minute, { '4': 1000 }));
  const away = [3, 4, 5, 6, 7, 8, 9].map((minute) => ({ ...sample(minute, {}), measured: [] }));
  expect((await rounds([...before, ...away])).messages.filter((one) => one !== '')).toEqual(['4 firing']);
  const gone = [3, 4, 5, 6, 7, 8].map((minute) => sample(minute, {}));
  expect((await rounds([...before, ...gone])).messages.at(-1)).toBe('4 resolved');
});

test('an alarm of a rule that is no more ends', () => {
  const { changed } = judgeRound([RULE], sample(0, { '4': 1000 }), []);
  expect(judgeRound([], sample(1, { '4': 1000 }), changed).changed).toMatchObject([{ state: 'resolved' }]);
});

test('a preview says of the past what the rounds said then', async () => {
  const random = [1000, 1000, 1000, 1200, 10, 10, 10, 10, 10, 10, 10, 1000, 1000, 1000];
  const samples = random.map((value, i) => sample(i, { '4': value, '0': 5 }));
  const { messages } = await rounds(samples);
  const told = messages.flatMap((one, i) => (one.includes('firing') ? [isoTime(START + i * MINUTE)] : []));
  const alarms = previewOf(RULE, samples);
  expect(alarms.map((one) => one.from)).toEqual(told);
  expect(alarms).toMatchObject([
    { label: '4', worst: 1200, to: isoTime(START + 9 * MINUTE) },
    { label: '4', to: null },
  ]);
  expect(previewOf({ ...RULE, limit: 2_000 }, samples)).toEqual([]);
});

test('the disk is full when the line of the samples says so', () => {
  const day = (i: number, freeBytes: number) => ({ at: START + i * 86_400_000, freeBytes });
  expect(daysUntilFull([day(0, 100), day(1, 90), day(2, 80)])).toBeCloseTo(8);
  expect(daysUntilFull([day(0, 100), day(1, 110)])).toBe(3_650);
  expect(daysUntilFull([day(0, 100), day(0.1, 1)])).toBeNull();
  expect(daysUntilFull([])).toBeNull();
});

test.each([
  ['not JSON', '{', 'not-json'],
  ['no list', '{}', ''],
  [
    'an unknown measure',
    '[{"id":"x","measure":"moon","when":"above","limit":1,"forSeconds":0,"severity":"warning"}]',
    '',
  ],
  ['twice the same id', JSON.stringify([RULE, RULE]), 'ids are not unique'],
  ['more than a rule has', JSON.stringify([{ ...RULE, run: 'rm' }]), ''],
])('rules that are %s are refused', (_, text, cause) => {
  expect(() => rulesFrom(text)).toThrow(
    expect.objectContaining({
      code: 'alerts.rules-invalid',
      facts: expect.objectContaining({ cause: expect.stringContaining(cause) }),
    }),
  );
});

test('the default rules are rules', () => {
  expect(rulesFrom(JSON.stringify(DEFAULT_RULES))).toEqual(DEFAULT_RULES);
});
