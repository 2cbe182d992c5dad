import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryLog, DeliveryStore, LogFilter, LogPlace, LogQuery } from '../../src/delivery/index.ts';
import {
  caseKey,
  type DocumentStore,
  digestKey,
  type EventBook,
  edxmlKey,
  numberKey,
  type StatusStore,
} from '../../src/document/index.ts';
import { isoTime, newId } from '../../src/kernel/index.ts';
import { aDelivery, anEvent, aRecord, aStatus } from '../builders/records.ts';
import { seededRandom } from '../random.ts';

interface Opened {
  log: DeliveryLog;
  deliveries: DeliveryStore;
  documents: DocumentStore;
  statuses: StatusStore;
  events: EventBook;
}

const START = Date.parse('2026-03-16T02:00:00.000Z');
const ALL: LogFilter = { reach: null, kind: 'document' };

/** What every delivery log promises. `open` gives fresh, empty stores of one installation. */
export function deliveryLogContract(name: string, open: () => Promise<Opened>): void {
  describe(`delivery log: ${name}`, () => {
    let x: Opened;
    beforeEach(async () => {
      x = await open();
    });

    /** All pages one after another, as a reader turns them. */
    async function whole(
      query: LogFilter & { order?: LogQuery['order'] },
      limit: number,
      between?: () => Promise<void>,
    ) {
      const ids: string[] = [];
      let after: LogPlace | undefined;
      for (;;) {
        const page = await x.log.page({ order: 'newest', ...query, limit, ...(after ? { after } : {}) });
        ids.push(...page.map((one) => one.deliveryId));
        const last = page.at(-1);
        if (!last || page.length < limit) return ids;
        after = { createdAt: last.createdAt, deliveryId: last.deliveryId };
        await between?.();
      }
    }

    test('check 30: pages have every line once, in one order, while others come; both ways', async () => {
      const random = seededRandom();
      // Several at one moment, so that time alone does not tell their order.
      const lines = Array.from({ length: 47 }, () =>
        aDelivery({ createdAt: isoTime(START + random.between(0, 9)) }),
      );
      await x.deliveries.plan(lines);
      const order = (a: (typeof lines)[number], b: (typeof lines)[number]) =>
        `${a.createdAt}${a.deliveryId}` < `${b.createdAt}${b.deliveryId}` ? 1 : -1;
      const newest = [...lines].sort(order).map((one) => one.deliveryId);
      let later = 0;
      const comes = () => x.deliveries.plan([aDelivery({ createdAt: isoTime(START + 1_000 + later++) })]);
      expect(await whole(ALL, 5, comes)).toEqual(newest);
      expect(later).toBe(9);
      const to = isoTime(START + 1_000);
      expect(await whole({ ...ALL, to, order: 'oldest' }, 7)).toEqual([...newest].reverse());
    });

    test('every filter narrows, and the figures agree with the lines', async () => {
      const [a, b, c] = [newId(), newId(), newId()];
      const one = (overrides: Parameters<typeof aDelivery>[0]) =>
        aDelivery({
          senderId: a,
          recipientId: b,
          senderLevel: 'province',
          recipientLevel: 'commune',
          ...overrides,
        });
      const at = (minutes: number) => isoTime(START + minutes * 60_000);
      const waiting = one({ createdAt: at(0), priority: 3 });
      const failed = one({ createdAt: at(1), state: 'failed', failure: 'http-410' });
      const done = one({
        createdAt: at(2),
        state: 'done',
        senderId: b,
        recipientId: a,
        recipientLevel: 'central',
      });
      const other = one({ createdAt: at(3), senderId: c, recipientId: newId(), senderLevel: 'central' });
      const notice = one({ createdAt: at(4), kind: 'notice' });
      // As they come: in a state that is not `waiting` only by a step.
      await x.deliveries.plan(
        [waiting, failed, done, other, notice].map((d) => ({ ...d, state: 'waiting', failure: null })),
      );
      for (const moved of [failed, done])
        expect(await x.deliveries.replace({ ...moved, revision: 2 }, [])).toBe(true);
      const cases: [string, Partial<LogFilter>, (typeof waiting)[]][] = [
        ['all', {}, [other, done, failed, waiting]],
        ['notices', { kind: 'notice' }, [notice]],
        ['from', { from: at(2) }, [other, done]],
        ['to', { to: at(2) }, [failed, waiting]],
        ['sender', { senderId: b }, [done]],
        ['recipient', { recipientId: b }, [failed, waiting]],
        ['levels', { senderLevel: 'province', recipientLevel: 'commune' }, [failed, waiting]],
        ['urgency', { priority: 3 }, [waiting]],
        ['state', { states: ['failed'] }, [failed]],
        ['states', { states: ['failed', 'done'] }, [done, failed]],
        ['reason', { failure: 'http-410' }, [failed]],
        ['documents', { documentIds: [done.documentId, other.documentId] }, [other, done]],
        ['no document', { documentIds: [] }, []],
        ['reach', { reach: [a] }, [done, failed, waiting]],
        ['reach of two', { reach: [b, c] }, [other, done, failed, waiting]],
        ['reach and sender', { reach: [a], senderId: b }, [done]],
        ['reach and documents', { reach: [a], documentIds: [done.documentId, other.documentId] }, [done]],
        ['out of reach', { reach: [c], senderId: a }, []],
        ['no reach', { reach: [] }, []],
        ['nothing reported', { business: 'none' }, [other, done, failed, waiting]],
      ];
      for (const [what, filter, lines] of cases) {
        const found = await x.log.page({ ...ALL, ...filter, order: 'newest', limit: 10 });
        expect([what, found.map((line) => line.deliveryId)]).toEqual([
          what,
          lines.map((line) => line.deliveryId),
        ]);
        const counts = await x.log.counts({ ...ALL, ...filter }, 10);
        const sum = Object.values(counts.states).reduce((total, n) => total + n, 0);
        expect([what, counts.total, sum, counts.more]).toEqual([what, lines.length, lines.length, false]);
      }
      expect(await x.log.counts(ALL, 3)).toMatchObject({ total: 3, more: true });
      expect((await x.log.counts(ALL, 10)).states).toMatchObject({ waiting: 2, failed: 1, done: 1 });
    });

    test('the furthest step that the recipient reported stands beside its line, also after the line moves', async () => {
      const delivery = aDelivery();
      const { documentId, recipientId } = delivery;
      await x.deliveries.plan([delivery, aDelivery({ documentId })]);
      const says = (code: string) =>
        x.statuses.record(aStatus({ documentId, reporterId: recipientId, code }), anEvent(documentId));
      await says('03');
      await says('01');
      await says('13');
      await x.deliveries.replace({ ...delivery, state: 'done', revision: 2 }, []);
      const page = await x.log.page({ ...ALL, order: 'newest', limit: 5 });
      expect(page.find((one) => one.recipientId === recipientId)).toMatchObject({
        state: 'done',
        business: '03',
      });
      expect(await whole({ ...ALL, business: '03' }, 5)).toEqual([delivery.deliveryId]);
      expect(await whole({ ...ALL, business: 'none' }, 5)).toHaveLength(1);
      await says('04');
      expect(await whole({ ...ALL, business: '04' }, 5)).toEqual([delivery.deliveryId]);
    });

    test('check 29: documents are found by number, edXML id and digests, and no longer once they are destroyed', async () => {
      const file = {
        name: 'a.pdf',
        contentType: 'application/pdf',
        sha256: 'ab'.repeat(32),
        size: 1,
        role: 'main',
      } as const;
      const first = aRecord({ codeNumber: '412/SKHCN-CĐS', attachments: [file] });
      const second = aRecord({ codeNumber: '412/SKHCN-CĐS', state: 'accepted' });
      const result = { procedure: '1.004227', caseNumber: '000.29.32.H53-260316-0001', holders: [] };
      const third = aRecord({ codeNumber: '4120/UBND', result });
      for (const record of [first, second, third]) await x.documents.register(record, []);
      const ids = [third, second, first].map((one) => one.documentId);
      const at = (key: string, all = true) => x.log.documents(key, all, 10);
      expect(await at(numberKey('412 / skhcn-cđs'))).toEqual([ids[1], ids[2]]);
      expect(await at(numberKey('412'), false)).toEqual(ids);
      expect(await at(numberKey('412'))).toEqual([]);
      expect(await x.log.documents(numberKey('412/skhcn-cds'), true, 1)).toEqual([ids[1]]);
      expect(await at(caseKey(result.caseNumber))).toEqual([ids[0]]);
      expect((await x.documents.get(third.documentId))?.result).toEqual(result);
      expect(await at(edxmlKey(second.key.edxmlId.toUpperCase()))).toEqual([ids[1]]);
      expect(await at(digestKey(third.sha256))).toEqual([ids[0]]);
      expect(await at(digestKey(file.sha256.toUpperCase()))).toEqual([ids[2]]);
      const { documentId } = first;
      await x.documents.change({ documentId, from: ['received'], to: 'destroyed', forget: true, events: [] });
      expect(await at(digestKey(file.sha256))).toEqual([]);
      expect(await at(numberKey('412/SKHCN-CĐS'))).toEqual([ids[1], ids[2]]);
      await x.documents.withdraw(third.documentId);
      expect(await at(digestKey(third.sha256))).toEqual([]);
    });

    test('an index of the ledger leads to whose entry it is', async () => {
      const event = anEvent(newId());
      await x.events.append([event]);
      expect(await x.log.subjectAt(7)).toBeNull();
      await x.events.settle([{ eventId: event.eventId, index: 7, seq: 1, recordedAt: event.at }]);
      expect(await x.log.subjectAt(7)).toBe(event.subjectId);
    });

    test('loads tell what waits and what failed for whom, within reach', async () => {
      const [busy, broken] = [newId(), newId()];
      const lines = [
        aDelivery({ recipientId: busy, createdAt: isoTime(START + 1) }),
        aDelivery({ recipientId: busy, createdAt: isoTime(START) }),
        aDelivery({ recipientId: broken }),
        aDelivery({ recipientId: broken, kind: 'status' }),
      ];
      await x.deliveries.plan(lines);
      await x.deliveries.replace({ ...(lines[2] as (typeof lines)[0]), state: 'failed', revision: 2 }, []);
      expect(await x.log.loads(null, 10)).toEqual([
        { recipientId: broken, waiting: 0, failed: 1, oldestAt: null },
        { recipientId: busy, waiting: 2, failed: 0, oldestAt: isoTime(START) },
      ]);
      expect((await x.log.loads([busy], 10)).map((one) => one.recipientId)).toEqual([busy]);
      expect(await x.log.loads(null, 1)).toHaveLength(1);
    });
  });
}
