import type { DeliveryLog } from '../delivery/index.ts';
import {
  type DocumentRecord,
  type DocumentState,
  digestKey,
  type LegalValue,
  type RecordedEvent,
} from '../document/index.ts';
import { buildReceipt, type Receipt } from '../evidence/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import type { DocumentReport } from './judge.ts';
import { indexOfCode, isCodeOf, paperCode } from './paper-code.ts';
import { asParty } from './parties.ts';
import type { Stations } from './stations.ts';

export interface Standing {
  standing: 'in-force' | 'recalled' | 'replaced' | 'updated';
  /** When it was recalled, replaced or last updated, RFC 3339 UTC. */
  standingSince: string | null;
}

/** What anybody is told who has a document in hand: as a file, or on paper with its code. */
export interface PublicProof extends Standing {
  by: 'digest' | 'code';
  /** What of the document the digest is of; null for a code. */
  file: 'document' | 'main' | 'annex' | null;
  /** Whether the entry commits to this file by itself; documents of before commit to all their files together. */
  fileProven: boolean;
  sender: { code: string; name: string };
  codeNumber: string;
  promulgationDate: string;
  typeName: string;
  legalValue: LegalValue;
  indication: string;
  /** Time of the entry, RFC 3339 UTC. */
  at: string;
  /** Proves the entry; opens the sender and the files that the asker knows of, and nothing else. */
  receipt: Receipt;
}

/** The same file may travel in many documents; further ones are not looked at. */
const MOST_LOOKED_AT = 200;
const TOLD: readonly DocumentState[] = ['accepted', 'recalled'];

/**
 * What the axis says to anybody about a document. By digest only where the bytes cannot be guessed, because a signature is in
 * them: knowing the digest is then having the file. Of several documents with one file the first is told, so that nobody learns who
 * passed it on. By code only the document that it was made for. Recipients, subject and ids are never told.
 * @param key SHA-256 in hexadecimal, or the code of a paper copy as it was typed
 * @returns null for everything else: never passed here, not guessable, taken back from hold, destroyed; all look the same
 */
export async function publicProof(
  key: string,
  log: Pick<DeliveryLog, 'documents' | 'subjectAt'>,
  x: Stations,
): Promise<PublicProof | null> {
  if (/^[0-9a-f]{64}$/.test(key)) return byDigest(key, log, x);
  const index = indexOfCode(key);
  const documentId = index === null ? null : await log.subjectAt(index);
  const document = documentId === null ? null : await x.documents.get(documentId);
  if (index === null || !isTold(document) || !isCodeOf(key, document, index)) return null;
  return proofOf(document, { by: 'code', file: null }, x);
}

/** The code for paper copies of a document, for its parties. @throws TrucError `document.unknown`, `document.destroyed` */
export async function paperCodeOf(documentId: string, caller: Caller, x: Stations): Promise<string> {
  const { document } = await asParty(documentId, caller, x);
  const submitted = await submittedEvent(documentId, x);
  if (document.ledgerKey === null) throw new TrucError('document.destroyed', { documentId });
  if (!isTold(document) || !submitted?.place) throw new TrucError('document.unknown', { documentId });
  return paperCode(document, submitted.place.index);
}

export type Told = DocumentRecord & { ledgerKey: string };

export function isTold(document: DocumentRecord | null): document is Told {
  return document !== null && document.ledgerKey !== null && TOLD.includes(document.state);
}

async function byDigest(
  sha256: string,
  log: Pick<DeliveryLog, 'documents'>,
  x: Stations,
): Promise<PublicProof | null> {
  const ids = await log.documents(digestKey(sha256), true, MOST_LOOKED_AT);
  for (const id of ids.toReversed()) {
    const document = await x.documents.get(id);
    const file = isTold(document) ? roleOf(sha256, document) : null;
    if (isTold(document) && file !== null) return proofOf(document, { by: 'digest', file, sha256 }, x);
  }
  return null;
}

/** Null where somebody could have guessed the bytes: a signature is what makes them unguessable. */
function roleOf(sha256: string, document: Told): 'document' | 'main' | 'annex' | null {
  if (document.sha256 === sha256) return document.indication === 'NO_SIGNATURE' ? null : 'document';
  const report = JSON.parse(document.report) as DocumentReport;
  const judged = report.attachments.find((one) => one.sha256 === sha256);
  return judged === undefined || judged.indication === 'NO_SIGNATURE' ? null : judged.role;
}

interface Asked extends Pick<PublicProof, 'by' | 'file'> {
  sha256?: string;
}

async function proofOf(
  document: Told,
  { by, file, sha256 }: Asked,
  x: Stations,
): Promise<PublicProof | null> {
  const events = (await x.events.of(document.documentId)).filter((one) => one.place !== null);
  const submitted = events.find((one) => one.type === 'document.submitted');
  const size = await x.reader.size();
  if (!submitted?.place || submitted.place.index >= size) return null;
  const names = openedNames(submitted, sha256);
  const sender = await x.agencies.get(document.key.senderId);
  return {
    ...{ by, file },
    fileProven: sha256 === undefined || names.length > 1,
    ...standingOf(document, events),
    sender: { code: document.senderCode, name: sender?.name ?? '' },
    codeNumber: document.codeNumber,
    promulgationDate: document.promulgationDate,
    typeName: document.typeName,
    legalValue: document.legalValue,
    indication: document.indication,
    at: submitted.place.recordedAt,
    receipt: await receiptOf(document, submitted, names, size, x),
  };
}

/** The holder of a paper may compare it with every file of the document; who has one file is told of that one alone. */
function openedNames({ facts }: RecordedEvent, sha256: string | undefined): string[] {
  const files = Object.keys(facts).filter((name) => name === 'sha256' || name.startsWith('file:'));
  const own = sha256 === undefined ? files : files.filter((name) => facts[name] === sha256).slice(0, 1);
  return ['sender', ...own];
}

/**
 * A receipt of the submission that opens some of its facts.
 * @param opened names; one that ends in `:` stands for all that begin so
 * @throws TrucError `document.unknown` when the submission has no entry yet
 */
export async function receiptWith(
  document: Told,
  events: readonly RecordedEvent[],
  opened: readonly string[],
  x: Stations,
): Promise<Receipt> {
  const submitted = events.find((one) => one.type === 'document.submitted');
  const size = await x.reader.size();
  if (!submitted?.place || submitted.place.index >= size)
    throw new TrucError('document.unknown', { documentId: document.documentId });
  const names = Object.keys(submitted.facts).filter((name) =>
    opened.some((one) => (one.endsWith(':') ? name.startsWith(one) : name === one)),
  );
  return receiptOf(document, submitted, names, size, x);
}

async function receiptOf(
  document: Told,
  submitted: RecordedEvent,
  names: readonly string[],
  size: number,
  x: Stations,
): Promise<Receipt> {
  const index = submitted.place?.index as number;
  const [entry, path, checkpoint] = await Promise.all([
    x.reader.entry(index),
    x.reader.inclusionProof(index, size),
    x.reader.checkpoint(size),
  ]);
  return buildReceipt({
    ...{ log: x.reader.origin, vkey: x.vkey, index, entry, path, checkpoint, names },
    key: Buffer.from(document.ledgerKey, 'base64url'),
    scope: submitted.eventId,
    facts: submitted.facts,
  });
}

export function standingOf({ state }: DocumentRecord, events: readonly RecordedEvent[]): Standing {
  const since = (type: string) => events.findLast((one) => one.type === type)?.place?.recordedAt ?? null;
  if (state === 'recalled') return { standing: 'recalled', standingSince: since('document.recalled') };
  const replaced = since('document.replaced');
  if (replaced !== null) return { standing: 'replaced', standingSince: replaced };
  const updated = since('document.updated');
  return { standing: updated === null ? 'in-force' : 'updated', standingSince: updated };
}

async function submittedEvent(documentId: string, x: Stations): Promise<RecordedEvent | undefined> {
  return (await x.events.of(documentId)).find((one) => one.type === 'document.submitted');
}
