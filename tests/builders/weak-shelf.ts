import type { Delivery } from '../../src/delivery/index.ts';
import type {
  DocumentRecord,
  LedgerPlace,
  PendingEvent,
  RefusalRecord,
  StatusRecord,
} from '../../src/document/index.ts';

/** What the weak stores of one axis share: writes that carry events put them on the same shelf. */
export interface Shelf {
  documents: DocumentRecord[];
  events: { event: PendingEvent; place: LedgerPlace | null; position: number }[];
  /** Positions given so far: those of withdrawn events are not given again. */
  positions: number;
  statuses: StatusRecord[];
  refusals: RefusalRecord[];
  deliveries: Delivery[];
}

export function emptyShelf(): Shelf {
  return { documents: [], events: [], positions: 0, statuses: [], refusals: [], deliveries: [] };
}

export function shelve(shelf: Shelf, events: readonly PendingEvent[]): void {
  for (const event of events) {
    if (shelf.events.some((one) => one.event.eventId === event.eventId)) continue;
    shelf.events.push({ event, place: null, position: ++shelf.positions });
  }
}
