import { isoTime, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  type Draft,
  type DraftVersion,
  latestOf,
  type SigningErrorCode,
  stampNumber,
} from '../signing/index.ts';
import { verifyFile } from '../verification/index.ts';
import type { Caller } from './caller.ts';
import { draftFor } from './drafts.ts';
import { standingOf } from './preconditions.ts';
import { pendingEvent, recordPending } from './record.ts';
import type { Stations } from './stations.ts';
import { versionDiffers } from './tickets.ts';

/** Left end of a base line, in points from the first page's lower left. */
export interface Spot {
  x: number;
  y: number;
}

export interface NumberOrder {
  /** The version that gets the number. */
  sha256: string;
  number: number;
  /** Date of issue, `YYYY-MM-DD`. */
  date: string;
  /** Which of the agency's sequences of numbers, as it calls them; empty for its only one. */
  series: string;
  places: { number: Spot; date: Spot };
}

/**
 * Puts number and date of issue onto a document that the competent person has signed, without touching what was signed
 * (NĐ 30/2020 art. 13.7, 14, 15.3); committed to the ledger on return. A repeat with the same number and date changes nothing.
 * @throws TrucError `signing.document-unknown`, `signing.version-differs`, `signing.number-before-signature`,
 * `signing.number-there`, `signing.number-taken` when another document of that year and series has it, `signing.sealed-already`, `signing.result-not-passed`, `signing.text-not-drawable`
 */
export async function numberDraft(
  documentId: string,
  order: NumberOrder,
  caller: Caller,
  x: Stations,
): Promise<Draft> {
  const draft = await draftFor(documentId, caller, x);
  const latest = latestOf(draft);
  if (isRepeat(draft, order)) {
    await recordPending(documentId, x);
    return draft;
  }
  if (latest.sha256 !== order.sha256) throw versionDiffers(documentId, latest.sha256);
  const signed = await x.blobs.read(latest.content);
  await mayBeNumbered(draft, signed, x);
  const bytes = stampNumber({
    pdf: signed,
    number: { text: twoDigits(order.number), ...order.places.number, font: x.signing.fonts.regular },
    date: { text: dateInWords(order.date), ...order.places.date, font: x.signing.fonts.italic },
  });
  const report = verifyFile(bytes, x.verification());
  if (report.indication !== 'TOTAL_PASSED')
    throw new TrucError<SigningErrorCode>('signing.result-not-passed', {
      indication: report.indication,
      codes: report.signatures.flatMap((one) => one.errors),
    });
  return keepNumbered(draft, latest, order, bytes, x);
}

function isRepeat({ versions }: Draft, { sha256, number, date, series }: NumberOrder): boolean {
  const before = versions.findIndex((one) => one.sha256 === sha256);
  const step = versions[before + 1]?.step;
  return (
    before >= 0 &&
    step?.kind === 'numbered' &&
    step.number === twoDigits(number) &&
    step.date === date &&
    step.series === series
  );
}

async function mayBeNumbered(draft: Draft, bytes: Buffer, x: Stations): Promise<void> {
  const report = verifyFile(bytes, x.verification());
  const { approval, seal, numbered } = await standingOf(report, draft.agencyId, x);
  if (seal) throw new TrucError<SigningErrorCode>('signing.sealed-already');
  if (!approval || report.indication !== 'TOTAL_PASSED')
    throw new TrucError<SigningErrorCode>('signing.number-before-signature');
  if (numbered) throw new TrucError<SigningErrorCode>('signing.number-there');
}

async function keepNumbered(
  draft: Draft,
  latest: DraftVersion,
  { number, date, series }: NumberOrder,
  bytes: Buffer,
  x: Stations,
): Promise<Draft> {
  const [sha256, at, version] = [sha256Hex(bytes), x.clock.now(), latest.version + 1];
  const subject = { id: draft.documentId, ledgerDoc: draft.ledgerDoc, ledgerKey: draft.ledgerKey };
  const facts = {
    documentId: draft.documentId,
    version,
    previousSha256: latest.sha256,
    sha256,
    size: bytes.length,
    number: twoDigits(number),
    date,
    series,
  };
  const happening = { actorId: draft.agencyId, recipientId: null, facts, distinct: sha256 };
  const event = pendingEvent(subject, { type: 'draft.numbered', ...happening }, at);
  const numbered: DraftVersion = {
    version,
    sha256,
    size: bytes.length,
    content: await x.blobs.put({ sha256, bytes }),
    step: { kind: 'numbered', number: twoDigits(number), date, series },
    eventId: event.eventId,
    at: isoTime(at),
  };
  const extension = await x.drafts.extend(draft.documentId, numbered, event);
  if (extension === 'number-taken')
    throw new TrucError<SigningErrorCode>('signing.number-taken', {
      number: twoDigits(number),
      series,
      year: date.slice(0, 4),
    });
  const now = (await x.drafts.get(draft.documentId)) as Draft;
  if (extension === 'behind' && latestOf(now).sha256 !== sha256)
    throw versionDiffers(draft.documentId, latestOf(now).sha256);
  await recordPending(draft.documentId, x);
  return now;
}

/** Numbers below ten get a zero before them (NĐ 30/2020, Appendix I, II.3). */
function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `05 tháng 02 năm 2026`: days below ten and the months 1 and 2 with a zero before them (Appendix I, II.4). */
function dateInWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`;
}
