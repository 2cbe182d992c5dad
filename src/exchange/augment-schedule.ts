import type { AugmentationWalk, DocumentRecord, ScheduledAugmentation } from '../document/index.ts';
import { idsUntil, isoTime } from '../kernel/index.ts';
import { type Draft, latestOf } from '../signing/index.ts';
import type { Stations } from './stations.ts';

type Wanted = Pick<ScheduledAugmentation, 'subjectId' | 'kind'>;

const HOUR = 3_600_000;
/** What was registered so lately may not be there for every reader yet. */
const GRACE_MS = 60_000;
/** Ids are made by the nodes' own clocks, which may be apart; what is met twice stays as it is. */
const OVERLAP_MS = 24 * HOUR;
const WALK_EVERY_MS = HOUR;
const PAGE = 500;

/** The name of a version in the schedule: each signed one has its own time. */
export function draftSubject({ documentId }: Pick<Draft, 'documentId'>, version: number): Wanted {
  return { subjectId: `${documentId}|${version}`, kind: 'draft' };
}

/** Wants a version of a draft looked at once it is old enough. */
export async function scheduleVersion(
  draft: Pick<Draft, 'documentId'>,
  version: number,
  x: Stations,
): Promise<void> {
  const { level, after } = x.verification().policy.augmentation.value;
  if (level === 'none') return;
  await x.augmentationSchedule.open([draftSubject(draft, version)], isoTime(x.clock.now() + after));
}

/**
 * Puts the documents and drafts into the schedule that have become old enough since the last walk; the first one meets all.
 * Accepting a document writes nothing for it, and a lost schedule fills itself again. Broken off, it is done again.
 */
export async function fillSchedule(x: Stations, signal: AbortSignal): Promise<void> {
  const until = await oldEnoughUntil(x);
  await walk('documents', documentsBetween, until, x, signal);
  await walk('drafts', draftsBetween, until, x, signal);
}

/** Up to the first document that is not accepted yet, so that none is passed over. Milliseconds UTC. */
async function oldEnoughUntil(x: Stations): Promise<number> {
  const now = x.clock.now();
  const { after } = x.verification().policy.augmentation.value;
  const [unfinished] = await x.documents.waiting('unfinished', isoTime(now), 1);
  const oldest = unfinished ? Date.parse(unfinished.receivedAt) - GRACE_MS : now;
  return Math.min(now - Math.max(after, GRACE_MS), oldest);
}

type Pages = (from: number, until: number, x: Stations) => AsyncGenerator<Wanted[]>;

async function walk(
  name: AugmentationWalk,
  pages: Pages,
  until: number,
  x: Stations,
  signal: AbortSignal,
): Promise<void> {
  const mark = await x.augmentationSchedule.mark(name);
  const from = mark === '' ? Number.NEGATIVE_INFINITY : Date.parse(mark);
  if (until - from < WALK_EVERY_MS) return;
  for await (const wanted of pages(from - OVERLAP_MS, until, x)) {
    if (signal.aborted) return;
    if (wanted.length > 0) await x.augmentationSchedule.open(wanted, isoTime(x.clock.now()));
  }
  await x.augmentationSchedule.moveMark(name, isoTime(until));
}

/** From the newest that is old enough back to those that the last walk met. */
async function* documentsBetween(from: number, until: number, x: Stations): AsyncGenerator<Wanted[]> {
  for (let after = idsUntil(until + OVERLAP_MS); ; ) {
    const page = await x.documents.list({ agencyIds: null, direction: 'sent', after, limit: PAGE });
    const timed = page.map((record) => ({ record, at: Date.parse(record.receivedAt) }));
    yield timed
      .filter(({ record, at }) => at >= from && at <= until && isSigned(record))
      .map(({ record }) => ({ subjectId: record.documentId, kind: 'document' as const }));
    if (page.length < PAGE || timed.every(({ at }) => at < from)) return;
    after = (page.at(-1) as DocumentRecord).documentId;
  }
}

/** Its report is not parsed for this. One without signatures says `NO_SIGNATURE` only. */
function isSigned({ report }: DocumentRecord): boolean {
  return report.includes('"TOTAL_PASSED"') || report.includes('"INDETERMINATE"');
}

async function* draftsBetween(from: number, until: number, x: Stations): AsyncGenerator<Wanted[]> {
  for (let after = from < 0 ? '' : idsUntil(from); ; ) {
    const page = await x.drafts.list({ after, limit: PAGE });
    yield page
      .map((draft) => ({ draft, latest: latestOf(draft) }))
      .filter(({ latest }) => latest.step.kind === 'signed' && Date.parse(latest.at) <= until)
      .map(({ draft, latest }) => draftSubject(draft, latest.version));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.documentId;
  }
}
