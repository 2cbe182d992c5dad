import type mongoose from 'mongoose';
import type { Level } from '../../agency/index.ts';
import { businessStatus, type PendingEvent, type RefusalRecord, searchKeys } from '../../document/index.ts';
import { DELIVERIES, type DeliveryRow, deliveryOf, logFieldsOf } from './delivery-rows.ts';
import { DOCUMENTS, type DocumentRow, recordOf } from './document-rows.ts';
import { actOf, EVENTS, type EventRow } from './event-rows.ts';
import { REFUSALS, type RefusalRow } from './refusal-book.ts';
import { STATUSES, type StatusRow, statusOf } from './status-store.ts';

type Db = mongoose.mongo.Db;

/** Gives deliveries of before the log what it is asked for. One that moves meanwhile is left to the next walk. */
export async function fillDeliveries(db: Db, ids: readonly string[]): Promise<void> {
  const rows = db.collection<DeliveryRow>(DELIVERIES);
  const found = await rows.find({ _id: { $in: [...ids] } }).toArray();
  const deliveries = found.map(deliveryOf);
  const levels = await levelsOf(
    db,
    deliveries.flatMap((one) => [one.senderId, one.recipientId]),
  );
  const statuses = await db
    .collection<StatusRow>(STATUSES)
    .find({ documentId: { $in: deliveries.map((one) => one.documentId) } })
    .toArray();
  const said = Map.groupBy(statuses.map(statusOf), (one) => `${one.documentId}|${one.reporterId}`);
  const writes = deliveries.map((delivery) => {
    const { deliveryId, documentId, kind, senderId, recipientId, revision } = delivery;
    const senderLevel = delivery.senderLevel ?? levels.get(senderId);
    const recipientLevel = delivery.recipientLevel ?? levels.get(recipientId);
    const filled = {
      ...delivery,
      ...(senderLevel && kind === 'document' ? { senderLevel } : {}),
      ...(recipientLevel && kind === 'document' ? { recipientLevel } : {}),
    };
    const codes = (said.get(`${documentId}|${recipientId}`) ?? []).map((one) => one.code);
    const business = kind === 'document' ? businessStatus(codes) : null;
    const set = { ...logFieldsOf(filled), record: JSON.stringify(filled), ...(business ? { business } : {}) };
    return { updateOne: { filter: { _id: deliveryId, revision }, update: { $set: set } } };
  });
  if (writes.length > 0) await rows.bulkWrite(writes, { ordered: false });
}

async function levelsOf(db: Db, ids: readonly string[]): Promise<Map<string, Level>> {
  const found = await db
    .collection<{ _id: string; record: { level: Level } }>('agencies')
    .find({ _id: { $in: [...new Set(ids)] } }, { projection: { 'record.level': 1 } })
    .toArray();
  return new Map(found.map(({ _id, record }) => [_id, record.level]));
}

/** Gives documents of before the search what they are found by. */
export async function fillDocuments(db: Db, ids: readonly string[]): Promise<void> {
  const rows = db.collection<DocumentRow>(DOCUMENTS);
  const found = await rows.find({ _id: { $in: [...ids] } }).toArray();
  const writes = found.map((row) => ({
    updateOne: {
      filter: { _id: row._id, record: row.record },
      update: { $set: { keys: searchKeys(recordOf(row)) } },
    },
  }));
  if (writes.length > 0) await rows.bulkWrite(writes, { ordered: false });
}

/** Gives acts of before the audit what they are found by. */
export async function fillActs(db: Db, ids: readonly string[]): Promise<void> {
  const rows = db.collection<EventRow>(EVENTS);
  const found = await rows.find({ _id: { $in: [...ids] } }).toArray();
  const writes = found.flatMap(({ _id, record }) => {
    const act = actOf(JSON.parse(record) as PendingEvent);
    return act.act === undefined ? [] : [{ updateOne: { filter: { _id }, update: { $set: act } } }];
  });
  if (writes.length > 0) await rows.bulkWrite(writes, { ordered: false });
}

/** Gives refusals of before the log what they are listed by. */
export async function fillRefusals(db: Db, ids: readonly string[]): Promise<void> {
  const rows = db.collection<RefusalRow>(REFUSALS);
  const found = await rows.find({ _id: { $in: [...ids] } }).toArray();
  const writes = found.map(({ _id, record }) => {
    const { senderId, at, sha256 } = JSON.parse(record) as RefusalRecord;
    return { updateOne: { filter: { _id }, update: { $set: { senderId, at, sha256 } } } };
  });
  if (writes.length > 0) await rows.bulkWrite(writes, { ordered: false });
}
