import type { SQLInputValue } from 'node:sqlite';
import type {
  Delivery,
  DeliveryLog,
  LogCounts,
  LogFilter,
  LogLine,
  LogLoad,
  LogQuery,
  TransportState,
} from '../../delivery/index.ts';
import type { Database, Row, Work } from './database.ts';

export function deliveryLog(database: Database): DeliveryLog {
  const db = database.read;
  return {
    page: async (query) => page(db, query),
    counts: async (filter, most) => counts(db, filter, most),
    documents: async (key, whole, limit) => documents(db, key, whole, limit),
    subjectAt: async (index) =>
      (db.one('SELECT subject_id FROM events WHERE log_index = ?', index)?.subject_id as string) ?? null,
    loads: async (reach, limit) => loads(db, reach, limit),
  };
}

/** Lines of one way to them: conditions with their values, and the index that has all that they ask. */
interface Way {
  index: string;
  conditions: string[];
  values: SQLInputValue[];
}

/** One way, or two for an agency's own reach: what it sent and what it was sent, each read in order. */
function waysTo(filter: LogFilter): Way[] {
  const base = conditionsOf(filter);
  if (filter.reach === null && isRare(filter))
    // One after another, each in order: together they would be sorted whole.
    return (filter.states ?? []).map((state) => ({
      index: 'deliveries_log_state',
      ...conditionsOf({ ...filter, states: [state] }),
    }));
  if (filter.reach === null) return [{ index: indexFor(filter), ...base }];
  return filter.reach.flatMap((agencyId) =>
    (['sender', 'recipient'] as const)
      .filter((side) => {
        const asked = side === 'sender' ? filter.senderId : filter.recipientId;
        return asked === undefined || asked === agencyId;
      })
      .map((side) => ({
        index: `deliveries_log_${side}`,
        conditions: [`${side}_id = ?`, ...base.conditions],
        values: [agencyId, ...base.values],
      })),
  );
}

/** Named, since SQLite has no figures of how the values are spread. */
function indexFor(filter: LogFilter): string {
  if (filter.documentIds !== undefined) return 'deliveries_by_document';
  if (filter.recipientId !== undefined) return 'deliveries_log_recipient';
  if (filter.senderId !== undefined) return 'deliveries_log_sender';
  return 'deliveries_log';
}

/** Whether it asks for states alone that few deliveries are in. */
function isRare({ documentIds, recipientId, senderId, states }: LogFilter): boolean {
  const other = documentIds !== undefined || recipientId !== undefined || senderId !== undefined;
  return !other && states !== undefined && states.length > 0 && !states.includes('done');
}

function conditionsOf(filter: LogFilter): Omit<Way, 'index'> {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...added: SQLInputValue[]) => {
    conditions.push(condition);
    values.push(...added);
  };
  const is = (column: string, value: string | number | undefined) => {
    if (value !== undefined) add(`${column} = ?`, value);
  };
  is('kind', filter.kind);
  if (filter.from !== undefined) add('created_at >= ?', filter.from);
  if (filter.to !== undefined) add('created_at < ?', filter.to);
  if (filter.documentIds !== undefined)
    add(`document_id IN (${filter.documentIds.map(() => '?').join(',')})`, ...filter.documentIds);
  is('sender_id', filter.senderId);
  is('recipient_id', filter.recipientId);
  is('sender_level', filter.senderLevel);
  is('recipient_level', filter.recipientLevel);
  is('priority', filter.priority);
  if (filter.states !== undefined)
    add(`state IN (${filter.states.map(() => '?').join(',')})`, ...filter.states);
  if (filter.business === 'none') add('business IS NULL');
  else is('business', filter.business);
  is('failure', filter.failure);
  return { conditions, values };
}

/** The ids are found in the index alone; only the lines of the page are read. */
function page(db: Work, query: LogQuery): LogLine[] {
  const newest = query.order === 'newest';
  const order = newest ? 'DESC' : 'ASC';
  const found = new Map<string, LogLine>();
  for (const { index, conditions, values } of waysTo(query)) {
    const place = query.after ? [`(created_at, delivery_id) ${newest ? '<' : '>'} (?, ?)`] : [];
    const bound = query.after ? [query.after.createdAt, query.after.deliveryId] : [];
    const where = [...conditions, ...place].join(' AND ');
    const sql = `SELECT d.record, d.business FROM (SELECT delivery_id, created_at FROM deliveries INDEXED BY ${index}
        WHERE ${where} ORDER BY created_at ${order}, delivery_id ${order} LIMIT ?) p
      CROSS JOIN deliveries d ON d.delivery_id = p.delivery_id`;
    for (const row of db.all(sql, ...values, ...bound, query.limit)) {
      const line = lineOf(row);
      found.set(line.deliveryId, line);
    }
  }
  const sorted = [...found.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return (newest ? sorted.reverse() : sorted).slice(0, query.limit);
}

const placeOf = ({ createdAt, deliveryId }: Delivery) => `${createdAt} ${deliveryId}`;

function lineOf(row: Row): LogLine {
  return { ...(JSON.parse(row.record as string) as Delivery), business: (row.business as string) || null };
}

function counts(db: Work, filter: LogFilter, most: number): LogCounts {
  const states = { waiting: 0, leased: 0, done: 0, failed: 0, cancelled: 0 };
  const seen = new Map<string, TransportState>();
  for (const { index, conditions, values } of waysTo(filter)) {
    const sql = `SELECT delivery_id, state FROM deliveries INDEXED BY ${index} WHERE ${conditions.join(' AND ')} LIMIT ?`;
    for (const row of db.all(sql, ...values, most + 1))
      seen.set(row.delivery_id as string, row.state as TransportState);
  }
  const counted = [...seen.values()].slice(0, most);
  for (const state of counted) states[state]++;
  return { total: counted.length, states, more: seen.size > most };
}

function documents(db: Work, key: string, whole: boolean, limit: number): string[] {
  const rows = whole
    ? db.all(
        'SELECT document_id FROM document_keys WHERE key = ? ORDER BY document_id DESC LIMIT ?',
        key,
        limit,
      )
    : db.all(
        `SELECT DISTINCT document_id FROM (SELECT document_id FROM document_keys WHERE key >= ? AND key < ? LIMIT ?) ORDER BY document_id DESC`,
        key,
        `${key}\u{10ffff}`,
        limit,
      );
  return rows.map((row) => row.document_id as string);
}

/** Kept as deliveries move, so that a backlog of millions is not walked through. */
function loads(db: Work, reach: readonly string[] | null, limit: number): LogLoad[] {
  const most = (more: string, ...values: string[]) =>
    db.all(
      `SELECT * FROM delivery_loads INDEXED BY delivery_loads_most WHERE failed >= 0 AND waiting + failed > 0 ${more}
        ORDER BY failed DESC, waiting DESC, recipient_id LIMIT ?`,
      ...[...values, limit],
    );
  const rows = reach === null ? most('') : most(`AND recipient_id IN (${marks(reach)})`, ...reach);
  return rows.map((row) => ({
    recipientId: row.recipient_id as string,
    waiting: row.waiting as number,
    failed: row.failed as number,
    oldestAt: row.waiting === 0 ? null : oldestOf(db, row.recipient_id as string),
  }));
}

const marks = (values: readonly string[]) => values.map(() => '?').join(',');

function oldestOf(db: Work, recipientId: string): string | null {
  const sql = `SELECT created_at FROM deliveries INDEXED BY deliveries_open
    WHERE recipient_id = ? AND available_at IS NOT NULL AND kind = 'document' ORDER BY created_at LIMIT 1`;
  return (db.one(sql, recipientId)?.created_at as string | undefined) ?? null;
}
