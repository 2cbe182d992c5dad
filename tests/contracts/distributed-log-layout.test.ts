import { afterEach, expect, test } from '@jest/globals';
import { DELIVERIES } from '../../src/adapters/distributed/delivery-rows.ts';
import { DOCUMENTS } from '../../src/adapters/distributed/document-rows.ts';
import { LAYOUT } from '../../src/adapters/distributed/layout.ts';
import { lease } from '../../src/adapters/distributed/ledger-lease.ts';
import { migrateLayout } from '../../src/adapters/distributed/migrate.ts';
import { numberKey } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { aDelivery, anEvent, aRecord, aRefusal, aStatus } from '../builders/records.ts';
import { describeWithServices, services } from '../services.ts';
import { openNode } from './distributed-nodes.ts';

describeWithServices('what layout 2 wrote', () => {
  let drop = async () => {};
  afterEach(() => drop());

  test('is in the log once it is migrated, with levels and what recipients reported', async () => {
    const { mongo, documents, deliveries, statuses, refusals, events, log } = await openNode(
      services().mongoUrl,
      `truc-test-${newId()}`,
    );
    drop = async () => {
      await mongo.raw.dropDatabase();
      await mongo.close();
    };
    const record = aRecord();
    const delivery = aDelivery({ documentId: record.documentId });
    const { documentId, deliveryId, senderId, recipientId } = delivery;
    await documents.register(record, []);
    await deliveries.plan([delivery]);
    await statuses.record(aStatus({ documentId, reporterId: recipientId, code: '03' }), anEvent(documentId));
    const act = anEvent(newId(), { type: 'person.locked' });
    await events.append([act]);
    const refusal = aRefusal();
    await refusals.record(refusal, anEvent(refusal.refusalId, { type: 'document.refused' }));
    const agencies = [
      { _id: senderId, record: { level: 'central' } },
      { _id: recipientId, record: { level: 'commune' } },
    ];
    await mongo.collection<{ _id: string }>('agencies').insertMany(agencies);
    const gone = { kind: '', senderId: '', parties: '', failure: '', business: '' };
    await mongo.collection(DELIVERIES).updateMany({}, { $unset: gone });
    await mongo.collection(DOCUMENTS).updateMany({}, { $unset: { keys: '' } });
    await mongo.collection('events').updateMany({}, { $unset: { act: '' } });
    await mongo.collection('refusals').updateMany({}, { $unset: { senderId: '', at: '', sha256: '' } });
    await mongo
      .collection<{ _id: string }>(LAYOUT)
      .updateOne({ _id: 'truc' }, { $set: { version: 2, readableFrom: 2 } });
    const all = { reach: null, kind: 'document', order: 'newest', limit: 5 } as const;
    expect(await log.page(all)).toEqual([]);
    expect(await refusals.list({ senderIds: null, limit: 5 })).toEqual([]);
    const done = await migrateLayout({ db: mongo.raw, lease: lease(mongo, 'migration', newId(), 30_000) });
    expect(done).toEqual({ version: 3, readableFrom: 2 });
    const levels = { senderLevel: 'central', recipientLevel: 'commune' } as const;
    const found = await log.page({ ...all, ...levels, reach: [senderId], business: '03' });
    expect(found).toMatchObject([{ deliveryId, ...levels, business: '03' }]);
    expect(await log.documents(numberKey(record.codeNumber), true, 5)).toEqual([documentId]);
    expect(await refusals.list({ senderIds: [refusal.senderId], limit: 5 })).toEqual([refusal]);
    expect(await events.acts({ types: ['person.locked'], limit: 5 })).toMatchObject([
      { eventId: act.eventId },
    ]);
    // What moves afterwards keeps it.
    await deliveries.replace({ ...(found[0] as typeof delivery), state: 'done', revision: 2 }, []);
    expect(await log.page({ ...all, ...levels, states: ['done'] })).toHaveLength(1);
  });
});
