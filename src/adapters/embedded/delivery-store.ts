import type {
  Delivery,
  DeliveryQuery,
  DeliveryStore,
  LeaseRequest,
  TransportState,
} from '../../delivery/index.ts';
import { shares } from '../../delivery/index.ts';
import type { PendingEvent, Priority } from '../../document/index.ts';
import type { Database, Row, Work } from './database.ts';
import { insertEvents } from './event-book.ts';

const PRIORITIES: readonly Priority[] = [4, 3, 2, 1, 0];

export function deliveryStore(database: Database): DeliveryStore {
  return {
    plan: (deliveries) =>
      database.write((db) => {
        for (const delivery of deliveries) insert(db, delivery);
      }),
    lease: async (request) => {
      // A look without a write first: most long polls find nothing, and nothing needs no commit.
      if (offers(database.read, request, 1).length === 0) return [];
      return database.write((db) => lease(db, request));
    },
    replace: (next, events) => database.write((db) => replace(db, next, events)),
    get: async (deliveryId) => {
      const row = database.read.one('SELECT record FROM deliveries WHERE delivery_id = ?', deliveryId);
      return row ? deliveryOf(row) : null;
    },
    ofDocument: async (documentId) =>
      database.read
        .all(
          'SELECT record FROM deliveries WHERE document_id = ? ORDER BY created_at, delivery_id',
          documentId,
        )
        .map(deliveryOf),
    list: async (query) => list(database.read, query),
    count: async () => count(database.read),
  };
}

function deliveryOf(row: Row): Delivery {
  return JSON.parse(row.record as string) as Delivery;
}

/** From when a delivery may be handed out; null when never again. */
function availableAt(delivery: Delivery): string | null {
  if (delivery.state === 'waiting') return delivery.nextAt;
  if (delivery.state === 'leased') return delivery.leaseUntil;
  return null;
}

const INSERT = `INSERT INTO deliveries (delivery_id, document_id, recipient_id, priority, created_at, state, available_at, deadline, notified,
  after_id, revision, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (delivery_id) DO NOTHING`;

function insert(db: Work, delivery: Delivery): void {
  db.run(
    INSERT,
    delivery.deliveryId,
    delivery.documentId,
    delivery.recipientId,
    delivery.priority,
    delivery.createdAt,
    delivery.state,
    availableAt(delivery),
    delivery.deadline,
    delivery.notifiedAt === null ? 0 : 1,
    delivery.afterId,
    delivery.revision,
    JSON.stringify(delivery),
  );
}

function write(db: Work, delivery: Delivery): void {
  db.run(
    'UPDATE deliveries SET state = ?, available_at = ?, deadline = ?, notified = ?, revision = ?, record = ? WHERE delivery_id = ?',
    delivery.state,
    availableAt(delivery),
    delivery.deadline,
    delivery.notifiedAt === null ? 0 : 1,
    delivery.revision,
    JSON.stringify(delivery),
    delivery.deliveryId,
  );
}

function replace(db: Work, next: Delivery, events: readonly PendingEvent[]): boolean {
  const row = db.one('SELECT revision FROM deliveries WHERE delivery_id = ?', next.deliveryId);
  if (!row || row.revision !== next.revision - 1) return false;
  write(db, next);
  insertEvents(db, events);
  return true;
}

/** Deliveries that may be handed out now, at most `limit` of each urgency, oldest first. */
function offers(db: Work, request: LeaseRequest, limit: number): Delivery[] {
  const found: Delivery[] = [];
  const recipients = request.recipientIds;
  const who = recipients === null ? '1' : `d.recipient_id IN (${recipients.map(() => '?').join(',')})`;
  const push = request.purpose === 'push' ? 'AND d.notified = 0' : '';
  const sql = `SELECT d.record FROM deliveries d WHERE ${who} AND d.priority = ? AND d.available_at IS NOT NULL AND d.available_at <= ? ${push}
      AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.delivery_id = d.after_id AND o.available_at IS NOT NULL)
    ORDER BY d.created_at, d.delivery_id LIMIT ?`;
  for (const priority of PRIORITIES) {
    found.push(...db.all(sql, ...(recipients ?? []), priority, request.now, limit).map(deliveryOf));
    if (limit === 1 && found.length > 0) break;
  }
  return found;
}

function lease(db: Work, request: LeaseRequest): Delivery[] {
  const candidates = offers(db, request, request.limit);
  const waiting: Record<Priority, number> = { 4: 0, 3: 0, 2: 0, 1: 0, 0: 0 };
  for (const { priority } of candidates) waiting[priority]++;
  const taken = shares(waiting, request.limit, request.now);
  const leased: Delivery[] = [];
  for (const candidate of candidates) {
    if (taken[candidate.priority]-- <= 0) continue;
    const next: Delivery = {
      ...candidate,
      state: 'leased',
      leaseUntil: request.until,
      attempts: candidate.attempts + 1,
      updatedAt: request.now,
      revision: candidate.revision + 1,
    };
    write(db, next);
    leased.push(next);
  }
  return leased;
}

function list(db: Work, query: DeliveryQuery): Delivery[] {
  const conditions = ['delivery_id > ?'];
  const values: string[] = [query.after ?? ''];
  if (query.state) {
    conditions.push('state = ?');
    values.push(query.state);
  }
  if (query.recipientId) {
    conditions.push('recipient_id = ?');
    values.push(query.recipientId);
  }
  if (query.overdueAt) {
    conditions.push('available_at IS NOT NULL AND deadline <= ?');
    values.push(query.overdueAt);
  }
  const sql = `SELECT record FROM deliveries WHERE ${conditions.join(' AND ')} ORDER BY delivery_id LIMIT ?`;
  return db.all(sql, ...values, query.limit).map(deliveryOf);
}

function count(db: Work): Record<TransportState, number> {
  const counts: Record<TransportState, number> = { waiting: 0, leased: 0, done: 0, failed: 0, cancelled: 0 };
  for (const row of db.all('SELECT state, count FROM delivery_counts')) {
    counts[row.state as TransportState] = row.count as number;
  }
  return counts;
}
