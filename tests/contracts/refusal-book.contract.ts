import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBook, RefusalBook, RefusalQuery, RefusalRecord } from '../../src/document/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { anEvent, aRefusal } from '../builders/records.ts';

/** What every book of refusals promises. `open` gives fresh, empty ones. */
export function refusalBookContract(
  name: string,
  open: () => Promise<{ refusals: RefusalBook; events: EventBook }>,
): void {
  describe(`refusal book: ${name}`, () => {
    let refusals: RefusalBook;
    let events: EventBook;
    beforeEach(async () => {
      ({ refusals, events } = await open());
    });
    const record = (refusal: RefusalRecord) =>
      refusals.record(refusal, anEvent(refusal.refusalId, { type: 'document.refused' }));

    test('a refusal comes back by its id, with its event', async () => {
      const refusal = aRefusal({ report: '{"indication":"TOTAL_FAILED"}' });
      expect(await record(refusal)).toEqual({ first: refusal, repeated: false });
      expect(await refusals.get(refusal.refusalId)).toEqual(refusal);
      expect(await events.of(refusal.refusalId)).toHaveLength(1);
      expect(await refusals.get(newId())).toBeNull();
    });

    test('of fifty identical ones at once one is kept, and the count is fifty', async () => {
      const base = aRefusal();
      const twins = Array.from({ length: 50 }, () => ({ ...base, refusalId: newId() }));
      const outcomes = await Promise.all(twins.map(record));
      expect(outcomes.filter((one) => !one.repeated)).toHaveLength(1);
      const [id, ...others] = [...new Set(outcomes.map((one) => one.first.refusalId))];
      expect(others).toEqual([]);
      expect(await refusals.get(id as string)).toMatchObject({ count: 50, refusalId: id });
      expect(outcomes.map((one) => one.first.count).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
      for (const { refusalId } of twins)
        expect(await events.of(refusalId)).toHaveLength(refusalId === id ? 1 : 0);
    });

    test('another sender, cause or content is another refusal', async () => {
      const base = aRefusal();
      await record(base);
      const others = [
        { senderId: newId() },
        { code: 'intake.conflict' },
        { fingerprint: sha256Hex('other') },
      ];
      for (const other of others)
        expect((await record({ ...base, ...other, refusalId: newId() })).repeated).toBe(false);
      expect((await refusals.get(base.refusalId))?.count).toBe(1);
    });

    test('lists are newest first, in pages, by sender, time, digest and id', async () => {
      const [a, b] = [newId(), newId()];
      const at = (minute: number) => `2026-03-16T02:0${minute}:00.000Z`;
      const one = (senderId: string, minute: number) => aRefusal({ senderId, at: at(minute) });
      const all = [one(a, 1), one(b, 2), one(a, 3), one(a, 3), one(b, 4)];
      for (const each of all) await record(each);
      const order = (x: RefusalRecord, y: RefusalRecord) =>
        `${x.at}${x.refusalId}` < `${y.at}${y.refusalId}` ? 1 : -1;
      const newest = [...all].sort(order);
      const ids = async (query: Partial<RefusalQuery>) =>
        (await refusals.list({ senderIds: null, limit: 10, ...query })).map((each) => each.refusalId);
      const of = (some: RefusalRecord[]) => some.map((each) => each.refusalId);
      expect(await ids({})).toEqual(of(newest));
      expect(await ids({ senderIds: [] })).toEqual([]);
      expect(await ids({ senderIds: [a] })).toEqual(of(newest.filter((each) => each.senderId === a)));
      expect(await ids({ senderIds: [a, b], from: at(2), to: at(4) })).toEqual(of(newest.slice(1, 4)));
      expect(await ids({ limit: 2 })).toEqual(of(newest.slice(0, 2)));
      for (const senderIds of [null, [a, b]])
        for (const [i, after] of newest.entries())
          expect(await ids({ senderIds, after })).toEqual(of(newest.slice(i + 1)));
      const [wanted] = all as [RefusalRecord];
      expect(await ids({ id: wanted.sha256 as string })).toEqual([wanted.refusalId]);
      expect(await ids({ id: wanted.refusalId, senderIds: [a] })).toEqual([wanted.refusalId]);
      expect(await ids({ id: wanted.refusalId, senderIds: [b] })).toEqual([]);
    });
  });
}
