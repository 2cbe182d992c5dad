import type {
  DeliveryLog,
  LogCounts,
  LogFilter,
  LogLine,
  LogLoad,
  LogQuery,
  TransportState,
} from '../../delivery/index.ts';
import type { Collection, MongoDatabase } from './database.ts';
import { DELIVERIES, type DeliveryRow, deliveryOf } from './delivery-rows.ts';
import { DOCUMENTS, type DocumentRow } from './document-rows.ts';
import { EVENTS, type EventRow } from './event-rows.ts';
import { typedFailures } from './failures.ts';

/** A backlog of millions is not walked through for a table of its agencies. */
const MOST_LOOKED_AT = 200_000;

export function deliveryLog(mongo: MongoDatabase): DeliveryLog {
  const rows = mongo.collection<DeliveryRow>(DELIVERIES);
  const documents = mongo.collection<DocumentRow>(DOCUMENTS);
  const events = mongo.collection<EventRow>(EVENTS);
  return typedFailures<DeliveryLog>({
    page: (query) => page(rows, query),
    counts: (filter, most) => counts(rows, filter, most),
    documents: async (key, whole, limit) => {
      const match = whole ? key : { $elemMatch: { $gte: key, $lt: `${key}\u{10ffff}` } };
      const found = documents.find({ keys: match } as object, { projection: { _id: 1 } }).hint('by_key');
      const ids = (await (whole ? found.sort({ _id: -1 }) : found).limit(limit).toArray()).map(
        ({ _id }) => _id,
      );
      return ids.sort().reverse();
    },
    subjectAt: async (index) =>
      (await events.findOne({ 'place.index': index } as object, { projection: { subjectId: 1 } }))
        ?.subjectId ?? null,
    loads: (reach, limit) => loads(rows, reach, limit),
  });
}

/** Named, since a plan that was tried on an agency without deliveries would be kept for one with a million. */
function indexFor(filter: LogFilter): string {
  if (filter.documentIds !== undefined) return 'by_document';
  if (filter.reach !== null || filter.senderId !== undefined || filter.recipientId !== undefined)
    return 'log_party';
  return filter.states !== undefined && !filter.states.includes('done') ? 'log_state' : 'log';
}

function filterOf(filter: LogFilter, after: object = {}): object {
  const { reach, kind, from, to, documentIds, states, business, ...equal } = filter;
  const { senderId, recipientId, senderLevel, recipientLevel, priority, failure } = equal;
  const party = reach === null ? (recipientId ?? senderId) : { $in: [...reach] };
  const planned = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
  const said = { senderId, recipientId, senderLevel, recipientLevel, priority, failure };
  return {
    kind,
    ...(party === undefined ? {} : { parties: party }),
    ...(from || to ? { createdAt: planned } : {}),
    ...(documentIds ? { documentId: { $in: [...documentIds] } } : {}),
    ...(states ? { state: { $in: [...states] } } : {}),
    ...(business === undefined ? {} : { business: business === 'none' ? { $exists: false } : business }),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    ...after,
  };
}

async function page(rows: Collection<DeliveryRow>, query: LogQuery): Promise<LogLine[]> {
  const { order, after, limit, ...filter } = query;
  if (filter.reach?.length === 0 || filter.documentIds?.length === 0) return [];
  const way = order === 'newest' ? -1 : 1;
  const beyond = order === 'newest' ? '$lt' : '$gt';
  // The range beside the alternatives is what bounds the index.
  const place = after
    ? {
        $and: [
          { createdAt: { [`${beyond}e`]: after.createdAt } },
          {
            $or: [
              { createdAt: { [beyond]: after.createdAt } },
              { createdAt: after.createdAt, _id: { [beyond]: after.deliveryId } },
            ],
          },
        ],
      }
    : {};
  const found = rows.find(filterOf(filter, place)).hint(indexFor(filter));
  return (await found.sort({ createdAt: way, _id: way }).limit(limit).toArray()).map((row) => ({
    ...deliveryOf(row),
    business: row.business ?? null,
  }));
}

async function counts(rows: Collection<DeliveryRow>, filter: LogFilter, most: number): Promise<LogCounts> {
  const states = { waiting: 0, leased: 0, done: 0, failed: 0, cancelled: 0 };
  if (filter.reach?.length === 0 || filter.documentIds?.length === 0)
    return { total: 0, states, more: false };
  const found = await rows
    .aggregate<{ _id: TransportState; count: number }>(
      [{ $match: filterOf(filter) }, { $limit: most + 1 }, { $group: { _id: '$state', count: { $sum: 1 } } }],
      { hint: indexFor(filter) },
    )
    .toArray();
  for (const { _id, count } of found) states[_id] = count;
  const total = found.reduce((sum, { count }) => sum + count, 0);
  return { total: Math.min(total, most), states, more: total > most };
}

/** Both walks read the index alone: one of the failures, one of the backlog. */
async function loads(
  rows: Collection<DeliveryRow>,
  reach: readonly string[] | null,
  limit: number,
): Promise<LogLoad[]> {
  const who = { kind: 'document', ...(reach === null ? {} : { recipientId: { $in: [...reach] } }) };
  const [failed, waiting] = await Promise.all([
    grouped(rows, { ...who, state: 'failed' }),
    grouped(rows, { ...who, state: { $in: ['waiting', 'leased'] } }),
  ]);
  const loads = [...new Set([...failed.keys(), ...waiting.keys()])].map((recipientId) => ({
    recipientId,
    waiting: waiting.get(recipientId)?.count ?? 0,
    failed: failed.get(recipientId)?.count ?? 0,
    oldestAt: waiting.get(recipientId)?.oldest ?? null,
  }));
  const byId = (a: LogLoad, b: LogLoad) => (a.recipientId < b.recipientId ? -1 : 1);
  return loads.sort((a, b) => b.failed - a.failed || b.waiting - a.waiting || byId(a, b)).slice(0, limit);
}

interface Grouped {
  _id: string;
  count: number;
  oldest: string;
}

async function grouped(rows: Collection<DeliveryRow>, match: object): Promise<Map<string, Grouped>> {
  const groups = { $group: { _id: '$recipientId', count: { $sum: 1 }, oldest: { $min: '$createdAt' } } };
  const steps = [{ $match: match }, { $limit: MOST_LOOKED_AT }, groups];
  const found = await rows.aggregate<Grouped>(steps, { hint: 'log_state' }).toArray();
  return new Map(found.map((one) => [one._id, one]));
}
