import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DocumentStore, EventBook, LedgerPlace, PendingEvent } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anEvent, aRecord } from '../builders/records.ts';

function placeOf(event: PendingEvent, index: number): LedgerPlace {
  return { eventId: event.eventId, index, seq: index, recordedAt: '2026-03-16T02:41:08.000Z' };
}

/** What every event book promises, beside the documents whose events it keeps. `open` gives fresh, empty ones. */
export function eventBookContract(
  name: string,
  open: () => Promise<{ documents: DocumentStore; events: EventBook }>,
): void {
  describe(`event book: ${name}`, () => {
    let documents: DocumentStore;
    let events: EventBook;
    beforeEach(async () => {
      ({ documents, events } = await open());
    });
    const ids = (found: readonly PendingEvent[]) => found.map((one) => one.eventId);

    test('nothing happened: every question has an empty answer', async () => {
      expect(await events.of(newId())).toEqual([]);
      expect(await events.pending(10)).toEqual([]);
      expect(await events.since({ since: 0, limit: 10, agencyIds: [] })).toEqual([]);
      await events.settle([placeOf(anEvent(newId()), 1)]);
    });

    test('an event comes back as it was given, with its position and without a place', async () => {
      const event = anEvent(newId(), { facts: { reason: 'đã nhận', count: 3, list: [1, null] } });
      await events.append([event]);
      const [found] = await events.of(event.subjectId);
      expect(found).toMatchObject({ ...event, place: null });
      expect(found?.position).toBeGreaterThan(0);
    });

    test('fifty writers of one event at once leave one', async () => {
      const event = anEvent(newId());
      await Promise.all(Array.from({ length: 50 }, () => events.append([event])));
      expect(ids(await events.of(event.subjectId))).toEqual([event.eventId]);
    });

    test('a known event stays as it was first given', async () => {
      const event = anEvent(newId());
      await events.append([event]);
      await events.append([{ ...event, type: 'document.recalled' }]);
      expect((await events.of(event.subjectId))[0]?.type).toBe('document.submitted');
    });

    test('positions grow in the order of writing, over all subjects', async () => {
      const [a, b] = [newId(), newId()];
      const written = [anEvent(a), anEvent(b), anEvent(a), anEvent(b)];
      for (const event of written) await events.append([event]);
      const all = [...(await events.of(a)), ...(await events.of(b))];
      const byPosition = all.sort((x, y) => x.position - y.position);
      expect(ids(byPosition)).toEqual(ids(written));
      expect(new Set(all.map((one) => one.position)).size).toBe(4);
    });

    test('pending ones come oldest first, in pages, until they are settled', async () => {
      const written = Array.from({ length: 5 }, () => anEvent(newId()));
      await events.append(written);
      expect(ids(await events.pending(2))).toEqual(ids(written.slice(0, 2)));
      await events.settle(written.slice(0, 2).map(placeOf));
      expect(ids(await events.pending(2))).toEqual(ids(written.slice(2, 4)));
      await events.settle(written.slice(2).map(placeOf));
      expect(await events.pending(2)).toEqual([]);
    });

    test('events of a document that nobody sees yet are not pending; once accepted they are', async () => {
      const record = aRecord();
      const event = anEvent(record.documentId);
      await documents.register(record, [event]);
      expect(await events.pending(10)).toEqual([]);
      await documents.change({
        documentId: record.documentId,
        from: ['received'],
        to: 'accepted',
        events: [],
      });
      expect(ids(await events.pending(10))).toEqual([event.eventId]);
    });

    test('of fifty rival places one counts for ever', async () => {
      const event = anEvent(newId());
      await events.append([event]);
      await Promise.all(Array.from({ length: 50 }, (_, i) => events.settle([placeOf(event, i)])));
      const place = (await events.of(event.subjectId))[0]?.place;
      await events.settle([placeOf(event, 99)]);
      expect((await events.of(event.subjectId))[0]?.place).toEqual(place);
      expect(place).toEqual(placeOf(event, place?.index as number));
    });

    test('events come by their place in the ledger, whatever came first; what has none does not', async () => {
      const written = Array.from({ length: 5 }, () => anEvent(newId()));
      await events.append([...written, anEvent(newId())]);
      const places = [7, 3, 9, 4, 8];
      await events.settle(written.map((event, i) => placeOf(event, places[i] as number)));
      const found = await events.placed(4, 5);
      expect(found.map((one) => one.place?.index)).toEqual([4, 7, 8]);
      expect(ids(found)).toEqual([3, 0, 4].map((i) => written[i]?.eventId));
      expect(await events.placed(10, 5)).toEqual([]);
    });

    test('the feed of an agency: its documents only, settled ones only, every event once over pages', async () => {
      const me = newId();
      const sent = aRecord({ state: 'accepted', key: { ...aRecord().key, senderId: me } });
      const received = aRecord({ state: 'accepted', recipients: [{ agencyId: me, code: 'G22' }] });
      const foreign = aRecord({ state: 'accepted' });
      const records = [sent, received, foreign];
      for (const record of records) await documents.register(record, []);
      const written = Array.from({ length: 9 }, (_, i) =>
        anEvent((records[i % 3] as typeof sent).documentId),
      );
      await events.append(written);
      await events.settle(written.slice(0, 8).map(placeOf));
      const mine = written.slice(0, 8).filter((one) => one.subjectId !== foreign.documentId);
      const seen: string[] = [];
      for (let since = 0; ; ) {
        const page = await events.since({ since, limit: 2, agencyIds: [me] });
        if (page.length === 0) break;
        seen.push(...ids(page));
        since = page.at(-1)?.position as number;
      }
      expect(seen).toEqual(ids(mine));
    });

    test('acts of administrators are found by their type, newest first, in pages, and nothing else', async () => {
      const all = (['person.locked', 'document.submitted', 'endpoint.changed', 'person.locked'] as const).map(
        (type) => anEvent(newId(), { type }),
      );
      for (const one of all) await events.append([one]);
      const types = ['person.locked', 'endpoint.changed'] as const;
      const [first, , third, fourth] = all.map((one) => one.eventId);
      expect(ids(await events.acts({ types, limit: 10 }))).toEqual([fourth, third, first]);
      expect(ids(await events.acts({ types: ['person.locked'], limit: 10 }))).toEqual([fourth, first]);
      const [page] = await events.acts({ types, limit: 1 });
      const before = page?.position ?? 0;
      expect(ids(await events.acts({ types, before, limit: 1 }))).toEqual([third]);
      expect(await events.acts({ types: [], limit: 5 })).toEqual([]);
    });

    test('a reader of the feed misses nothing that settles after what was written later', async () => {
      const me = newId();
      const record = aRecord({ state: 'accepted', key: { ...aRecord().key, senderId: me } });
      await documents.register(record, []);
      const [first, second] = [anEvent(record.documentId), anEvent(record.documentId)];
      await events.append([first, second]);
      const page = (since: number) => events.since({ since, limit: 10, agencyIds: [me] });
      await events.settle([placeOf(second, 1)]);
      expect(await page(0)).toEqual([]);
      await events.settle([placeOf(first, 2)]);
      expect(ids(await page(0))).toEqual([first.eventId, second.eventId]);
    });

    test('a document between two of my agencies shows its events once', async () => {
      const [a, b] = [newId(), newId()];
      const record = aRecord({
        state: 'accepted',
        key: { ...aRecord().key, senderId: a },
        recipients: [
          { agencyId: b, code: 'G22' },
          { agencyId: a, code: 'G09' },
        ],
      });
      const event = anEvent(record.documentId);
      await documents.register(record, [event]);
      await events.settle([placeOf(event, 0)]);
      expect(ids(await events.since({ since: 0, limit: 10, agencyIds: [a, b] }))).toEqual([event.eventId]);
    });
  });
}
