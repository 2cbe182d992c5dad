import type { EventBook, RecordedEvent } from '../../src/document/index.ts';
import { slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

export function weakEvents(shelf: Shelf): EventBook {
  const recorded = ({ event, place, position }: Shelf['events'][number]): RecordedEvent => ({
    ...event,
    position,
    place,
  });
  const documentOf = (subjectId: string) => shelf.documents.find((one) => one.documentId === subjectId);
  const concerns = (subjectId: string, agencyIds: readonly string[]) => {
    const document = documentOf(subjectId);
    const parties = document
      ? [document.key.senderId, ...document.recipients.map((line) => line.agencyId)]
      : [];
    return parties.some((one) => agencyIds.includes(one));
  };
  return slowPort<EventBook>({
    append: (events) => shelve(shelf, events),
    settle: (places) => {
      for (const place of places) {
        const known = shelf.events.find((one) => one.event.eventId === place.eventId);
        if (known) known.place ??= place;
      }
    },
    of: (subjectId) => shelf.events.filter((one) => one.event.subjectId === subjectId).map(recorded),
    pending: (limit) =>
      shelf.events
        .filter(({ event, place }) => place === null && documentOf(event.subjectId)?.state !== 'received')
        .slice(0, limit)
        .map(recorded),
    acts: ({ types, before = Number.MAX_SAFE_INTEGER, limit }) =>
      shelf.events
        .filter(({ event, position }) => position < before && types.some((one) => one === event.type))
        .map(recorded)
        .reverse()
        .slice(0, limit),
    placed: (from, count) =>
      shelf.events
        .map(recorded)
        .filter(({ place }) => place !== null && place.index >= from && place.index < from + count)
        .sort((a, b) => (a.place?.index ?? 0) - (b.place?.index ?? 0)),
    since: ({ since, limit, agencyIds }) =>
      shelf.events
        .filter((one) => one.position > since)
        .filter((one, _, rest) => one.position < firstOpen(rest))
        .filter((one) => concerns(one.event.subjectId, agencyIds))
        .slice(0, limit)
        .map(recorded),
  });
}

/** Position of the first event that is not settled: the feed ends before it. */
function firstOpen(events: readonly { position: number; place: object | null }[]): number {
  return Math.min(...events.filter((one) => one.place === null).map((one) => one.position));
}
