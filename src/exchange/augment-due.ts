import type { DocumentRecord, ScheduledAugmentation } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import { isoTime, isTrucError } from '../kernel/index.ts';
import { type Draft, latestOf } from '../signing/index.ts';
import { fillSchedule } from './augment-schedule.ts';
import { type AugmentedPlace, placeOfAttachment, placeOfVersion } from './augmented-files.ts';
import { keepProvable } from './keep-provable.ts';
import type { Stations } from './stations.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** People who sign wait for the same authority, of which no more than four things may be asked at once. */
const AT_ONCE = 2;
/** Longer than two time-stamps by slow authorities take. */
const CLAIM_MS = 30 * MINUTE;
const SOON_MS = 10 * MINUTE;
const LONGEST_PAUSE_MS = DAY;
/** After a month of tries, what cannot be judged to the end is left as it is. */
const MOST_TRIES = 38;

/** What ends a round: asking others would only wait for the same authority. */
const AWAY = 'signing.timestamp-unavailable';
/** There is nothing left that could be augmented. */
const GONE: readonly string[] = ['document.content-expired', 'document.destroyed'];

export interface AugmentationRound {
  /** New files. */
  made: number;
  failed: number;
  /** No time-stamp was to be had. */
  away: boolean;
}

export interface AugmentationOptions {
  /** Ends the round after what is in hand, and the waits for time-stamps at once. */
  signal: AbortSignal;
  /** Asked before each step: false when another node does this work now. */
  mine?(): Promise<boolean>;
}

/**
 * Brings the signatures of stored documents and drafts to the level that the policy names, and keeps them there: a new
 * time-stamp before the last one ends. What fails comes again later, for as long as there is something to keep.
 * Every step may be repeated after a crash.
 */
export async function augmentDue(
  x: Stations,
  { signal, mine = async () => true }: AugmentationOptions,
): Promise<AugmentationRound> {
  const round: AugmentationRound = { made: 0, failed: 0, away: false };
  if (x.verification().policy.augmentation.value.level === 'none' || !x.signing.timestamp) return round;
  if (!(await mine())) return round;
  await fillSchedule(x, signal);
  while (!round.away && !signal.aborted && (await mine())) {
    const now = x.clock.now();
    const times = { now: isoTime(now), until: isoTime(now + CLAIM_MS), limit: AT_ONCE };
    const claimed = await x.augmentationSchedule.claim(times);
    if (claimed.length === 0) break;
    const outcomes = await Promise.all(claimed.map((one) => augmentSubject(one, signal, x)));
    for (const { made, failure } of outcomes) {
      round.made += made;
      if (failure !== null) round.failed++;
      round.away ||= failure === AWAY;
    }
  }
  return round;
}

interface Outcome {
  made: number;
  failure: string | null;
  /** Milliseconds UTC; null: no more. */
  next: number | null;
}

const DONE: Outcome = { made: 0, failure: null, next: null };

/** Whatever is wrong with one must not keep the others waiting. */
async function augmentSubject(
  scheduled: ScheduledAugmentation,
  signal: AbortSignal,
  x: Stations,
): Promise<Outcome> {
  const { subjectId, kind, tries } = scheduled;
  const outcome = await attempt(
    () => (kind === 'document' ? careForDocument(subjectId, signal, x) : careForDraft(subjectId, signal, x)),
    subjectId,
    x,
  );
  // Somebody told us to end: it is due as soon as anybody is there again.
  const stopped = signal.aborted && outcome.failure !== null;
  const next = outcome.failure === null || stopped ? outcome.next : nextTry(outcome, tries, x);
  await x.augmentationSchedule.settle({
    subjectId,
    dueAt: stopped ? isoTime(x.clock.now()) : next === null ? null : isoTime(next),
    tries: stopped ? tries : outcome.failure === null ? 0 : tries + 1,
    failure: stopped ? null : outcome.failure,
  });
  return outcome;
}

/** Pauses double up to an hour where the authority is away, and up to a day where data are missing; ± 10 %. */
function nextTry({ failure, next }: Outcome, tries: number, x: Stations): number | null {
  if (failure === 'signing.not-augmentable' && tries >= MOST_TRIES) return next;
  const [first, longest] = failure === AWAY ? [MINUTE, 60 * MINUTE] : [SOON_MS, LONGEST_PAUSE_MS];
  const pause = Math.min(longest, first * 2 ** Math.min(tries, 12)) * (0.9 + 0.2 * x.random());
  const again = x.clock.now() + Math.round(pause);
  return next === null ? again : Math.min(next, again);
}

async function attempt(work: () => Promise<Outcome>, subjectId: string, x: Stations): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (isTrucError(error)) return GONE.includes(error.code) ? DONE : { ...DONE, failure: error.code };
    x.log.error({ subjectId, error: String(error) }, 'signatures cannot be augmented');
    return { ...DONE, failure: 'unexpected' };
  }
}

async function careForDocument(documentId: string, signal: AbortSignal, x: Stations): Promise<Outcome> {
  const document = await x.documents.get(documentId);
  if (document && ['received', 'held', 'released'].includes(document.state))
    return { ...DONE, next: x.clock.now() + SOON_MS };
  if (document?.state !== 'accepted' || document.original === null || document.ledgerKey === null)
    return DONE;
  const message = readEdxml(await x.blobs.read(document.original), x.limits);
  const files = message.kind === 'document' ? message.attachments : [];
  const outcomes: Outcome[] = [];
  for (const [i, { bytes }] of files.entries())
    outcomes.push(await careForFile(placeOfAttachment(document as DocumentRecord, i), bytes, signal, x));
  return together(outcomes);
}

/** A version, as long as it is the newest: what came of it later has its own time. */
async function careForDraft(subjectId: string, signal: AbortSignal, x: Stations): Promise<Outcome> {
  const [documentId = '', version] = subjectId.split('|');
  const draft = await x.drafts.get(documentId);
  const latest = draft && latestOf(draft);
  if (latest?.step.kind !== 'signed' || latest.version !== Number(version)) return DONE;
  const place = placeOfVersion(draft as Draft, latest);
  return careForFile(place, await x.blobs.read(latest.content), signal, x);
}

function careForFile(
  place: AugmentedPlace,
  bytes: Buffer,
  signal: AbortSignal,
  x: Stations,
): Promise<Outcome> {
  return attempt(
    async () => ({ ...(await keepProvable(place, bytes, x, signal)), failure: null }),
    place.subject.id,
    x,
  );
}

/** One that failed brings all again, which finds the others done. */
function together(outcomes: readonly Outcome[]): Outcome {
  const times = outcomes.flatMap(({ next }) => (next === null ? [] : [next]));
  return {
    made: outcomes.reduce((sum, { made }) => sum + made, 0),
    failure: outcomes.find(({ failure }) => failure !== null)?.failure ?? null,
    next: times.length > 0 ? Math.min(...times) : null,
  };
}
