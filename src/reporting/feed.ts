import { pendingEvent, putOnRecord, type Stations } from '../exchange/index.ts';
import { INDICATORS } from './indicators.ts';
import type { Month } from './month.ts';
import { type Publication, publicationSubject, publicationsOf } from './publication.ts';

/** Brings a message to the command centre. @returns null when it took it, else why not and when to come again */
export type FeedCourier = (
  id: string,
  body: Buffer,
) => Promise<{ reason: string; retryAfterMs: number | null } | null>;

/** Names the message of a version: receivers know a repeat by it. */
export function feedId({ period, version }: Pick<Publication, 'period' | 'version'>): string {
  return `figures-${period}-v${version}`;
}

/** What the command centre is told of a version: all its indicators, and what the version before said where it differs. */
export function feedBody(publication: Publication, before: Publication | undefined): object {
  const { indicators, set, period, version, reason, note, source, at, index } = publication;
  const told = new Map(before?.indicators.map((one) => [`${one.code} ${one.scope} ${one.key}`, one.value]));
  return {
    ...{ type: 'figures.published', set, period, version, reason, note, at, index, source },
    indicators: indicators.map((one) => {
      const previous = told.get(`${one.code} ${one.scope} ${one.key}`);
      const restated = before !== undefined && previous !== one.value;
      return { ...one, unit: INDICATORS[one.code].unit, ...(restated ? { previous: previous ?? null } : {}) };
    }),
  };
}

/**
 * Sends every version of these months that was not taken yet, the oldest first; stops at the first that is not taken.
 * One node at a time: see the worker. What was taken is an entry, so that nobody sends it again.
 */
export async function pushDue(
  periods: readonly Month[],
  courier: FeedCourier,
  x: Pick<Stations, 'events' | 'ledger' | 'clock'>,
): Promise<{ sent: number; failed: Awaited<ReturnType<FeedCourier>> }> {
  let sent = 0;
  for (const period of [...periods].sort()) {
    const subject = publicationSubject(period);
    const versions = (await publicationsOf(period, x)).filter((one) => one.index !== null);
    const events = await x.events.of(subject.id);
    const taken = new Set(
      events.filter((one) => one.type === 'figures.pushed').map((one) => one.facts.version),
    );
    for (const [i, publication] of versions.entries()) {
      const { version } = publication;
      if (taken.has(version)) continue;
      const body = Buffer.from(JSON.stringify(feedBody(publication, versions[i - 1])));
      const failed = await courier(feedId(publication), body);
      if (failed) return { sent, failed };
      const happening = { type: 'figures.pushed', actorId: null, recipientId: null } as const;
      const event = pendingEvent(
        subject,
        { ...happening, facts: { period, version }, distinct: String(version) },
        x.clock.now(),
      );
      await x.events.append([event]);
      await putOnRecord([event], x);
      sent++;
    }
  }
  return { sent, failed: null };
}
