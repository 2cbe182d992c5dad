import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkStores, decideHeld, recover, type Stations, submit } from '../../src/exchange/index.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { fragile } from '../builders/fragile.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';

let world: WeakWorld;
beforeAll(async () => {
  world = await weakWorld('G09', ['H53', 'H41']);
});
afterAll(() => world.remove());

const decide = (documentId: string, outcome: 'release' | 'refuse', x: Stations) =>
  decideHeld(documentId, { outcome, reason: 'đã kiểm tra', by: 'operator' }, x);

async function heldLetter(): Promise<{ axis: WeakAxis; documentId: string }> {
  const axis = await world.holdingAxis();
  const { documentId } = await submit(world.letter, axis.as('G09'), await axis.start(axis.stores));
  expect((await axis.stores.documents.get(documentId))?.state).toBe('held');
  return { axis, documentId };
}

describe('held letters on weak stores', () => {
  test('of fifty decisions at once one counts, and its consequences come once', async () => {
    const { axis, documentId } = await heldLetter();
    const x = await axis.start(axis.stores);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => decide(documentId, i % 2 === 0 ? 'release' : 'refuse', x)),
    );
    const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(lost).toHaveLength(49);
    for (const error of lost) expect(error).toMatchObject({ code: 'exchange.not-held' });
    const state = (await x.documents.get(documentId))?.state;
    expect(['accepted', 'refused']).toContain(state);
    expect((await x.deliveries.ofDocument(documentId)).map((one) => one.kind)).toEqual(
      state === 'accepted' ? ['document', 'document'] : ['notice'],
    );
    expect((await checkStores(axis.stores)).faults).toEqual([]);
  });

  test.each([
    ['release', 'accepted', ['document', 'document']],
    ['refuse', 'refused', ['notice']],
  ] as const)(
    'power lost at each port call of a %s: decided to the end or not at all',
    async (outcome, state, kinds) => {
      const run = async (at: number | null, when: 'before' | 'after') => {
        const { axis, documentId } = await heldLetter();
        const weak = fragile(axis.stores);
        const x = await axis.start(weak.stores);
        weak.arm(at === null ? null : { at, when, extent: 'for-good' });
        const ended = await decide(documentId, outcome, x).catch((error: unknown) => error);
        expect(isTrucError(ended)).toBe(at !== null);
        return { axis, documentId, calls: weak.calls() };
      };
      const { calls } = await run(null, 'before');
      for (let at = 1; at <= calls; at++) {
        for (const when of ['before', 'after'] as const) {
          const { axis, documentId } = await run(at, when);
          axis.clock.advance(1_000);
          const x = await axis.start(axis.stores);
          await recover(x, 0);
          if ((await x.documents.get(documentId))?.state === 'held') await decide(documentId, outcome, x);
          const document = await x.documents.get(documentId);
          expect({ at, when, state: document?.state }).toEqual({ at, when, state });
          const found = (await x.deliveries.ofDocument(documentId)).map((one) => one.kind);
          expect({ at, when, found }).toEqual({ at, when, found: kinds });
          expect(await x.events.pending(10)).toEqual([]);
          expect((await checkStores(axis.stores)).faults).toEqual([]);
        }
      }
    },
  );
});
