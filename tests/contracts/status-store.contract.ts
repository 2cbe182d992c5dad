import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBook, StatusRecord, StatusStore } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anEvent, aStatus } from '../builders/records.ts';

/** What every store of status messages promises. `open` gives fresh, empty ones. */
export function statusStoreContract(
  name: string,
  open: () => Promise<{ statuses: StatusStore; events: EventBook }>,
): void {
  describe(`status store: ${name}`, () => {
    let statuses: StatusStore;
    let events: EventBook;
    beforeEach(async () => {
      ({ statuses, events } = await open());
    });
    const record = (status: StatusRecord) =>
      statuses.record(status, anEvent(status.documentId, { type: `status.${status.code}` }));

    test('a document without statuses has none', async () => {
      expect(await statuses.of(newId())).toEqual([]);
    });

    test('the first message counts: a repeat gets it back and adds no event', async () => {
      const first = aStatus();
      const again = aStatus({ ...first, statusId: newId(), description: 'lần hai' });
      expect(await record(first)).toEqual({ first, repeated: false });
      expect(await record(again)).toEqual({ first, repeated: true });
      expect(await statuses.of(first.documentId)).toEqual([first]);
      expect(await events.of(first.documentId)).toHaveLength(1);
    });

    test('of fifty concurrent twins one is first, with one event', async () => {
      const base = aStatus();
      const twins = Array.from({ length: 50 }, () => aStatus({ ...base, statusId: newId() }));
      const outcomes = await Promise.all(twins.map(record));
      const won = outcomes.findIndex((one) => !one.repeated);
      expect(outcomes.filter((one) => !one.repeated)).toHaveLength(1);
      for (const { first } of outcomes) expect(first).toEqual(twins[won]);
      expect(await statuses.of(base.documentId)).toEqual([twins[won]]);
      expect(await events.of(base.documentId)).toHaveLength(1);
    });

    test('another reporter, code or document is another message', async () => {
      const first = aStatus();
      const others = [{ reporterId: newId() }, { code: '03' }, { documentId: newId() }];
      await record(first);
      for (const other of others)
        expect((await record(aStatus({ ...first, ...other, statusId: newId() }))).repeated).toBe(false);
      expect(await statuses.of(first.documentId)).toHaveLength(3);
    });

    test('messages come oldest first', async () => {
      const documentId = newId();
      const written = ['01', '03', '04', '05', '06'].map((code) => aStatus({ documentId, code }));
      for (const status of written) await record(status);
      expect(await statuses.of(documentId)).toEqual(written);
    });

    test('requests and answers of a recall come again after the other side spoke, for each recipient', async () => {
      const [documentId, sender, a, b] = [newId(), newId(), newId(), newId()];
      const say = async (code: string, from: string, to: string) =>
        (await record(aStatus({ documentId, code, reporterId: from, addresseeId: to }))).repeated;
      expect(await say('13', sender, a)).toBe(false);
      expect(await say('13', sender, a)).toBe(true);
      expect(await say('13', sender, b)).toBe(false);
      expect(await say('16', a, sender)).toBe(false);
      expect(await say('16', a, sender)).toBe(true);
      expect(await say('15', b, sender)).toBe(false);
      expect(await say('13', sender, a)).toBe(false);
      expect(await say('16', a, sender)).toBe(false);
      expect(await statuses.of(documentId)).toHaveLength(6);
    });
  });
}
