import type { Delivery, DeliveryLog, LogFilter, LogLine } from '../../src/delivery/index.ts';
import { businessStatus, searchKeys } from '../../src/document/index.ts';
import { byText, slowPort } from './weak-port.ts';
import type { Shelf } from './weak-shelf.ts';

const inOrder = byText<Delivery>(
  (one) => one.createdAt,
  (one) => one.deliveryId,
);

/** The log in its plainest form: everything is walked through. */
export function weakLog(shelf: Shelf): DeliveryLog {
  const found = (filter: LogFilter) =>
    shelf.deliveries
      .map((one) => lineOf(one, shelf))
      .filter((one) => matches(one, filter))
      .sort(inOrder);
  return slowPort<DeliveryLog>({
    page: ({ order, after, limit, ...filter }) => {
      const lines = order === 'newest' ? found(filter).reverse() : found(filter);
      const way = order === 'newest' ? -1 : 1;
      const beyond = (one: LogLine) => !after || way * inOrder(one, { ...one, ...after }) > 0;
      return lines.filter(beyond).slice(0, limit);
    },
    counts: (filter, most) => {
      const states = { waiting: 0, leased: 0, done: 0, failed: 0, cancelled: 0 };
      const lines = found(filter);
      for (const { state } of lines.slice(0, most)) states[state]++;
      return { total: Math.min(lines.length, most), states, more: lines.length > most };
    },
    documents: (key, whole, limit) =>
      shelf.documents
        .filter((one) => searchKeys(one).some((known) => (whole ? known === key : known.startsWith(key))))
        .map((one) => one.documentId)
        .sort()
        .reverse()
        .slice(0, limit),
    subjectAt: (index) => shelf.events.find((one) => one.place?.index === index)?.event.subjectId ?? null,
    loads: (reach, limit) => {
      const open = shelf.deliveries.filter(
        ({ kind, state, recipientId }) =>
          kind === 'document' &&
          ['waiting', 'leased', 'failed'].includes(state) &&
          (reach === null || reach.includes(recipientId)),
      );
      const loads = [...Map.groupBy(open, (one) => one.recipientId)].map(([recipientId, all]) => {
        const waiting = all.filter((one) => one.state !== 'failed').sort(inOrder);
        return {
          recipientId,
          waiting: waiting.length,
          failed: all.length - waiting.length,
          oldestAt: waiting[0]?.createdAt ?? null,
        };
      });
      return loads.sort((a, b) => b.failed - a.failed || b.waiting - a.waiting).slice(0, limit);
    },
  });
}

function lineOf(delivery: Delivery, shelf: Shelf): LogLine {
  const { kind, documentId, recipientId } = delivery;
  const said = shelf.statuses.filter(
    (one) => one.documentId === documentId && one.reporterId === recipientId,
  );
  return { ...delivery, business: kind === 'document' ? businessStatus(said.map((one) => one.code)) : null };
}

function matches(one: LogLine, filter: LogFilter): boolean {
  const { reach, from, to, documentIds, states, business } = filter;
  const equal = [
    'kind',
    'senderId',
    'recipientId',
    'senderLevel',
    'recipientLevel',
    'priority',
    'failure',
  ] as const;
  return (
    (reach === null || reach.includes(one.senderId) || reach.includes(one.recipientId)) &&
    (from === undefined || one.createdAt >= from) &&
    (to === undefined || one.createdAt < to) &&
    (documentIds === undefined || documentIds.includes(one.documentId)) &&
    (states === undefined || states.includes(one.state)) &&
    (business === undefined || (business === 'none' ? one.business === null : one.business === business)) &&
    equal.every((name) => filter[name] === undefined || one[name] === filter[name])
  );
}
