import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentStore, EventBook } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anEvent, aRecord } from '../builders/records.ts';

/** What every document store and its event book promise. `open` gives fresh, empty ones. */
export function documentStoreContract(
  name: string,
  open: () => Promise<{ documents: DocumentStore; events: EventBook }>,
): void {
  describe(`document store: ${name}`, () => {
    let store: DocumentStore;
    let events: EventBook;
    beforeEach(async () => {
      ({ documents: store, events } = await open());
    });

    test('of fifty concurrent twins one is registered and the others get it', async () => {
      const key = aRecord().key;
      const twins = Array.from({ length: 50 }, () => aRecord({ key }));
      const outcomes = await Promise.all(
        twins.map((twin) => store.register(twin, [anEvent(twin.documentId)])),
      );
      const registered = outcomes.filter((one) => one.outcome === 'registered');
      expect(registered).toHaveLength(1);
      const winner = twins[outcomes.findIndex((one) => one.outcome === 'registered')];
      for (const one of outcomes)
        if (one.outcome === 'exists') expect(one.existing.documentId).toBe(winner?.documentId);
      const losers = twins.filter((twin) => twin !== winner);
      for (const loser of losers) expect(await events.of(loser.documentId)).toEqual([]);
    });

    test('states move only from where they are, and events come with the move', async () => {
      const record = aRecord();
      await store.register(record, []);
      const event = anEvent(record.documentId);
      const move = {
        documentId: record.documentId,
        from: ['received'] as const,
        to: 'accepted' as const,
        receipt: '{"a":1}',
        events: [event],
      };
      expect(await store.change(move)).toBe(true);
      expect(await store.change({ ...move, receipt: 'other' })).toBe(false);
      expect(await store.get(record.documentId)).toMatchObject({ state: 'accepted', receipt: '{"a":1}' });
      expect(await events.of(record.documentId)).toHaveLength(1);
      expect(await store.change({ ...move, documentId: newId() })).toBe(false);
    });

    test('an unfinished document is found by recovery, hidden from lists, and can be withdrawn', async () => {
      const record = aRecord({ receivedAt: '2026-03-16T00:00:00.000Z' });
      await store.register(record, [anEvent(record.documentId)]);
      const query = { agencyIds: [record.key.senderId], direction: 'sent' as const, limit: 10 };
      expect(await store.list(query)).toEqual([]);
      expect(await events.pending(10)).toEqual([]);
      expect(
        (await store.waiting('unfinished', '2026-03-16T00:00:01.000Z', 10)).map((one) => one.documentId),
      ).toEqual([record.documentId]);
      expect(await store.waiting('unfinished', '2026-03-16T00:00:00.000Z', 10)).toEqual([]);
      await store.withdraw(record.documentId);
      expect(await store.get(record.documentId)).toBeNull();
      expect(await events.of(record.documentId)).toEqual([]);
      expect((await store.register(aRecord({ key: record.key }), [])).outcome).toBe('registered');
    });

    test('held and released documents wait in lists of their own', async () => {
      const record = aRecord({ receivedAt: '2026-03-16T00:00:00.000Z' });
      const later = '2026-03-16T00:00:01.000Z';
      const waiting = async (what: 'unfinished' | 'held') =>
        (await store.waiting(what, later, 10)).map((one) => one.documentId);
      await store.register(record, []);
      const { documentId } = record;
      await store.change({ documentId, from: ['received'], to: 'held', events: [] });
      expect([await waiting('unfinished'), await waiting('held')]).toEqual([[], [documentId]]);
      await store.change({ documentId, from: ['held'], to: 'released', events: [] });
      expect([await waiting('unfinished'), await waiting('held')]).toEqual([[documentId], []]);
      await store.change({ documentId, from: ['released'], to: 'accepted', events: [] });
      expect([await waiting('unfinished'), await waiting('held')]).toEqual([[], []]);
    });

    test('withdraw never touches a document that is past received', async () => {
      const record = aRecord({ state: 'accepted' });
      await store.register(record, []);
      await store.withdraw(record.documentId);
      expect(await store.get(record.documentId)).not.toBeNull();
    });

    test('lists are scoped to the agencies, newest first, paged', async () => {
      const [mine, other] = [newId(), newId()];
      const key = (i: number) => ({
        senderId: mine,
        edxmlId: `id-${i}`,
        businessType: 0 as const,
        ordinal: 1,
      });
      const records = Array.from({ length: 5 }, (_, i) =>
        aRecord({ state: 'accepted', key: key(i), recipients: [{ agencyId: other, code: 'G22' }] }),
      );
      for (const record of records) await store.register(record, []);
      const all = await store.list({ agencyIds: [mine], direction: 'sent', limit: 10 });
      expect(all.map((one) => one.documentId)).toEqual(
        records
          .map((one) => one.documentId)
          .sort()
          .reverse(),
      );
      const page = await store.list({
        agencyIds: [mine],
        direction: 'sent',
        limit: 2,
        after: all[1]?.documentId as string,
      });
      expect(page.map((one) => one.documentId)).toEqual(all.slice(2, 4).map((one) => one.documentId));
      expect(await store.list({ agencyIds: [other], direction: 'received', limit: 10 })).toHaveLength(5);
      expect(await store.list({ agencyIds: [other], direction: 'sent', limit: 10 })).toEqual([]);
      expect(await store.list({ agencyIds: [newId()], direction: 'received', limit: 10 })).toEqual([]);
      expect(
        await store.list({ agencyIds: [mine], direction: 'sent', edxmlId: 'id-3', limit: 10 }),
      ).toHaveLength(1);
    });

    test('registering the same record again finds itself and changes nothing', async () => {
      const record = aRecord();
      const event = anEvent(record.documentId);
      expect(await store.register(record, [event])).toEqual({ outcome: 'registered' });
      expect(await store.register(record, [event])).toEqual({ outcome: 'exists', existing: record });
      expect(await events.of(record.documentId)).toHaveLength(1);
    });

    test('of fifty concurrent moves from one state exactly one happens, with its events only', async () => {
      const record = aRecord({ state: 'held' });
      await store.register(record, []);
      const { documentId } = record;
      const moves = Array.from({ length: 50 }, (_, i) => ({
        documentId,
        from: ['held'] as const,
        to: i % 2 === 0 ? ('released' as const) : ('refused' as const),
        events: [anEvent(documentId)],
      }));
      const outcomes = await Promise.all(moves.map((move) => store.change(move)));
      const won = moves[outcomes.indexOf(true)];
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect((await store.get(documentId))?.state).toBe(won?.to);
      expect((await events.of(documentId)).map((one) => one.eventId)).toEqual(
        won?.events.map((one) => one.eventId),
      );
    });

    test('acts under one edXML DocumentId come oldest first, whatever their kind', async () => {
      const senderId = newId();
      const edxmlId = 'H53.06,2026/03/16,412/SKHCN';
      const kinds = [
        [0, 1],
        [2, 1],
        [1, 1],
        [2, 2],
      ] as const;
      const records = kinds.map(([businessType, ordinal], i) =>
        aRecord({
          state: 'accepted',
          key: { senderId, edxmlId, businessType, ordinal },
          receivedAt: `2026-03-16T02:0${i}:00.000Z`,
        }),
      );
      for (const record of records) await store.register(record, []);
      await store.register(aRecord({ key: { senderId: newId(), edxmlId, businessType: 0, ordinal: 1 } }), []);
      expect((await store.byEdxmlId(senderId, edxmlId)).map((one) => one.documentId)).toEqual(
        records.map((one) => one.documentId),
      );
      expect(await store.byEdxmlId(senderId, 'another')).toEqual([]);
    });

    test('of many that wait the oldest come first, as many as asked for', async () => {
      const records = [3, 1, 4, 2].map((minute) =>
        aRecord({ receivedAt: `2026-03-16T02:0${minute}:00.000Z` }),
      );
      for (const record of records) await store.register(record, []);
      const found = await store.waiting('unfinished', '2026-03-16T03:00:00.000Z', 3);
      expect(found.map((one) => one.receivedAt.slice(14, 16))).toEqual(['01', '02', '03']);
    });

    test('lists by state and by time of arrival', async () => {
      const senderId = newId();
      const of = (state: 'accepted' | 'recalled', minute: number) =>
        aRecord({
          state,
          key: { senderId, edxmlId: `${minute}`, businessType: 0, ordinal: 1 },
          receivedAt: `2026-03-16T02:0${minute}:00.000Z`,
        });
      for (const record of [of('accepted', 1), of('recalled', 2), of('accepted', 3)])
        await store.register(record, []);
      const query = { agencyIds: [senderId], direction: 'sent' as const, limit: 10 };
      expect(await store.list({ ...query, state: 'recalled' })).toHaveLength(1);
      expect(await store.list({ ...query, since: '2026-03-16T02:02:00.000Z' })).toHaveLength(2);
      expect(await store.list({ ...query, agencyIds: null })).toHaveLength(3);
      expect(await store.list({ ...query, agencyIds: [] })).toEqual([]);
    });

    test('events are known by their id, settled once, and pending until then', async () => {
      const record = aRecord({ state: 'accepted' });
      await store.register(record, []);
      const event = anEvent(record.documentId);
      await events.append([event, event]);
      await events.append([event]);
      expect((await events.pending(10)).map((one) => one.eventId)).toEqual([event.eventId]);
      await events.settle([
        { eventId: event.eventId, index: 5, seq: 1, recordedAt: '2026-03-16T00:00:01.000Z' },
      ]);
      await events.settle([
        { eventId: event.eventId, index: 99, seq: 9, recordedAt: '2026-03-16T00:00:09.000Z' },
      ]);
      expect(await events.pending(10)).toEqual([]);
      expect((await events.of(record.documentId))[0]?.place).toMatchObject({ index: 5, seq: 1 });
      const feed = await events.since({ since: 0, limit: 10, agencyIds: [record.key.senderId] });
      expect(feed).toHaveLength(1);
      expect(
        await events.since({
          since: feed[0]?.position as number,
          limit: 10,
          agencyIds: [record.key.senderId],
        }),
      ).toEqual([]);
      expect(await events.since({ since: 0, limit: 10, agencyIds: [newId()] })).toEqual([]);
    });

    test('destroying forgets content, report and key but keeps the record', async () => {
      const record = aRecord({ state: 'accepted' });
      await store.register(record, []);
      await store.change({
        documentId: record.documentId,
        from: ['accepted'],
        to: 'destroyed',
        forget: true,
        events: [],
      });
      expect(await store.get(record.documentId)).toMatchObject({
        state: 'destroyed',
        original: null,
        ledgerKey: null,
        report: '',
        subject: '',
      });
    });
  });
}
