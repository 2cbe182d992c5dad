import { afterEach, expect, test } from '@jest/globals';
import { type StoreProbe, watchStores } from '../../src/app/store-watch.ts';
import { silentLog } from '../../src/kernel/index.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A store that answers, fails or says nothing, as told; `asked` resolves after so many more questions. */
function store(name: string, needed: boolean) {
  let how: 'answers' | 'fails' | 'hangs' = 'answers';
  let questions = 0;
  let listeners: (() => void)[] = [];
  const probe: StoreProbe = {
    store: name,
    needed,
    ask: async () => {
      questions++;
      for (const listener of listeners) listener();
      if (how === 'fails') throw new RangeError('refused');
      if (how === 'hangs') await new Promise(() => undefined);
    },
  };
  return {
    probe,
    now: (next: typeof how) => {
      how = next;
    },
    asked: (more: number) =>
      new Promise<void>((resolve) => {
        const until = questions + more;
        listeners = [...listeners, () => questions >= until && resolve()];
      }),
  };
}

function watching(probes: StoreProbe[]) {
  const lines: string[] = [];
  const log = {
    ...silentLog,
    error: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  };
  const watch = watchStores({ probes, log, everyMs: 5, boundMs: 20 });
  closing.push(watch.stop);
  return { watch, lines };
}

test.each(['fails', 'hangs'] as const)(
  'a needed store that %s is a reason, until it answers',
  async (how) => {
    const database = store('mongodb', true);
    const { watch, lines } = watching([database.probe]);
    await database.asked(3);
    expect(watch.away()).toBeNull();
    database.now(how);
    await database.asked(4);
    expect(watch.away()).toBe('mongodb-away');
    expect(watch.up()).toEqual([{ store: 'mongodb', up: false }]);
    database.now('answers');
    await database.asked(3);
    expect(watch.away()).toBeNull();
    expect(lines).toEqual(['a store does not answer', 'a store answers again']);
  },
);

test('one missed answer is none', async () => {
  const database = store('mongodb', true);
  const { watch, lines } = watching([database.probe]);
  await database.asked(2);
  const once = database.asked(1);
  database.now('fails');
  await once;
  database.now('answers');
  await database.asked(3);
  expect(watch.away()).toBeNull();
  expect(lines).toEqual([]);
});

test('a store that is not needed is shown as away and is no reason', async () => {
  const [redis, database] = [store('redis', false), store('mongodb', true)];
  const { watch } = watching([redis.probe, database.probe]);
  redis.now('fails');
  await redis.asked(4);
  expect(watch.away()).toBeNull();
  expect(watch.up()).toEqual([
    { store: 'redis', up: false },
    { store: 'mongodb', up: true },
  ]);
});

test('after the stop nobody is asked any more', async () => {
  const database = store('mongodb', true);
  const { watch } = watching([database.probe]);
  await database.asked(2);
  watch.stop();
  let again = false;
  void database.asked(1).then(() => {
    again = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(again).toBe(false);
});
