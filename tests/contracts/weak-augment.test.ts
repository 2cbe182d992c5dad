import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type AugmentationRound,
  augmentDue,
  checkStores,
  recover,
  type Stations,
  submit,
} from '../../src/exchange/index.ts';
import { isoTime, systemClock, TrucError } from '../../src/kernel/index.ts';
import type { TimestampClient } from '../../src/signing/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { Ceremonies } from '../builders/ceremonies.ts';
import { fragile } from '../builders/fragile.ts';
import { weakAugmentationSchedule } from '../builders/weak-augmentations.ts';
import { type ProvingAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

const [SENDER, RECIPIENT] = ['G09', 'H53'];
/** Its official signs himself. */
const OFFICE = 'H53.32.29';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const signal = new AbortController().signal;

let world: WeakWorld;
beforeAll(async () => {
  world = await weakWorld(SENDER, [RECIPIENT], systemClock.now());
});
afterAll(() => world.remove());

async function submitted() {
  const axis = await world.provingAxis();
  const x = await axis.start(axis.stores);
  const { documentId } = await submit(world.letter, axis.as(SENDER), x);
  return { axis, x, documentId };
}

const run = (x: Stations, over = {}): Promise<AugmentationRound> => augmentDue(x, { signal, ...over });
const NOTHING = { made: 0, failed: 0, away: false };

async function filesOf(documentId: string, { stores }: ProvingAxis) {
  return stores.augmentations.of(documentId);
}

/** So many files, each with its entry in the ledger, the newest at its level; stores and ledger agree. */
async function expectFiles(documentId: string, axis: ProvingAxis, x: Stations, count: number) {
  const files = await filesOf(documentId, axis);
  expect(files.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  const events = await axis.stores.events.of(documentId);
  const told = events.filter((event) => event.type === 'signature.augmented');
  expect(told.map(({ facts, place }) => [facts.sha256, place !== null])).toEqual(
    files.map(({ sha256 }) => [sha256, true]),
  );
  expect((await checkStores(axis.stores)).faults).toEqual([]);
  expect(await axis.stores.events.pending(10)).toEqual([]);
  const newest = await axis.stores.blobs.read(files.at(-1)?.content ?? '');
  const report = verifyFile(newest, x.verification());
  expect(report.indication).toBe('TOTAL_PASSED');
  expect(new Set(report.signatures.map(({ baseline }) => baseline))).toEqual(new Set(['B-LTA']));
}

const scheduled = (documentId: string, { stores }: ProvingAxis) =>
  stores.augmentationSchedule.get(documentId);

describe('a letter that passed', () => {
  test('gets what proves it an hour after it came, once; accepting it wrote nothing for that', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(HOUR - 1_000);
    expect(await run(x)).toEqual(NOTHING);
    expect(await scheduled(documentId, axis)).toBeNull();
    axis.clock.advance(HOUR);
    expect(await run(x)).toEqual({ made: 1, failed: 0, away: false });
    expect(await run(x)).toEqual(NOTHING);
    await expectFiles(documentId, axis, x, 1);
    expect(await axis.stores.augmentationSchedule.count(isoTime(axis.clock.now()))).toEqual({
      due: 0,
      failing: 0,
    });
  });

  test('gets a new time-stamp before the last one ends, from an authority that lasts longer, and not again from the same', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    await run(x);
    // Nothing is left alone for longer than half a year.
    const first = Date.parse((await scheduled(documentId, axis))?.dueAt ?? '');
    expect(first - axis.clock.now()).toBe(180 * DAY);
    axis.clock.advance(3 * YEAR - 40 * DAY);
    expect(await run(x)).toEqual(NOTHING);
    axis.clock.advance(15 * DAY);
    const asked = axis.asked();
    expect(await run(x)).toEqual(NOTHING);
    expect(axis.asked()).toBe(asked + 1);
    await expectFiles(documentId, axis, x, 1);
    // Half of the 25 days that are left.
    const again = Date.parse((await scheduled(documentId, axis))?.dueAt ?? '') - axis.clock.now();
    expect(Math.abs(again - 12.5 * DAY)).toBeLessThan(DAY);
    const subject = { C: 'VN', CN: 'Dịch vụ dấu thời gian mới (thử nghiệm)' };
    const validity = { from: '-1d', to: '+3y' };
    await world.pki.add('tsa-new', { kind: 'tsa', issuer: 'ca-g2', subject, validity }, axis.clock.now());
    axis.stampBy('tsa-new');
    axis.clock.advance(again);
    expect(await run(x)).toEqual({ made: 1, failed: 0, away: false });
    await expectFiles(documentId, axis, x, 2);
    axis.clock.advance(YEAR);
    expect(await run(x)).toEqual(NOTHING);
    await expectFiles(documentId, axis, x, 2);
  });

  test('waits for an authority that is away: the round ends at the first, tries come later and later, none is lost', async () => {
    const axis = await world.provingAxis();
    const x = await axis.start(axis.stores);
    const { documentId } = await submit(world.letter, axis.as(SENDER), x);
    axis.stampBy(null);
    axis.clock.advance(2 * HOUR);
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      expect(await run(x)).toEqual({ made: 0, failed: 1, away: true });
      const { dueAt, failure } = (await scheduled(documentId, axis)) ?? {};
      const pause = (Date.parse(dueAt ?? '') - axis.clock.now()) / 60_000;
      expect(pause).toBeGreaterThanOrEqual(minutes * 0.9);
      expect(pause).toBeLessThanOrEqual(minutes * 1.1);
      expect(failure).toBe('signing.timestamp-unavailable');
      expect(await run(x)).toEqual(NOTHING);
      axis.clock.set(Date.parse(dueAt ?? ''));
    }
    expect(axis.asked()).toBe(8);
    axis.stampBy('tsa');
    expect(await run(x)).toEqual({ made: 1, failed: 0, away: false });
    expect(await scheduled(documentId, axis)).toMatchObject({ tries: 0, failure: null });
    await expectFiles(documentId, axis, x, 1);
  });

  test('waits for revocation data', async () => {
    const { axis, x, documentId } = await submitted();
    axis.publish(false);
    axis.clock.advance(2 * HOUR);
    expect(await run(x)).toMatchObject({ made: 0, failed: 1, away: false });
    axis.publish(true);
    axis.clock.advance(HOUR);
    expect(await run(x)).toMatchObject({ made: 1, failed: 0 });
    await expectFiles(documentId, axis, x, 1);
  });

  test('of two nodes that work at one moment gets one file, also when the first took longer than its claim', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    let other: AugmentationRound | null = null;
    const timestamp = async (digest: Buffer) => {
      if (other === null) {
        other = NOTHING;
        const dueAt = isoTime(axis.clock.now());
        await axis.stores.augmentationSchedule.settle({
          subjectId: documentId,
          dueAt,
          tries: 0,
          failure: null,
        });
        other = await run(x);
      }
      return (x.signing.timestamp as TimestampClient)(digest);
    };
    expect(await run({ ...x, signing: { ...x.signing, timestamp } })).toMatchObject({ failed: 0 });
    expect(other).toMatchObject({ made: 1, failed: 0 });
    expect(await Promise.all([run(x), run(x)])).toEqual([NOTHING, NOTHING]);
    await expectFiles(documentId, axis, x, 1);
  });

  test('is left to the node whose turn it is', async () => {
    const { axis, x } = await submitted();
    axis.clock.advance(2 * HOUR);
    expect(await run(x, { mine: async () => false })).toEqual(NOTHING);
    expect(axis.asked()).toBe(0);
  });

  test('is left alone once it was taken back or destroyed', async () => {
    const { axis, x, documentId } = await submitted();
    await axis.stores.documents.change({ documentId, from: ['accepted'], to: 'recalled', events: [] });
    axis.clock.advance(2 * HOUR);
    expect(await run(x)).toEqual(NOTHING);
    expect(await scheduled(documentId, axis)).toMatchObject({ dueAt: null, failure: null });
  });

  test('is found again when the schedule was lost, and gets nothing twice', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    await run(x);
    const emptied = { ...axis.stores, augmentationSchedule: weakAugmentationSchedule() };
    const y = await axis.start(emptied);
    expect(await run(y)).toEqual(NOTHING);
    expect(await emptied.augmentationSchedule.get(documentId)).toMatchObject({ tries: 0, failure: null });
    await expectFiles(documentId, axis, x, 1);
  });

  test('does not keep who stops from stopping: it is due again at once', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    const stopping = new AbortController();
    const timestamp = (_: Buffer, given?: AbortSignal) =>
      new Promise<Buffer>((_, fail) => {
        given?.addEventListener('abort', () => fail(given.reason));
        stopping.abort();
      });
    const slow = { ...x, signing: { ...x.signing, timestamp } };
    expect(await augmentDue(slow, { signal: stopping.signal })).toMatchObject({ made: 0 });
    expect(await scheduled(documentId, axis)).toMatchObject({ dueAt: isoTime(axis.clock.now()), tries: 0 });
    expect(await run(x)).toMatchObject({ made: 1 });
  });
});

describe('nothing is done', () => {
  test('where the policy says so, or no authority is named', async () => {
    const { axis, x } = await submitted();
    axis.clock.advance(2 * HOUR);
    const verification = () => {
      const ctx = x.verification();
      const value = { ...ctx.policy.augmentation.value, level: 'none' as const };
      return { ...ctx, policy: { ...ctx.policy, augmentation: { value, source: 'thử' } } };
    };
    expect(await run({ ...x, verification })).toEqual(NOTHING);
    expect(await run({ ...x, signing: { ...x.signing, timestamp: null } })).toEqual(NOTHING);
    expect(axis.asked()).toBe(0);
  });
});

describe('what the signing service signed', () => {
  test('gets it too, each signed version that is the newest, beside its bytes', async () => {
    const axis = await world.provingAxis();
    const x = await axis.start(axis.stores);
    const desk = await new Ceremonies(world.pki, axis.as(OFFICE), x, OFFICE).begin();
    const { documentId, letter } = await desk.letter();
    axis.clock.advance(2 * HOUR);
    expect(await run(x)).toEqual(NOTHING);
    await desk.sign(documentId);
    expect(await run(x)).toEqual(NOTHING);
    axis.clock.advance(2 * HOUR);
    expect(await run(x)).toMatchObject({ made: 1, failed: 0 });
    await expectFiles(documentId, axis, x, 1);
    await desk.number(documentId, letter);
    await desk.sign(documentId, { action: 'seal' });
    axis.clock.advance(2 * HOUR);
    expect(await run(x)).toMatchObject({ made: 1, failed: 0 });
    const files = await filesOf(documentId, axis);
    expect(files.map(({ attachment, number }) => [attachment, number])).toEqual([
      [2, 1],
      [4, 1],
    ]);
    expect((await checkStores(axis.stores)).faults).toEqual([]);
  });
});

describe('a node that dies while it augments', () => {
  async function dying(at: number | null, when: 'before' | 'after') {
    const { axis, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    const weak = fragile(axis.stores);
    const x = await axis.start(weak.stores);
    weak.arm(at === null ? null : { at, when, extent: 'for-good' });
    await run(x).catch(() => undefined);
    return { axis, documentId, calls: weak.calls(), struck: weak.struck() };
  }

  test('leaves nothing half and nothing twice, at whatever call', async () => {
    const { calls } = await dying(null, 'before');
    expect(calls).toBeGreaterThan(10);
    for (let at = 1; at <= calls; at++)
      for (const when of ['before', 'after'] as const) {
        const { axis, documentId, struck } = await dying(at, when);
        expect(struck).toBe(true);
        const x = await axis.start(axis.stores);
        await recover(x, 0);
        // What is half done is whole before anybody augments again.
        expect((await checkStores(axis.stores)).faults).toEqual([]);
        axis.clock.advance(HOUR);
        await run(x);
        await expectFiles(documentId, axis, x, 1);
      }
  });
});

describe('truc fsck', () => {
  test('finds an augmented file that is gone, another one, or without its entry, and an entry without its file', async () => {
    const { axis, x, documentId } = await submitted();
    axis.clock.advance(2 * HOUR);
    await run(x);
    const [file] = await filesOf(documentId, axis);
    const found = async (over: object[]) => {
      const of = async (id: string) => (id === documentId ? over.map((one) => ({ ...file!, ...one })) : []);
      const { faults } = await checkStores({ ...axis.stores, augmentations: { of } });
      return faults.map(({ code, facts }) => [code, facts.attachment, facts.number]);
    };
    const WITHOUT = 'fsck.augmentation-without-evidence';
    expect(await found([{}])).toEqual([]);
    expect(await found([{ content: null }])).toEqual([]);
    expect(await found([])).toEqual([[WITHOUT, 0, 1]]);
    expect(await found([{}, { number: 3 }])).toEqual([[WITHOUT, 0, 3]]);
    expect(await found([{ sha256: '0'.repeat(64) }])).toEqual([
      [WITHOUT, 0, 1],
      ['fsck.content-altered', 0, 1],
    ]);
    const blobs = {
      ...axis.stores.blobs,
      read: () => Promise.reject(new TrucError('document.blob-missing')),
    };
    const { faults } = await checkStores({ ...axis.stores, blobs });
    expect(faults).toContainEqual({
      code: 'fsck.content-missing',
      facts: { documentId, attachment: 0, number: 1 },
    });
  });
});
