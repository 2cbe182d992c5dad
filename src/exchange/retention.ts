import { type ContentPeriod, type RecordedEvent, type StoredPeriod, yearsAfter } from '../document/index.ts';
import { isoTime, TrucError } from '../kernel/index.ts';
import { pendingEvent, publicSubject, putOnRecord, recordPending, type Subject } from './record.ts';
import type { Stations } from './stations.ts';

/** Content of one quarter and how long it is kept. */
export interface RetainedPeriod {
  period: ContentPeriod;
  state: 'kept' | 'expired' | 'dropped';
  /** RFC 3339 UTC: from then on it may be dropped. */
  keptUntil: string;
  /** Where the ledger says that it was dropped; null where it does not. */
  ledgerIndex: number | null;
}

/** All periods that have or had content, oldest first. */
export async function listPeriods(x: Stations): Promise<RetainedPeriod[]> {
  return Promise.all((await x.blobs.periods()).map((stored) => viewOf(stored, x)));
}

/**
 * Destroys the content of a period whose time is over: bytes as sent, of documents and of messages. Receipts, entries,
 * reports and the rest of the rows stay. The ledger says so first, so that there is no gap without a reason; what broke
 * off is finished by asking again.
 * @throws TrucError `exchange.period-unknown`, `exchange.content-kept`
 */
export async function dropContent(period: ContentPeriod, x: Stations): Promise<RetainedPeriod> {
  const stored = (await x.blobs.periods()).find((one) => one.period === period);
  if (!stored) throw new TrucError('exchange.period-unknown', { period });
  const { state, keptUntil } = await viewOf(stored, x);
  if (state === 'kept') throw new TrucError('exchange.content-kept', { period, keptUntil });
  await recordDrop(period, x);
  await x.blobs.dropPeriod(period);
  return viewOf({ period, dropped: true }, x);
}

async function recordDrop(period: ContentPeriod, x: Stations): Promise<void> {
  const subject = subjectOf(period);
  await recordPending(subject.id, x);
  if (await dropEvent(period, x)) return;
  const event = pendingEvent(
    subject,
    {
      type: 'content.expired',
      actorId: null,
      recipientId: null,
      facts: { period, keptYears: x.contentYears, by: 'operator' },
      distinct: '',
    },
    x.clock.now(),
  );
  await x.events.append([event]);
  await putOnRecord([event], x);
}

async function viewOf({ period, dropped }: StoredPeriod, x: Stations): Promise<RetainedPeriod> {
  const end = yearsAfter(period, x.contentYears);
  const event = await dropEvent(period, x);
  const over = x.clock.now() >= end;
  return {
    period,
    state: dropped ? 'dropped' : over ? 'expired' : 'kept',
    keptUntil: isoTime(end),
    ledgerIndex: event?.place?.index ?? null,
  };
}

async function dropEvent(period: ContentPeriod, x: Stations): Promise<RecordedEvent | undefined> {
  return (await x.events.of(subjectOf(period).id)).find((event) => event.type === 'content.expired');
}

/**
 * What the ledger calls a period. Id and key follow from its name and are no secret: that content of a quarter was
 * destroyed, when and by which rule, everybody may read in the log.
 */
export function subjectOf(period: ContentPeriod): Subject {
  return publicSubject(`content-${period}`, `content-period|${period}`);
}
