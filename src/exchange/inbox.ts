import {
  type Acknowledgement,
  acknowledged,
  type Delivery,
  fetched,
  releaseOrExtend,
  type Step,
} from '../delivery/index.ts';
import type { PendingEvent } from '../document/index.ts';
import { equalBytes, isoTime, sleep, TrucError } from '../kernel/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import { planNotice } from './notices.ts';
import { pendingEvent, putOnRecord, recordPending, type Subject } from './record.ts';
import type { Stations } from './stations.ts';

export interface InboxRequest {
  /** Agencies to read for; a subset of the caller's. */
  agencyIds: readonly string[];
  limit: number;
  leaseMs: number;
  /** How long to wait for something to come, milliseconds. */
  waitMs: number;
  signal: AbortSignal;
}

/** Leases what waits for the agencies, waiting for up to `waitMs` when there is nothing. */
export async function readInbox(request: InboxRequest, x: Stations): Promise<Delivery[]> {
  const until = x.clock.now() + request.waitMs;
  for (;;) {
    // Nobody is left to hear the answer: what is leased now would only be kept from the next reader.
    if (request.signal.aborted) return [];
    const now = x.clock.now();
    const leased = await x.deliveries.lease({
      recipientIds: request.agencyIds,
      limit: request.limit,
      now: isoTime(now),
      until: isoTime(now + request.leaseMs),
      purpose: 'pull',
    });
    const left = until - now;
    if (leased.length > 0 || left <= 0) return leased;
    // Woken by a hint, or after a second to look for expired leases and retries that no hint announces.
    await x.queue.wait(request.agencyIds, Math.min(left, 1_000), request.signal);
  }
}

/** @throws TrucError `delivery.unknown`, also when it belongs to an agency of somebody else */
export async function ownDelivery(deliveryId: string, caller: Caller, x: Stations): Promise<Delivery> {
  const delivery = await x.deliveries.get(deliveryId);
  if (!delivery || !speaksFor(caller, delivery.recipientId))
    throw new TrucError('delivery.unknown', { deliveryId });
  return delivery;
}

/** The delivery whose bytes the recipient takes now; the first time is recorded in the ledger. */
export async function takeContent(deliveryId: string, caller: Caller, x: Stations): Promise<Delivery> {
  return stepUntilDone(deliveryId, caller, x, (delivery) => {
    if (delivery.state === 'cancelled') throw new TrucError('delivery.cancelled', { deliveryId });
    return fetched(delivery, x.clock.now());
  });
}

/**
 * The recipient's final word on a delivery. The same word again changes nothing.
 * @param sha256 what the recipient computed over the content, or null
 * @throws TrucError `exchange.digest-mismatch`, `delivery.already-acknowledged`, `delivery.cancelled`, `delivery.unknown`
 */
export async function acknowledge(
  deliveryId: string,
  ack: Acknowledgement & { sha256: string | null },
  caller: Caller,
  x: Stations,
): Promise<Delivery> {
  const confirmed = ack.sha256 !== null;
  const after = await stepUntilDone(
    deliveryId,
    caller,
    x,
    (delivery) => {
      if (ack.sha256 !== null && !equalBytes(Buffer.from(ack.sha256), Buffer.from(delivery.sha256))) {
        throw new TrucError('exchange.digest-mismatch', { deliveryId, expected: delivery.sha256 });
      }
      return acknowledged(delivery, ack, x.clock.now(), x.random());
    },
    { digestConfirmed: confirmed },
  );
  if (after.state === 'failed') await tellSender(after, x);
  return after;
}

/** Lengthens (`until`, milliseconds UTC) or gives back (null) a lease. */
export async function changeLease(
  deliveryId: string,
  until: number | null,
  caller: Caller,
  x: Stations,
): Promise<Delivery> {
  const delivery = await ownDelivery(deliveryId, caller, x);
  const next = releaseOrExtend(delivery, until, x.clock.now());
  if (!(await x.deliveries.replace(next, [])))
    throw new TrucError('delivery.changed-meanwhile', { deliveryId });
  if (until === null) x.queue.wake([delivery.recipientId]);
  return next;
}

const RACES = 5;

/** Takes one step on a delivery, again when somebody else moved it in between. */
async function stepUntilDone(
  deliveryId: string,
  caller: Caller,
  x: Stations,
  step: (delivery: Delivery) => Step | null,
  facts: Record<string, boolean> = {},
): Promise<Delivery> {
  for (let round = 0; round < RACES; round++) {
    const delivery = await ownDelivery(deliveryId, caller, x);
    const taken = step(delivery);
    if (!taken) {
      await recordPending(delivery.documentId, x);
      return delivery;
    }
    if (await applyStep(delivery, taken, x, facts)) return taken.next;
    await sleep(5 * round);
  }
  throw new TrucError('delivery.changed-meanwhile', { deliveryId });
}

/** Stores a step with its event, then puts the event on record. @returns false when the delivery moved meanwhile */
export async function applyStep(
  delivery: Delivery,
  step: Step,
  x: Stations,
  facts: Record<string, boolean | string> = {},
): Promise<boolean> {
  const events = step.event === null ? [] : [await eventOf(delivery, step, x, facts)];
  if (!(await x.deliveries.replace(step.next, events))) return false;
  if (events.length > 0) await putOnRecord(events, x);
  if (step.next.state === 'done' || step.next.state === 'failed') x.queue.wake([delivery.recipientId]);
  return true;
}

/** Steps that one delivery can take more than once. */
const REPEATABLE: readonly Step['event'][] = ['delivery.failed', 'delivery.retried'];

async function eventOf(
  delivery: Delivery,
  step: Step,
  x: Stations,
  facts: Record<string, boolean | string>,
): Promise<PendingEvent> {
  const subject = await subjectOf(delivery.documentId, x);
  return pendingEvent(
    subject,
    {
      type: step.event as NonNullable<Step['event']>,
      actorId: delivery.recipientId,
      recipientId: delivery.recipientId,
      facts: {
        recipient: delivery.recipientCode,
        delivery: delivery.deliveryId,
        kind: delivery.kind,
        sha256: delivery.sha256,
        ...(step.event === 'delivery.failed'
          ? { reason: step.next.failure ?? '', final: step.next.state === 'failed' }
          : {}),
        ...facts,
      },
      distinct: `${delivery.deliveryId}|${REPEATABLE.includes(step.event) ? step.next.revision : ''}`,
    },
    x.clock.now(),
  );
}

/** Whose chain events of a document go to. @throws TrucError `document.destroyed` once its key is gone */
export async function subjectOf(documentId: string, x: Stations): Promise<Subject> {
  const document = await x.documents.get(documentId);
  if (!document) throw new TrucError('document.unknown', { documentId });
  if (document.ledgerKey === null) throw new TrucError('document.destroyed', { documentId });
  return { id: documentId, ledgerDoc: document.ledgerDoc, ledgerKey: document.ledgerKey };
}

/** A dead letter is told to the sender by a notice in its inbox; a failed notice or status tells nobody. */
export async function tellSender(delivery: Delivery, x: Stations): Promise<void> {
  if (delivery.kind !== 'document') return;
  await planNotice(
    {
      subject: `failed|${delivery.deliveryId}|${delivery.revision}`,
      body: {
        notice: 'delivery.failed',
        documentId: delivery.documentId,
        recipient: delivery.recipientCode,
        reason: delivery.failure,
        at: delivery.updatedAt,
      },
      documentId: delivery.documentId,
      priority: delivery.priority,
      sender: { id: delivery.recipientId, code: delivery.recipientCode },
      recipient: { id: delivery.senderId, code: delivery.senderCode },
    },
    x,
  );
}
