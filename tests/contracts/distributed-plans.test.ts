import { afterEach, expect, test } from '@jest/globals';
import type mongoose from 'mongoose';
import { newId } from '../../src/kernel/index.ts';
import { aDelivery, anAlert, anAttempt, anEvent, aRecord, aRefusal, aStatus } from '../builders/records.ts';
import { aDraft, aPrepared, aTicket, aVersion } from '../builders/signing-records.ts';
import { describeWithServices, services } from '../services.ts';
import { openNode } from './distributed-nodes.ts';

type Node = Awaited<ReturnType<typeof openNode>>;
interface Profiled {
  ns: string;
  op: string;
  planSummary?: string;
  docsExamined?: number;
  hasSortStage?: boolean;
  command?: object;
}

/** Hold as many rows as there are nodes, or as the axis has counters: reading them whole is the plan. */
const SMALL = ['counters', 'delivery_counts', 'layout'];
const NOW = '2026-03-16T03:00:00.000Z';
const UNTIL = '2026-03-16T03:02:00.000Z';

let node: Node;
afterEach(async () => {
  await database(node).command({ profile: 0 });
  await database(node).dropDatabase();
  await node.mongo.close();
});

/** The driver's database behind a node, for what no adapter needs. */
function database({ mongo }: Node): mongoose.mongo.Db {
  const layout = mongo.collection('layout');
  const { client } = layout as unknown as { client: mongoose.mongo.MongoClient };
  return client.db(layout.dbName);
}

/** What the server did for `work`, by its own account. */
async function profiled(work: () => Promise<unknown>): Promise<Profiled[]> {
  const db = database(node);
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const all = await db
    .collection<Profiled>('system.profile')
    .find({ planSummary: { $exists: true } })
    .toArray();
  return all.filter(
    ({ ns }) => !ns.endsWith('system.profile') && !SMALL.some((name) => ns.endsWith(`.${name}`)),
  );
}

async function filled() {
  node = await openNode(services().mongoUrl, `truc-test-${newId()}`);
  const [sender, recipient] = [newId(), newId()];
  const records = Array.from({ length: 400 }, (_, i) =>
    aRecord({
      state: i % 10 === 0 ? 'received' : i % 10 === 1 ? 'held' : 'accepted',
      key: { senderId: i % 2 ? sender : newId(), edxmlId: `id-${i}`, businessType: 0, ordinal: 1 },
      recipients: [{ agencyId: i % 3 ? recipient : newId(), code: 'G22' }],
    }),
  );
  await Promise.all(records.map((one) => node.documents.register(one, [anEvent(one.documentId)])));
  const deliveries = records.map((one, i) =>
    aDelivery({
      documentId: one.documentId,
      recipientId: i % 3 ? recipient : newId(),
      priority: (i % 5) as 0,
      afterId: i % 7 === 6 ? newId() : null,
    }),
  );
  await node.deliveries.plan(deliveries);
  return { sender, recipient, records, deliveries };
}

describeWithServices('questions to MongoDB', () => {
  test('none of them reads a collection that grows from end to end', async () => {
    const { sender, recipient, records, deliveries } = await filled();
    const { documents, events, statuses, refusals, deliveries: store, drafts, ceremonies } = node;
    const [record, delivery] = [records[2] as (typeof records)[0], deliveries[2] as (typeof deliveries)[0]];
    const { documentId } = record;
    const lease = { recipientIds: [recipient], limit: 5, now: NOW, until: UNTIL, purpose: 'pull' as const };
    const status = aStatus({ documentId, code: '13' });
    const seen = await profiled(async () => {
      const fresh = aRecord();
      await documents.register(fresh, [anEvent(fresh.documentId)]);
      await documents.change({ documentId: fresh.documentId, from: ['received'], to: 'held', events: [] });
      await documents.get(documentId);
      await documents.withdraw((records[0] as typeof record).documentId);
      await documents.byEdxmlId(record.key.senderId, record.key.edxmlId);
      for (const direction of ['sent', 'received'] as const)
        for (const agencyIds of [[sender, recipient], null])
          for (const more of [
            {},
            { state: 'held' as const },
            { edxmlId: 'id-5' },
            { since: NOW },
            { after: documentId },
          ])
            await documents.list({ agencyIds, direction, limit: 5, ...more });
      for (const what of ['held', 'unfinished'] as const) await documents.waiting(what, NOW, 5);
      const event = anEvent(documentId);
      await events.append([event]);
      await events.settle([{ eventId: event.eventId, index: 1, seq: 1, recordedAt: NOW }]);
      await events.of(documentId);
      await events.pending(5);
      await events.since({ since: 0, limit: 5, agencyIds: [sender, recipient] });
      for (let repeat = 0; repeat < 2; repeat++) await statuses.record(status, anEvent(documentId));
      await statuses.of(documentId);
      const refusal = aRefusal();
      for (let repeat = 0; repeat < 2; repeat++) await refusals.record(refusal, anEvent(refusal.refusalId));
      await refusals.get(refusal.refusalId);
      for (const senderIds of [null, [sender]])
        for (const id of [undefined, refusal.refusalId])
          await refusals.list({ senderIds, limit: 5, after: refusal, ...(id ? { id } : {}) });
      const [draft, ticket, prepared] = [aDraft(), aTicket(), aPrepared()];
      for (let repeat = 0; repeat < 2; repeat++) await drafts.add(draft, anEvent(draft.documentId));
      await drafts.extend(draft.documentId, aVersion(2), anEvent(draft.documentId));
      await drafts.get(draft.documentId);
      await drafts.list({ after: '', limit: 5 });
      await ceremonies.addTicket(ticket);
      await ceremonies.takeTicket(ticket.ticketSha256);
      await ceremonies.addPrepared(prepared);
      await ceremonies.prepared(prepared.prepareId);
      await ceremonies.removeExpired(NOW);
      await store.plan([delivery, aDelivery()]);
      await store.lease(lease);
      await store.lease({ ...lease, limit: 500 });
      await store.lease({ ...lease, recipientIds: null, purpose: 'push' });
      await store.lease({ ...lease, recipientIds: null, limit: 500 });
      await store.replace({ ...delivery, revision: 9 }, []);
      await store.ofDocument(documentId);
      await store.list({ limit: 5 });
      for (const more of [{ state: 'waiting' as const }, { recipientId: recipient }, { overdueAt: UNTIL }])
        await store.list({ limit: 5, ...more });
      await store.list({ limit: 5, state: 'waiting', recipientId: recipient, after: delivery.deliveryId });
      await store.count();
      await node.events.acts({ types: ['person.locked'], limit: 5 });
      await node.alerts.put([anAlert()]);
      await node.alerts.open();
      await node.alerts.list(5);
      await node.alerts.samples(NOW, 5);
      await node.alerts.forget(NOW);
      await node.attempts.add(anAttempt({ documentId }));
      await node.attempts.ofDocument(documentId, 5);
      await node.attempts.forget(NOW, 5);
      const { reviews, revocation } = node;
      await reviews.open(documentId, NOW, NOW);
      await reviews.claim({ now: NOW, until: UNTIL, limit: 5 });
      await reviews.get(documentId);
      await reviews.settle(documentId, { dueAt: null, tries: 1, announced: 0 });
      const { augmentations, augmentationSchedule } = node;
      const file = { documentId: documentId, attachment: 0, number: 1, level: 'B-LTA', at: NOW } as const;
      await augmentations.add({ ...file, sha256: '', size: 1, content: null }, anEvent(documentId));
      await augmentations.of(documentId);
      await augmentationSchedule.open([{ subjectId: documentId, kind: 'document' }], NOW);
      await augmentationSchedule.claim({ now: NOW, until: NOW, limit: 5 });
      await augmentationSchedule.settle({ subjectId: documentId, dueAt: NOW, tries: 1, failure: 'x' });
      await augmentationSchedule.get(documentId);
      await augmentationSchedule.count(NOW);
      await augmentationSchedule.moveMark('documents', NOW);
      await augmentationSchedule.mark('documents');
      const source = { key: 'crl|x', kind: 'crl', url: 'x', certificate: null, issuer: null } as const;
      await revocation.want([source], NOW);
      await revocation.claim({ now: NOW, until: UNTIL, limit: 5 });
      await revocation.states();
      await revocation.forget(UNTIL);
    });
    expect(seen.length).toBeGreaterThan(50);
    const scans = seen.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'));
    expect(scans.map(({ ns, command }) => [ns, command])).toEqual([]);
  });

  test('a page of a list, of the feed or of an inbox costs a page, however much there is', async () => {
    const { sender, recipient } = await filled();
    const lease = { recipientIds: [recipient], limit: 5, now: NOW, until: UNTIL, purpose: 'pull' as const };
    const seen = await profiled(async () => {
      for (const agencyIds of [[recipient], [sender, recipient], null])
        for (const direction of ['sent', 'received'] as const)
          await node.documents.list({ agencyIds, direction, limit: 5 });
      await node.documents.waiting('held', NOW, 5);
      await node.events.pending(5);
      await node.events.since({ since: 0, limit: 5, agencyIds: [sender, recipient] });
      await node.deliveries.lease(lease);
      await node.deliveries.list({ recipientId: recipient, limit: 5 });
    });
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter(({ hasSortStage }) => hasSortStage).map(({ ns, command }) => [ns, command])).toEqual(
      [],
    );
    const costly = seen.filter(({ docsExamined = 0 }) => docsExamined > 60);
    expect(
      costly.map(({ ns, command, planSummary, docsExamined }) => ({
        ns,
        command,
        planSummary,
        docsExamined,
      })),
    ).toEqual([]);
  });
});
