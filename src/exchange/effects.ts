import { cancelled, type Delivery } from '../delivery/index.ts';
import type { DocumentRecord } from '../document/index.ts';
import { sleep, TrucError } from '../kernel/index.ts';
import { applyStep, subjectOf } from './inbox.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

/**
 * What a recall, update or replacement does to the documents that it concerns. Safe to repeat.
 * Type 1: copies not fetched yet are taken back, the original is `recalled`. Types 2 and 3: the originals get an entry
 * that names the later document; recipients decide by their statuses 15 and 16.
 */
export async function applyEffects(record: DocumentRecord, x: Stations): Promise<void> {
  if (record.key.businessType === 0) return;
  for (const original of await concerned(record, x)) {
    if (record.key.businessType === 1) await takeBack(original, record.documentId, x);
    else await markLater(original, record, x);
  }
}

/** For each recipient, the delivery that this document must not overtake. */
export async function laterThan(record: DocumentRecord, x: Stations): Promise<Map<string, string>> {
  const after = new Map<string, string>();
  if (record.key.businessType === 0) return after;
  for (const original of await concerned(record, x)) {
    for (const delivery of await x.deliveries.ofDocument(original.documentId)) {
      if (delivery.kind === 'document') after.set(delivery.recipientId, delivery.deliveryId);
    }
  }
  return after;
}

/** Earlier documents of the same sender that the act names. */
async function concerned(record: DocumentRecord, x: Stations): Promise<DocumentRecord[]> {
  const found = await Promise.all(
    record.concerns.map((edxmlId) => x.documents.byEdxmlId(record.key.senderId, edxmlId)),
  );
  return found
    .flat()
    .filter((one) => one.documentId !== record.documentId && [0, 3].includes(one.key.businessType));
}

/** How often a recall looks whether the release that came before it has put its deliveries in place. */
const ROUNDS = 20;

/**
 * Cancels what nobody fetched and moves the original to `recalled`. A release that is under way is let through first,
 * or its deliveries would come after the recall.
 * @returns the deliveries that had been fetched
 * @throws TrucError `exchange.not-recallable` when that release does not come to its end
 */
export async function takeBack(original: DocumentRecord, reason: string, x: Stations): Promise<Delivery[]> {
  for (let round = 0; round < ROUNDS; round++) {
    const fetched = await cancelUnfetched(original, x);
    if (await markRecalled(original, reason, x)) return fetched;
    const state = (await x.documents.get(original.documentId))?.state;
    if (state !== 'released') return fetched;
    await sleep(10 * round);
  }
  throw new TrucError('exchange.not-recallable', { state: 'released' });
}

async function cancelUnfetched(original: DocumentRecord, x: Stations): Promise<Delivery[]> {
  const fetched: Delivery[] = [];
  for (const delivery of await x.deliveries.ofDocument(original.documentId)) {
    if (delivery.kind !== 'document') continue;
    const kept = await cancelOne(delivery, x);
    if (kept) fetched.push(kept);
  }
  return fetched;
}

/** Tries again when its recipient moved it in between. @returns the delivery when it had been fetched, else null */
async function cancelOne(delivery: Delivery, x: Stations): Promise<Delivery | null> {
  for (let now: Delivery | null = delivery; now; now = await x.deliveries.get(delivery.deliveryId)) {
    const step = cancelled(now, x.clock.now());
    if (!step) return now.state === 'cancelled' ? null : now;
    if (await applyStep(now, step, x)) return null;
  }
  return null;
}

async function markRecalled(original: DocumentRecord, reason: string, x: Stations): Promise<boolean> {
  const subject = await subjectOf(original.documentId, x);
  const event = pendingEvent(
    subject,
    {
      type: 'document.recalled',
      actorId: original.key.senderId,
      recipientId: null,
      facts: { by: reason },
      distinct: '',
    },
    x.clock.now(),
  );
  const moved = await x.documents.change({
    documentId: original.documentId,
    from: ['accepted', 'held'],
    to: 'recalled',
    events: [event],
  });
  if (moved) await putOnRecord([event], x);
  return moved;
}

async function markLater(original: DocumentRecord, later: DocumentRecord, x: Stations): Promise<void> {
  const subject = await subjectOf(original.documentId, x);
  const type = later.key.businessType === 3 ? 'document.replaced' : 'document.updated';
  const event = pendingEvent(
    subject,
    {
      type,
      actorId: later.key.senderId,
      recipientId: null,
      facts: { by: later.documentId },
      distinct: later.documentId,
    },
    x.clock.now(),
  );
  await x.events.append([event]);
  await putOnRecord([event], x);
}
