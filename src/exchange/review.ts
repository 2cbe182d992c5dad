import type { DocumentRecord, LaterVerdict, Review } from '../document/index.ts';
import { isoTime, isTrucError, sha256Hex } from '../kernel/index.ts';
import { mayChangeLater } from '../verification/index.ts';
import { decideHeld } from './held.ts';
import { subjectOf } from './inbox.ts';
import { type DocumentReport, judgeAgain } from './judge.ts';
import { planNotice } from './notices.ts';
import { openToRecipients } from './parties.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

const MINUTE = 60_000;
/** The first retries come with the answers that were just asked for; later ones wait for authorities and operators. */
const LONGEST_PAUSE_MS = 60 * MINUTE;
/** An authority that publishes nothing for a month is not heard from again by waiting. */
const LONGEST_REVIEW_MS = 30 * 86_400_000;
const CLAIM_MS = 5 * MINUTE;
const BATCH = 200;

/** Files that cannot be judged to the end for want of data that may come: their document is judged again. */
function isUndecided(report: DocumentReport): boolean {
  return report.attachments.some(mayChangeLater);
}

/** Puts a document on the list of those to be judged again, where that may help. Safe to repeat. */
export async function openReview(record: DocumentRecord, x: Stations): Promise<void> {
  // Nearly every document is decided: its report is not parsed for this.
  if (!record.report.includes('"INDETERMINATE"') || !isUndecided(parsed(record.report))) return;
  const openedAt = record.receivedAt;
  await x.reviews.open(record.documentId, openedAt, isoTime(Date.parse(openedAt) + MINUTE));
}

/**
 * Judges again what is due. Every step may be repeated after a crash: a verdict is numbered and kept before anybody is
 * told, and what is kept and not told is told first.
 * @param newData other trust or revocation data than at the last call are there: what is not due yet comes too
 * @returns how many documents have another verdict now
 */
export async function reviewDue(x: Stations, newData: boolean): Promise<number> {
  const now = x.clock.now();
  const claimed = await x.reviews.claim({
    now: isoTime(newData ? now + 2 * LONGEST_PAUSE_MS : now),
    until: isoTime(now + CLAIM_MS),
    limit: BATCH,
  });
  let changed = 0;
  for (const review of claimed) if (await reviewSafely(review, x)) changed++;
  return changed;
}

/** A document whose content cannot be had just now must not keep the others waiting. */
async function reviewSafely(review: Review, x: Stations): Promise<boolean> {
  const { documentId, tries, announced } = review;
  try {
    return await reviewOne(review, x);
  } catch (error) {
    x.log.error({ documentId, error: String(error) }, 'document cannot be judged again');
    await x.reviews.settle(documentId, { dueAt: nextTry(review, x), tries: tries + 1, announced });
    return false;
  }
}

/** @returns true when the verdict is another one */
async function reviewOne(review: Review, x: Stations): Promise<boolean> {
  const { documentId, tries, announced } = review;
  const document = await x.documents.get(documentId);
  if (document?.state === 'received' || document?.state === 'released') {
    const dueAt = isoTime(x.clock.now() + MINUTE);
    await x.reviews.settle(documentId, { dueAt, tries, announced });
    return false;
  }
  if (!document || !isOpen(document)) {
    await x.reviews.settle(documentId, { dueAt: null, tries, announced });
    return false;
  }
  const told = await announce(document, review, x);
  const report = await judgeAgain(document, x);
  const changed = verdictKey(report) !== verdictKey(latestReport(document, told));
  const after = changed ? await announce(document, await kept(document, told, report, x), x) : told;
  const dueAt = isUndecided(report) ? nextTry(review, x) : null;
  await x.reviews.settle(documentId, { dueAt, tries: tries + 1, announced: after.announced });
  return changed;
}

function isOpen({ state, original, ledgerKey }: DocumentRecord): boolean {
  return (state === 'accepted' || state === 'held') && original !== null && ledgerKey !== null;
}

/** In between pauses double up to an hour; after a month the last verdict stays. */
function nextTry({ openedAt, tries }: Review, x: Stations): string | null {
  const now = x.clock.now();
  if (now - Date.parse(openedAt) > LONGEST_REVIEW_MS) return null;
  const pause = Math.min(LONGEST_PAUSE_MS, MINUTE * 2 ** Math.min(tries, 10));
  return isoTime(now + Math.round(pause * (0.9 + 0.2 * x.random())));
}

/** Of several nodes that judge at one moment one keeps its verdict, and all tell that one. */
async function kept(
  { documentId }: DocumentRecord,
  review: Review,
  report: DocumentReport,
  x: Stations,
): Promise<Review> {
  const verdict: LaterVerdict = {
    number: review.verdicts.length + 1,
    at: isoTime(x.clock.now()),
    indication: report.indication,
    legalValue: report.legalValue,
    report: JSON.stringify(report),
  };
  if (await x.reviews.add(documentId, verdict)) return { ...review, verdicts: [...review.verdicts, verdict] };
  return (await x.reviews.get(documentId)) ?? review;
}

/** Records and tells the verdicts that are not announced yet, in their order. @returns the review with all announced */
async function announce(document: DocumentRecord, review: Review, x: Stations): Promise<Review> {
  for (const verdict of review.verdicts.slice(review.announced)) {
    const before = review.verdicts[verdict.number - 2] ?? document;
    const event = pendingEvent(
      await subjectOf(document.documentId, x),
      {
        type: 'signature.reverified',
        actorId: null,
        recipientId: null,
        facts: {
          number: verdict.number,
          indication: verdict.indication,
          previous: before.indication,
          legalValue: verdict.legalValue,
          reportSha256: sha256Hex(verdict.report),
        },
        distinct: String(verdict.number),
      },
      Date.parse(verdict.at),
    );
    await x.events.append([event]);
    await putOnRecord([event], x);
    await tellParties(document, verdict, before.indication, x);
    await decideByVerdict(document, verdict, x);
  }
  return { ...review, announced: review.verdicts.length };
}

async function tellParties(
  document: DocumentRecord,
  verdict: LaterVerdict,
  previous: string,
  x: Stations,
): Promise<void> {
  const { documentId, key, senderCode, priority, recipients } = document;
  const open = await openToRecipients(document, x);
  const told = new Map([[key.senderId, senderCode]]);
  if (open) for (const { agencyId, code } of recipients) told.set(agencyId, code);
  const { number, at, indication, legalValue } = verdict;
  for (const [id, code] of told) {
    const notice = {
      subject: `reverified|${documentId}|${number}`,
      body: { notice: 'signature.reverified', documentId, number, indication, previous, legalValue, at },
    };
    const sender = { id: key.senderId, code: x.axisCode };
    await planNotice({ ...notice, documentId, priority, sender, recipient: { id, code } }, x);
  }
}

/** A held document waits for just this. An operator who was faster has decided. */
async function decideByVerdict(
  { documentId, state }: DocumentRecord,
  { indication }: LaterVerdict,
  x: Stations,
): Promise<void> {
  if (state !== 'held' || indication === 'INDETERMINATE') return;
  const outcome = indication === 'TOTAL_FAILED' ? 'refuse' : 'release';
  try {
    await decideHeld(documentId, { outcome, reason: `later verdict ${indication}`, by: 'review' }, x);
  } catch (error) {
    if (!isTrucError(error, 'exchange.not-held')) throw error;
  }
}

function latestReport(document: DocumentRecord, { verdicts }: Review): DocumentReport {
  return parsed(verdicts.at(-1)?.report ?? document.report);
}

function parsed(report: string): DocumentReport {
  return JSON.parse(report) as DocumentReport;
}

/** What makes a verdict another one: results and reasons by the standard's words, and what they mean in law. */
function verdictKey({ legalValue, attachments }: DocumentReport): string {
  const files = attachments.map(({ indication, signatures }) => [
    indication,
    signatures.map((one) => [one.indication, one.subIndication]),
  ]);
  return JSON.stringify([legalValue, files]);
}
