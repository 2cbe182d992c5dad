import { secretMark } from '../intake/index.ts';
import { isoTime, newId, randomBytes, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  type Draft,
  type DraftFormat,
  type DraftVersion,
  latestOf,
  openPdf,
  type SigningErrorCode,
} from '../signing/index.ts';
import { receiptFor } from './answer.ts';
import { type Caller, speaksFor } from './caller.ts';
import { pendingEvent, putOnRecord, recordPending } from './record.ts';
import { refuse } from './refuse.ts';
import type { Stations } from './stations.ts';

export interface DraftUpload {
  bytes: Buffer;
  /** Code of the agency that issues the document; may be left out by a system that speaks for one agency only. */
  agency: string | null;
  /** The agency's own name for the document; a repeat under the same one is the same draft. */
  reference: string | null;
  title: string;
}

/**
 * Registers the version of a document that is to be signed first. On return it is committed to the ledger.
 * @returns the draft, and false where the agency had registered these bytes under this reference before
 * @throws TrucError `agency.unknown`, `intake.state-secret`, `signing.pdf-not-usable`, `signing.reference-taken` when other bytes lie under the reference
 */
export async function registerDraft(
  upload: DraftUpload,
  caller: Caller,
  x: Stations,
): Promise<{ draft: Draft; added: boolean }> {
  const agency = await issuingAgency(upload.agency, caller, x);
  const marked = { subject: upload.title, sphere: '', descriptions: [], attachmentNames: [] };
  const mark = secretMark(marked, x.secretMarks);
  if (mark) throw await refuse(new TrucError('intake.state-secret', { mark }), null, caller, x);
  const format = formatOf(upload.bytes);
  const [documentId, sha256, at] = [newId(), sha256Hex(upload.bytes), x.clock.now()];
  const subject = {
    id: documentId,
    ledgerDoc: newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
  };
  const facts = { documentId, agency: agency.code, version: 1, format, sha256, size: upload.bytes.length };
  const happening = { actorId: agency.id, recipientId: null, facts, distinct: '1' };
  const event = pendingEvent(subject, { type: 'draft.registered', ...happening }, at);
  const draft: Draft = {
    documentId,
    agencyId: agency.id,
    clientId: caller.clientId,
    reference: upload.reference ?? documentId,
    title: upload.title,
    format,
    ledgerDoc: subject.ledgerDoc,
    ledgerKey: subject.ledgerKey,
    versions: [
      {
        version: 1,
        sha256,
        size: upload.bytes.length,
        content: await x.blobs.put({ sha256, bytes: upload.bytes }),
        step: { kind: 'uploaded' },
        eventId: event.eventId,
        at: isoTime(at),
      },
    ],
  };
  const outcome = await x.drafts.add(draft, event);
  if (outcome.added) await putOnRecord([event], x);
  else await sameOrTaken(outcome.draft, sha256, x);
  return outcome;
}

/** A repeat gets its answer only when the first one's entry is there. */
async function sameOrTaken(known: Draft, sha256: string, x: Stations): Promise<void> {
  if (known.versions[0]?.sha256 !== sha256) {
    const facts = { reference: known.reference, documentId: known.documentId };
    throw new TrucError<SigningErrorCode>('signing.reference-taken', facts);
  }
  await recordPending(known.documentId, x);
}

/** @throws TrucError `agency.unknown` also for agencies that the caller does not speak for */
export async function issuingAgency(code: string | null, caller: Caller, x: Stations) {
  const [only, ...others] = caller.agencyIds;
  const named = code === null ? null : await x.agencies.resolve(code, x.clock.now());
  const alone = code === null && others.length === 0 && only ? await x.agencies.get(only) : null;
  const agency = named ?? alone;
  if (!agency || !speaksFor(caller, agency.id)) throw new TrucError('agency.unknown', { code: code ?? '' });
  return agency;
}

/** @throws TrucError `signing.pdf-not-usable` for a PDF to which nothing can be added */
function formatOf(bytes: Buffer): DraftFormat {
  const head = bytes.subarray(0, 1024).toString('latin1');
  if (head.includes('%PDF-')) {
    openPdf(bytes);
    return 'pdf';
  }
  return /^(\xef\xbb\xbf)?\s*</.test(head) ? 'xml' : 'data';
}

/** @throws TrucError `signing.document-unknown` also for drafts of other agencies */
export async function draftFor(documentId: string, caller: Caller, x: Stations): Promise<Draft> {
  const draft = await x.drafts.get(documentId);
  if (!draft || !speaksFor(caller, draft.agencyId)) throw unknownDraft(documentId);
  return draft;
}

export function unknownDraft(documentId: string): TrucError {
  return new TrucError<SigningErrorCode>('signing.document-unknown', { documentId });
}

/** A version by its number; the newest for null. @throws TrucError `signing.document-unknown` */
export function versionOf(draft: Draft, version: number | null): DraftVersion {
  const found = version === null ? latestOf(draft) : draft.versions[version - 1];
  if (!found) throw unknownDraft(draft.documentId);
  return found;
}

/** The receipt of the entry that recorded a version, under the checkpoint of this moment. */
export async function draftReceipt(draft: Draft, version: DraftVersion, x: Stations) {
  await recordPending(draft.documentId, x);
  const events = await x.events.of(draft.documentId);
  const event = events.find((one) => one.eventId === version.eventId);
  if (!event?.place) throw unknownDraft(draft.documentId);
  const { index } = event.place;
  const [entry, size] = await Promise.all([x.reader.entry(index), x.reader.size()]);
  return receiptFor(draft.ledgerKey, event, { index, entry, size }, x);
}
