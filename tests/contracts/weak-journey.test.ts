import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stores } from '../../src/app/compose.ts';
import type { Delivery } from '../../src/delivery/index.ts';
import {
  acknowledge,
  type Caller,
  callerView,
  checkStores,
  eventFeed,
  readInbox,
  recall,
  recover,
  reportStatusJson,
  type Stations,
  submit,
  takeContent,
} from '../../src/exchange/index.ts';
import { TrucError } from '../../src/kernel/index.ts';
import { fragile, type Loss } from '../builders/fragile.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';
import { seededRandom } from '../random.ts';

const [SENDER, FAST, SLOW] = ['G09', 'H53', 'H41'];
const EDXML_ID = 'G09,2026/03/16,412/BNV-VP';

let world: WeakWorld;
beforeAll(async () => {
  world = await weakWorld(SENDER, [FAST, SLOW]);
});
afterAll(() => world.remove());

const inbox = (caller: Caller, x: Stations, waitMs = 0): Promise<Delivery[]> =>
  readInbox(
    { agencyIds: caller.agencyIds, limit: 10, leaseMs: 60_000, waitMs, signal: new AbortController().signal },
    x,
  );

const done = (delivery: Delivery) => ({
  outcome: 'done' as const,
  reason: null,
  retry: false,
  sha256: delivery.sha256,
});

async function faultless(stores: Stores): Promise<void> {
  expect((await checkStores(stores)).faults).toEqual([]);
  expect(await stores.events.pending(10)).toEqual([]);
}

/** The port with one method that fails once, before or after it has done its work. */
function failingOnce<Port extends object>(port: Port, method: keyof Port, when: 'before' | 'after'): Port {
  let due = true;
  return new Proxy(port, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as unknown;
      if (name !== method || typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        const fails = due;
        due = false;
        if (fails && when === 'before') throw new TrucError('adapters.store-failed', { store: 'lost' });
        const answer = await member(...given);
        if (fails) throw new TrucError('adapters.store-failed', { store: 'lost' });
        return answer;
      };
    },
  });
}

describe('the conductor on weak stores', () => {
  test('a recipient answers a letter whose acceptance broke off after its deliveries', async () => {
    const axis = await world.axis();
    const documents = failingOnce(axis.stores.documents, 'change', 'before');
    const x = await axis.start({ ...axis.stores, documents });
    const [sender, fast] = [axis.as(SENDER), axis.as(FAST)];
    await expect(submit(world.letter, sender, x)).rejects.toMatchObject({ code: 'adapters.store-failed' });
    const [delivery] = (await inbox(fast, x)) as [Delivery];
    const { documentId } = delivery;
    await takeContent(delivery.deliveryId, fast, x);
    await acknowledge(delivery.deliveryId, done(delivery), fast, x);
    await reportStatusJson({ documentId, code: '03', description: '' }, fast, x);
    // Its sender has no answer yet, so to the sender there is no document.
    await expect(callerView(documentId, sender, x)).rejects.toMatchObject({ code: 'document.unknown' });
    expect((await submit(world.letter, sender, x)).documentId).toBe(documentId);
    expect((await callerView(documentId, sender, x)).state).toBe('accepted');
    await faultless(axis.stores);
  });

  test('a repeat after its recipient was locked has the answer that the first had; another letter is refused', async () => {
    const axis = await world.axis();
    const x = await axis.start(axis.stores);
    const sender = axis.as(SENDER);
    const first = await submit(world.letter, sender, x);
    const recipient = await x.agencies.resolve(FAST, x.clock.now());
    if (!recipient) throw new RangeError('no recipient');
    await x.agencies.put([{ ...recipient, lockedSince: '2026-01-01T00:00:00.000Z' }], x.clock.now());
    expect(await submit(world.letter, sender, x)).toEqual({ ...first, repeated: true });
    const other = Buffer.from(world.letter.toString().replace('V/v thử nghiệm', 'V/v thử nghiệm lần hai'));
    await expect(submit(other, sender, x)).rejects.toMatchObject({ code: 'intake.closed-recipient' });
  });

  test('a step whose entry was not recorded is recorded when it is repeated, before the next one', async () => {
    const axis = await world.axis();
    const x = await axis.start(axis.stores);
    const [sender, fast] = [axis.as(SENDER), axis.as(FAST)];
    const { documentId } = await submit(world.letter, sender, x);
    const [delivery] = (await inbox(fast, x)) as [Delivery];
    const cut = () => ({ ...x, ledger: failingOnce(x.ledger, 'append', 'before') });
    const insist = async (act: (x: Stations) => Promise<unknown>) => {
      await expect(act(cut())).rejects.toMatchObject({ code: 'adapters.store-failed' });
      await act(x);
    };
    await insist((y) => takeContent(delivery.deliveryId, fast, y));
    await insist((y) => acknowledge(delivery.deliveryId, done(delivery), fast, y));
    await insist((y) => reportStatusJson({ documentId, code: '03', description: '' }, fast, y));
    const events = await axis.stores.events.of(documentId);
    const places = ['delivery.fetched', 'delivery.acknowledged', 'status.03'].map(
      (type) => events.find((event) => event.type === type)?.place?.index,
    );
    expect(places).toEqual([3, 4, 5]);
    await faultless(axis.stores);
  });

  test('a letter goes the whole way: inbox, content, ack, statuses, recall, evidence', async () => {
    const axis = await world.axis();
    const x = await axis.start(axis.stores);
    const [sender, fast] = [axis.as(SENDER), axis.as(FAST)];
    const waiting = inbox(fast, x, 30_000);
    const { documentId, repeated } = await submit(world.letter, sender, x);
    expect(repeated).toBe(false);
    const [delivery] = (await waiting) as [Delivery];
    expect(delivery).toMatchObject({ documentId, kind: 'document', attempts: 1 });
    const taken = await takeContent(delivery.deliveryId, fast, x);
    expect((await x.blobs.read(taken.content)).equals(world.letter)).toBe(true);
    expect((await acknowledge(delivery.deliveryId, done(delivery), fast, x)).state).toBe('done');
    for (const code of ['01', '03'])
      expect(await reportStatusJson({ documentId, code, description: 'đã nhận' }, fast, x)).toMatchObject({
        repeated: false,
        answer: { inOrder: true },
      });
    expect((await inbox(sender, x)).map((one) => one.kind)).toEqual(['status', 'status']);
    expect(await recall(documentId, 'sai thể thức', sender, x)).toMatchObject({
      cancelled: [SLOW],
      asked: [FAST],
    });
    expect((await inbox(fast, x)).map((one) => one.kind)).toEqual(['status']);
    await reportStatusJson({ documentId, code: '15', description: 'đồng ý' }, fast, x);
    const view = await callerView(documentId, sender, x);
    expect(view.state).toBe('recalled');
    expect(view.recipients.map((one) => [one.code, one.transport, one.business])).toEqual([
      [FAST, 'done', '03'],
      [SLOW, 'cancelled', null],
    ]);
    expect((await eventFeed(0, 100, sender, x)).items).toHaveLength(11);
    await faultless(axis.stores);
  });

  test('fifty twins at once: one document, one set of deliveries, the same answer for all', async () => {
    const axis = await world.axis();
    const x = await axis.start(axis.stores);
    const twins = Array.from({ length: 50 }, () => submit(world.letter, axis.as(SENDER), x));
    const answers = await Promise.all(twins);
    expect(new Set(answers.map((one) => one.answer)).size).toBe(1);
    expect(answers.filter((one) => !one.repeated)).toHaveLength(1);
    expect(await x.deliveries.count()).toMatchObject({ waiting: 2 });
    expect(await x.reader.size()).toBe(3);
    await faultless(axis.stores);
  });
});

/** Something that a caller does and does again when it got no answer. */
interface Act {
  name: string;
  /** What must have happened before. @returns the act */
  prepare(axis: WeakAxis, x: Stations): Promise<(x: Stations) => Promise<unknown>>;
}

async function delivered(axis: WeakAxis, x: Stations): Promise<Delivery> {
  await submit(world.letter, axis.as(SENDER), x);
  return ((await inbox(axis.as(FAST), x)) as [Delivery])[0];
}

const ACTS: readonly Act[] = [
  { name: 'sending', prepare: async (axis) => (x) => submit(world.letter, axis.as(SENDER), x) },
  {
    name: 'taking content',
    prepare: async (axis, before) => {
      const { deliveryId } = await delivered(axis, before);
      return (x) => takeContent(deliveryId, axis.as(FAST), x);
    },
  },
  {
    name: 'acknowledging',
    prepare: async (axis, before) => {
      const delivery = await delivered(axis, before);
      return (x) => acknowledge(delivery.deliveryId, done(delivery), axis.as(FAST), x);
    },
  },
  {
    name: 'giving up',
    prepare: async (axis, before) => {
      const delivery = await delivered(axis, before);
      const word = { ...done(delivery), outcome: 'fail' as const, reason: 'không mở được' };
      return (x) => acknowledge(delivery.deliveryId, word, axis.as(FAST), x);
    },
  },
  {
    name: 'reporting a status',
    prepare: async (axis, before) => {
      const { documentId } = await delivered(axis, before);
      return (x) => reportStatusJson({ documentId, code: '01', description: '' }, axis.as(FAST), x);
    },
  },
  {
    name: 'recalling',
    prepare: async (axis, before) => {
      const { documentId, deliveryId } = await delivered(axis, before);
      await takeContent(deliveryId, axis.as(FAST), before);
      return (x) => recall(documentId, 'sai thể thức', axis.as(SENDER), x);
    },
  },
];

interface Interrupted {
  axis: WeakAxis;
  /** The act, for the caller who does it again. */
  again(x: Stations): Promise<unknown>;
  /** Port calls that the act made. */
  calls: number;
  struck: boolean;
}

async function interrupted(act: Act, loss: Loss | null): Promise<Interrupted> {
  const axis = await world.axis();
  const again = await act.prepare(axis, await axis.start(axis.stores));
  const weak = fragile(axis.stores);
  const x = await axis.start(weak.stores);
  weak.arm(loss);
  const ended = await again(x).then(
    () => null,
    (error: unknown) => error,
  );
  if (loss === null) expect(ended).toBeNull();
  return { axis, again, calls: weak.calls(), struck: weak.struck() };
}

/** Starts again over what is left, as after a crash, and lets recovery do its work. */
async function recovered(axis: WeakAxis): Promise<Stations> {
  axis.clock.advance(1_000);
  const x = await axis.start(axis.stores);
  await recover(x, 0);
  return x;
}

/** The letter is finished, to the last delivery, or there is no trace of it. @returns whether it is there */
async function wholeOrAbsent(axis: WeakAxis): Promise<boolean> {
  const { documents, deliveries, journal } = axis.stores;
  const [document] = await documents.byEdxmlId(axis.as(SENDER).agencyIds[0] as string, EDXML_ID);
  if (document === undefined) {
    expect(await deliveries.count()).toMatchObject({ waiting: 0 });
    expect((await journal.head()).size).toBe(0);
    return false;
  }
  expect(document.state).not.toBe('received');
  expect(document.receipt).not.toBeNull();
  const planned = await deliveries.ofDocument(document.documentId);
  expect(planned.filter((one) => one.kind === 'document').map((one) => one.recipientCode)).toEqual(
    expect.arrayContaining([FAST, SLOW]),
  );
  return true;
}

const LOSSES = [
  { when: 'before', extent: 'for-good' },
  { when: 'after', extent: 'for-good' },
  { when: 'before', extent: 'once' },
  { when: 'after', extent: 'once' },
] as const;

describe('power lost at each port call', () => {
  test.each(ACTS)('$name: recovery finishes it or it never was, and doing it again is safe', async (act) => {
    const { calls } = await interrupted(act, null);
    expect(calls).toBeGreaterThan(5);
    for (const { when, extent } of LOSSES) {
      for (let at = 1; at <= calls; at++) {
        const { axis, again, struck } = await interrupted(act, { at, when, extent });
        expect({ at, when, extent, struck }).toEqual({ at, when, extent, struck: true });
        const x = await recovered(axis);
        await wholeOrAbsent(axis);
        await faultless(axis.stores);
        await again(x);
        expect(await wholeOrAbsent(axis)).toBe(true);
        await faultless(axis.stores);
      }
    }
  });

  test('fifty twins in flight when it happens: at most one letter, and all who ask again get one answer', async () => {
    const random = seededRandom();
    for (let round = 0; round < 20; round++) {
      const axis = await world.axis();
      const weak = fragile(axis.stores);
      const x = await axis.start(weak.stores);
      const when = random.between(0, 1) === 0 ? 'before' : 'after';
      weak.arm({ at: random.between(1, 400), when, extent: 'for-good' });
      const twins = Array.from({ length: 50 }, () => submit(world.letter, axis.as(SENDER), x));
      const outcomes = await Promise.allSettled(twins);
      expect(weak.struck()).toBe(true);
      const told = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.answer] : []));
      const next = await recovered(axis);
      const whole = await wholeOrAbsent(axis);
      if (told.length > 0) expect(whole).toBe(true);
      const asked = await Promise.all(
        Array.from({ length: 50 }, () => submit(world.letter, axis.as(SENDER), next)),
      );
      expect(new Set([...told, ...asked.map((one) => one.answer)]).size).toBe(1);
      await faultless(axis.stores);
    }
  });
});
