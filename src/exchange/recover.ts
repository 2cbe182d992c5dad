import { deliveryIdOf, failedAttempt } from '../delivery/index.ts';
import { isoTime } from '../kernel/index.ts';
import { finishRelease, tellOfRefusal } from './held.ts';
import { applyStep, tellSender } from './inbox.ts';
import { finish } from './journey.ts';
import { putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

const BATCH = 200;

export interface Recovered {
  /** Documents carried to their end. */
  documents: number;
  /** Events that had not reached the ledger. */
  events: number;
}

/**
 * Finishes what a crash left between two stations, with the same code as the happy path. Safe at any time: documents
 * and events younger than `graceMs` are left to the request that works on them.
 */
export async function recover(x: Stations, graceMs: number): Promise<Recovered> {
  const before = isoTime(x.clock.now() - graceMs);
  const unfinished = await x.documents.waiting('unfinished', before, BATCH);
  await Promise.all(
    unfinished.map((record) =>
      x.oncePerDocument(record.documentId, () =>
        record.state === 'released' ? finishRelease(record, x) : finish(record, x),
      ),
    ),
  );
  const events = (await x.events.pending(BATCH)).filter((event) => event.at <= before);
  for (const event of events.filter((one) => one.type === 'document.refused')) await tellOfRefusal(event, x);
  if (events.length > 0) await putOnRecord(events, x);
  return { documents: unfinished.length, events: events.length };
}

/** Plans the notices of all dead letters again; the ones that exist stay as they are. @returns how many were missing */
export async function repairNotices(x: Stations): Promise<number> {
  let told = 0;
  let after = '';
  for (;;) {
    const failed = await x.deliveries.list({ state: 'failed', after, limit: BATCH });
    for (const delivery of failed.filter((one) => one.kind === 'document')) {
      const noticeId = deliveryIdOf(
        'notice',
        `failed|${delivery.deliveryId}|${delivery.revision}`,
        delivery.senderId,
      );
      if (await x.deliveries.get(noticeId)) continue;
      await tellSender(delivery, x);
      told++;
    }
    if (failed.length < BATCH) return told;
    after = (failed.at(-1) as { deliveryId: string }).deliveryId;
  }
}

/** Deliveries whose transport deadline passed become dead letters: still fetchable, never deleted. */
export async function expireDeliveries(x: Stations): Promise<number> {
  const now = x.clock.now();
  let expired = 0;
  for (const delivery of await x.deliveries.list({ overdueAt: isoTime(now), limit: BATCH })) {
    const step = failedAttempt(
      delivery,
      { failure: 'contract', reason: 'deadline-passed', retryAfterMs: null },
      now,
      0.5,
    );
    if (!(await applyStep(delivery, step, x))) continue;
    await tellSender(step.next, x);
    expired++;
  }
  return expired;
}
