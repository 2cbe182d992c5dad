import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  callerView,
  checkStores,
  decideHeld,
  documentReport,
  readInbox,
  recover,
  reviewDue,
  type Stations,
  submit,
} from '../../src/exchange/index.ts';
import { fragile } from '../builders/fragile.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

const [SENDER, RECIPIENT] = ['G09', 'H53'];
const DAY = 86_400_000;

let world: WeakWorld;
beforeAll(async () => {
  world = await weakWorld(SENDER, [RECIPIENT]);
});
afterAll(() => world.remove());

async function submitted(holding = false) {
  const axis = await world.blindAxis(holding);
  const x = await axis.start(axis.stores);
  const { documentId } = await submit(world.letter, axis.as(SENDER), x);
  return { axis, x, documentId };
}

async function noticesOf(code: string, axis: WeakAxis, x: Stations): Promise<number> {
  const caller = axis.as(code);
  const { signal } = new AbortController();
  const items = await readInbox(
    { agencyIds: caller.agencyIds, limit: 50, leaseMs: 60_000, waitMs: 0, signal },
    x,
  );
  return items.filter((one) => one.kind === 'notice').length;
}

/** One entry for the change, in the ledger; each party is told once; stores and ledger agree. */
async function toldOnce(documentId: string, axis: WeakAxis, x: Stations, parties: readonly string[]) {
  const events = await axis.stores.events.of(documentId);
  const changes = events.filter((event) => event.type === 'signature.reverified');
  expect(changes.map((event) => event.place === null)).toEqual([false]);
  for (const code of parties) expect(await noticesOf(code, axis, x)).toBe(1);
  expect((await checkStores(axis.stores)).faults).toEqual([]);
  expect(await axis.stores.events.pending(10)).toEqual([]);
}

describe('a letter that could not be judged for want of revocation data', () => {
  test('is judged again when they are there; nothing happens before, and nothing twice', async () => {
    const { axis, x, documentId } = await submitted();
    const first = await documentReport(documentId, axis.as(SENDER), x);
    axis.clock.advance(61_000);
    expect(await reviewDue(x, false)).toBe(0);
    expect(await documentReport(documentId, axis.as(SENDER), x)).toBe(first);
    axis.publish();
    expect(await reviewDue(x, false)).toBe(0);
    expect(await reviewDue(x, true)).toBe(1);
    expect(await reviewDue(x, true)).toBe(0);
    await toldOnce(documentId, axis, x, [SENDER, RECIPIENT]);
    expect((await axis.stores.reviews.get(documentId))?.dueAt).toBeNull();
    expect(await documentReport(documentId, axis.as(RECIPIENT), x, 0)).toBe(first);
    expect(JSON.parse(await documentReport(documentId, axis.as(RECIPIENT), x))).toMatchObject({
      ...JSON.parse(first),
      latest: { number: 1, indication: 'TOTAL_PASSED' },
    });
    expect((await callerView(documentId, axis.as(SENDER), x)).verification).toMatchObject({
      indication: 'INDETERMINATE',
      latest: { indication: 'TOTAL_PASSED' },
    });
  });

  test('is tried after one minute, two, four, at most an hour apart, and given up after a month', async () => {
    const { axis, x, documentId } = await submitted();
    const dueAt = async () => Date.parse((await axis.stores.reviews.get(documentId))?.dueAt ?? '');
    let due = await dueAt();
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      axis.clock.set(due);
      await reviewDue(x, false);
      const pause = ((await dueAt()) - due) / 60_000;
      expect(pause).toBeGreaterThanOrEqual(minutes * 0.9);
      expect(pause).toBeLessThanOrEqual(minutes * 1.1);
      due = await dueAt();
    }
    axis.clock.set(due + 29 * DAY);
    await reviewDue(x, false);
    expect(await dueAt()).toBeGreaterThan(due);
    axis.clock.advance(DAY);
    await reviewDue(x, false);
    expect(await dueAt()).toBeNaN();
    axis.publish();
    expect(await reviewDue(x, true)).toBe(0);
  });

  test('two nodes that judge at one moment tell one verdict', async () => {
    const { axis, x, documentId } = await submitted();
    const other = await axis.start(axis.stores);
    axis.publish();
    await Promise.all([reviewDue(x, true), reviewDue(other, true)]);
    await reviewDue(x, true);
    await toldOnce(documentId, axis, x, [SENDER, RECIPIENT]);
  });

  test('and that was taken back or destroyed meanwhile is left alone', async () => {
    const { axis, x, documentId } = await submitted();
    await axis.stores.documents.change({ documentId, from: ['accepted'], to: 'recalled', events: [] });
    axis.publish();
    expect(await reviewDue(x, true)).toBe(0);
    expect((await axis.stores.reviews.get(documentId))?.dueAt).toBeNull();
  });

  test('one whose content cannot be read does not keep the others waiting', async () => {
    const { axis, x, documentId } = await submitted();
    const read = () => Promise.reject(new RangeError('away'));
    expect(await reviewDue({ ...x, blobs: { ...x.blobs, read } }, true)).toBe(0);
    axis.publish();
    expect(await reviewDue(x, true)).toBe(1);
    await toldOnce(documentId, axis, x, [SENDER, RECIPIENT]);
  });

  test('one that passes at once is never judged again', async () => {
    const axis = await world.axis();
    const x = await axis.start(axis.stores);
    const { documentId } = await submit(world.letter, axis.as(SENDER), x);
    expect(await axis.stores.reviews.get(documentId)).toBeNull();
  });
});

describe('a held one', () => {
  test('goes out by itself once it passes', async () => {
    const { axis, x, documentId } = await submitted(true);
    axis.clock.advance(DAY / 2);
    axis.publish();
    expect(await reviewDue(x, true)).toBe(1);
    expect((await callerView(documentId, axis.as(RECIPIENT), x)).state).toBe('accepted');
    await toldOnce(documentId, axis, x, [SENDER]);
  });

  test('that an operator decided in the same moment stays decided', async () => {
    const { axis, x, documentId } = await submitted(true);
    axis.publish();
    const refusal = { outcome: 'refuse', reason: 'không rõ nguồn gốc', by: 'operator' } as const;
    await Promise.allSettled([reviewDue(x, true), decideHeld(documentId, refusal, x)]);
    await reviewDue(x, true);
    const state = (await axis.stores.documents.get(documentId))?.state ?? '';
    expect(['accepted', 'refused']).toContain(state);
    expect((await checkStores(axis.stores)).faults).toEqual([]);
  });
});

describe('a node that dies while it judges again', () => {
  async function dying(holding: boolean, at: number | null, when: 'before' | 'after') {
    const { axis, documentId } = await submitted(holding);
    axis.publish();
    const weak = fragile(axis.stores);
    const x = await axis.start(weak.stores);
    weak.arm(at === null ? null : { at, when, extent: 'for-good' });
    await reviewDue(x, true).catch(() => undefined);
    return { axis, documentId, calls: weak.calls(), struck: weak.struck() };
  }

  test.each([
    ['sent on', false],
    ['held', true],
  ] as const)('leaves a letter that was %s to the next one, at whatever call', async (_, holding) => {
    const { calls } = await dying(holding, null, 'before');
    expect(calls).toBeGreaterThan(10);
    for (let at = 1; at <= calls; at++)
      for (const when of ['before', 'after'] as const) {
        const { axis, documentId, struck } = await dying(holding, at, when);
        expect(struck).toBe(true);
        axis.clock.advance(10 * 60_000);
        const x = await axis.start(axis.stores);
        await recover(x, 0);
        await reviewDue(x, true);
        expect((await callerView(documentId, axis.as(SENDER), x)).state).toBe('accepted');
        await toldOnce(documentId, axis, x, holding ? [SENDER] : [SENDER, RECIPIENT]);
      }
  });
});

describe('truc fsck', () => {
  test('finds a later report that is gone or another one', async () => {
    const { axis, x, documentId } = await submitted();
    axis.publish();
    await reviewDue(x, true);
    const review = await axis.stores.reviews.get(documentId);
    const found = async (report: string) => {
      const verdicts = (review?.verdicts ?? []).map((one) => ({ ...one, report }));
      const get = async () => (review ? { ...review, verdicts } : null);
      const { faults } = await checkStores({ ...axis.stores, reviews: { get } });
      return faults.map(({ code, facts }) => [code, facts.number]);
    };
    expect(await found(review?.verdicts[0]?.report ?? '')).toEqual([]);
    expect(await found('{}')).toEqual([['fsck.report-altered', 1]]);
  });
});
