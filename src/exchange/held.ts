import type { DocumentRecord, PendingEvent } from '../document/index.ts';
import { isoTime, isTrucError, TrucError } from '../kernel/index.ts';
import { deliver } from './deliver.ts';
import { subjectOf } from './inbox.ts';
import { planNotice } from './notices.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import { queued } from './register.ts';
import type { Stations } from './stations.ts';

export interface HoldDecision {
  outcome: 'release' | 'refuse';
  /** Told to the sender, and committed to in the ledger. */
  reason: string;
  /** `review`: a later judgement came to an end. */
  by: 'operator' | 'deadline' | 'review';
}

/** A document may wait so long for a decision; then it is refused and its sender told. */
const LONGEST_HOLD_MS = 24 * 3_600_000;

const BATCH = 200;

/**
 * Releases or refuses a held document. Exactly one of several concurrent decisions counts.
 * @returns the document after the decision
 * @throws TrucError `document.unknown`, `exchange.not-held` when it is decided already
 */
export async function decideHeld(
  documentId: string,
  decision: HoldDecision,
  x: Stations,
): Promise<DocumentRecord> {
  const document = await x.documents.get(documentId);
  if (!document || document.state === 'received') throw new TrucError('document.unknown', { documentId });
  const events = await decisionEvents(document, decision, x);
  const to = decision.outcome === 'release' ? 'released' : 'refused';
  const moved = await x.documents.change({ documentId, from: ['held'], to, events });
  if (!moved) throw new TrucError('exchange.not-held', { documentId, state: document.state });
  if (decision.outcome === 'release') await finishRelease(document, x);
  else await finishRefusal(events, x);
  return (await x.documents.get(documentId)) as DocumentRecord;
}

async function decisionEvents(
  document: DocumentRecord,
  { outcome, reason, by }: HoldDecision,
  x: Stations,
): Promise<PendingEvent[]> {
  const subject = await subjectOf(document.documentId, x);
  const happening = { actorId: null, recipientId: null, facts: { reason, by }, distinct: 'held' };
  const now = x.clock.now();
  if (outcome === 'refuse') return [pendingEvent(subject, { ...happening, type: 'document.refused' }, now)];
  return [
    pendingEvent(subject, { ...happening, type: 'document.released' }, now),
    pendingEvent(subject, queued(document), now),
  ];
}

/** Carries a released document to its recipients; recovery calls it again after a crash. */
export async function finishRelease(document: DocumentRecord, x: Stations): Promise<DocumentRecord> {
  const { documentId } = document;
  const unrecorded = (await x.events.of(documentId)).filter((event) => event.place === null);
  if (unrecorded.length > 0) await putOnRecord(unrecorded, x);
  await deliver(document, x);
  await x.documents.change({
    documentId,
    from: ['released'],
    to: 'accepted',
    acceptedAt: isoTime(x.clock.now()),
    events: [],
  });
  x.queue.wake(document.recipients.map((line) => line.agencyId));
  return (await x.documents.get(documentId)) as DocumentRecord;
}

async function finishRefusal(events: readonly PendingEvent[], x: Stations): Promise<void> {
  for (const event of events) await tellOfRefusal(event, x);
  await putOnRecord(events, x);
}

/**
 * Tells the sender of a held document that it was refused. The entry follows the notice: until it is recorded, recovery
 * finds it and tells again. A refusal of something that was never a document tells nobody.
 */
export async function tellOfRefusal(refusal: PendingEvent, x: Stations): Promise<void> {
  const document = await x.documents.get(refusal.subjectId);
  if (document?.state !== 'refused') return;
  const { documentId, key, senderCode } = document;
  await planNotice(
    {
      subject: `held|${documentId}`,
      body: { notice: 'document.refused', documentId, reason: refusal.facts.reason ?? null, at: refusal.at },
      documentId,
      priority: document.priority,
      sender: { id: key.senderId, code: x.axisCode },
      recipient: { id: key.senderId, code: senderCode },
    },
    x,
  );
}

/** Refuses what nobody decided in time. @returns how many */
export async function expireHeld(x: Stations): Promise<number> {
  const before = isoTime(x.clock.now() - LONGEST_HOLD_MS);
  const waiting = await x.documents.waiting('held', before, BATCH);
  let expired = 0;
  for (const { documentId } of waiting) if (await refuseInTime(documentId, x)) expired++;
  return expired;
}

/** @returns false when somebody decided in between */
async function refuseInTime(documentId: string, x: Stations): Promise<boolean> {
  try {
    await decideHeld(
      documentId,
      { outcome: 'refuse', reason: 'no decision within 24 hours', by: 'deadline' },
      x,
    );
    return true;
  } catch (error) {
    if (isTrucError(error, 'exchange.not-held')) return false;
    throw error;
  }
}
