import type { Delivery, DeliveryKind, TransportState } from '../../delivery/index.ts';
import { randomFraction } from '../../kernel/index.ts';
import type { CollectionPlan, MongoDatabase, Session } from './database.ts';

export const DELIVERIES = 'deliveries';
export const DELIVERY_COUNTS = 'delivery_counts';

export interface DeliveryRow {
  /** deliveryId */
  _id: string;
  documentId: string;
  recipientId: string;
  priority: number;
  createdAt: string;
  state: TransportState;
  /** From when it may be handed out; absent when never again. */
  availableAt?: string;
  deadline: string;
  notified: boolean;
  /** Absent where it waits for no other. */
  afterId?: string;
  revision: number;
  /** For the log of administrators (layout 3). */
  kind: DeliveryKind;
  senderId: string;
  /** Sender and recipient. */
  parties: string[];
  senderLevel?: string;
  recipientLevel?: string;
  failure?: string;
  /** Written when the recipient reports; absent before the first business status. */
  business?: string;
  record: string;
}

const LOG_FIELDS = {
  priority: 1,
  business: 1,
  senderLevel: 1,
  recipientLevel: 1,
  failure: 1,
  senderId: 1,
  recipientId: 1,
};

const OPEN = { availableAt: { $exists: true } };

export const DELIVERY_PLANS: readonly CollectionPlan[] = [
  {
    name: DELIVERIES,
    indexes: [
      {
        // What decides over an offer is all in the key: of leased and delayed ones only the key is read.
        key: { recipientId: 1, priority: -1, createdAt: 1, _id: 1, availableAt: 1, notified: 1 },
        name: 'offer',
        partialFilterExpression: OPEN,
      },
      {
        key: { notified: 1, priority: -1, createdAt: 1, _id: 1, availableAt: 1 },
        name: 'offer_to_all',
        partialFilterExpression: OPEN,
      },
      { key: { deadline: 1, _id: 1 }, name: 'by_deadline', partialFilterExpression: OPEN },
      { key: { documentId: 1, createdAt: 1, _id: 1 }, name: 'by_document' },
      { key: { state: 1, _id: 1 }, name: 'by_state' },
      { key: { recipientId: 1, state: 1, _id: 1 }, name: 'by_recipient' },
      // What filters ask is all in the key: only the lines of a page are read whole.
      { key: { kind: 1, createdAt: 1, _id: 1, state: 1, ...LOG_FIELDS }, name: 'log' },
      {
        key: { parties: 1, kind: 1, createdAt: 1, _id: 1, state: 1, ...LOG_FIELDS },
        name: 'log_party',
      },
      { key: { state: 1, kind: 1, createdAt: 1, _id: 1, ...LOG_FIELDS }, name: 'log_state' },
    ],
  },
  { name: DELIVERY_COUNTS, indexes: [] },
];

export function rowOf(delivery: Delivery): DeliveryRow {
  const { deliveryId, documentId, recipientId, priority, createdAt, state, deadline, afterId, revision } =
    delivery;
  const availableAt = availableFrom(delivery);
  return {
    _id: deliveryId,
    documentId,
    recipientId,
    priority,
    createdAt,
    state,
    ...(availableAt === null ? {} : { availableAt }),
    deadline,
    notified: delivery.notifiedAt !== null,
    ...(afterId === null ? {} : { afterId }),
    revision,
    ...logFieldsOf(delivery),
    record: JSON.stringify(delivery),
  };
}

type LogFields = Pick<
  DeliveryRow,
  'kind' | 'senderId' | 'parties' | 'senderLevel' | 'recipientLevel' | 'failure'
>;

/** What the log is asked for, of a delivery as it is. */
export function logFieldsOf(delivery: Delivery): LogFields {
  const { kind, senderId, recipientId, senderLevel, recipientLevel, failure } = delivery;
  return {
    kind,
    senderId,
    parties: [...new Set([senderId, recipientId])],
    ...(senderLevel === undefined ? {} : { senderLevel }),
    ...(recipientLevel === undefined ? {} : { recipientLevel }),
    ...(failure === null ? {} : { failure }),
  };
}

function availableFrom(delivery: Delivery): string | null {
  if (delivery.state === 'waiting') return delivery.nextAt;
  return delivery.state === 'leased' ? delivery.leaseUntil : null;
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return JSON.parse(row.record) as Delivery;
}

/** Writes deliveries over the rows that a transaction has read before, and keeps the figures of the states. */
export async function replaceRows(
  mongo: MongoDatabase,
  changes: readonly { before: DeliveryRow; next: DeliveryRow }[],
  session: Session,
): Promise<void> {
  if (changes.length === 0) return;
  await mongo.collection<DeliveryRow>(DELIVERIES).bulkWrite(
    changes.map(({ before, next }) => {
      const { _id, ...row } = next;
      const replacement = before.business === undefined ? row : { ...row, business: before.business };
      return { replaceOne: { filter: { _id }, replacement } };
    }),
    { session },
  );
  const moves = changes.filter(({ before, next }) => before.state !== next.state);
  await countMoves(
    mongo,
    [
      ...moves.map(({ before }) => ({ state: before.state, by: -1 })),
      ...moves.map(({ next }) => ({ state: next.state, by: 1 })),
    ],
    session,
  );
}

/** Nodes write different rows of the figures, so that they seldom meet in one. */
const COUNT_ROWS = 64;

export async function countMoves(
  mongo: MongoDatabase,
  moves: readonly { state: TransportState; by: number }[],
  session: Session,
): Promise<void> {
  const sums: Partial<Record<TransportState, number>> = {};
  for (const { state, by } of moves) sums[state] = (sums[state] ?? 0) + by;
  if (Object.keys(sums).length === 0) return;
  await mongo
    .collection<{ _id: number }>(DELIVERY_COUNTS)
    .updateOne({ _id: countRowOf(mongo) }, { $inc: sums } as object, { session, upsert: true });
}

const chosen = new WeakMap<MongoDatabase, number>();

function countRowOf(mongo: MongoDatabase): number {
  const row = chosen.get(mongo) ?? Math.floor(randomFraction() * COUNT_ROWS);
  chosen.set(mongo, row);
  return row;
}
