import type { DeliveryLog } from '../delivery/index.ts';
import { caseKey, type DocumentRecord, type ResultTag } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import type { Receipt } from '../evidence/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import { type Consent, type ConsentUse, demandConsent, recordUse } from './consents.ts';
import { laterVerdicts } from './content.ts';
import { isTold, receiptWith, type Standing, standingOf, type Told } from './public-proof.ts';
import type { Stations } from './stations.ts';

/** A result as a one-stop system gets it in place of the paper. */
export interface FoundResult extends ResultTag, Standing {
  documentId: string;
  sender: { code: string; name: string };
  codeNumber: string;
  promulgationDate: string;
  typeName: string;
  legalValue: string;
  verification: { indication: string; latest?: { indication: string; legalValue: string; at: string } };
  acceptedAt: string | null;
  /** None of a recalled document. */
  files: { number: number; name: string; contentType: string; size: number; sha256: string; role: string }[];
  /** Proves the submission; opens sender, procedure, case, holders and files. */
  receipt: Receipt;
}

const MOST = 50;
type Finds = Pick<DeliveryLog, 'documents'>;

/**
 * Results of a case, newest first, for an agency that holds the citizen's consent. The use of the consent is an entry first.
 * @throws TrucError as `demandConsent`; `exchange.result-unknown` when there is none
 */
export async function resultsOfCase(
  consent: Consent,
  use: ConsentUse,
  caller: Caller,
  { log, x }: { log: Finds; x: Stations },
): Promise<FoundResult[]> {
  await demandConsent(consent, use, caller, x);
  const found = await documentsOfCase(use.caseNumber, log, x);
  if (found.length === 0) throw new TrucError('exchange.result-unknown', { caseNumber: use.caseNumber });
  for (const { documentId } of found) await recordUse(consent, documentId, x);
  return Promise.all(found.map((document) => resultOf(document, x)));
}

/**
 * One file of a result, by its place (from 0).
 * @throws TrucError as `demandConsent`; `exchange.result-unknown`, `exchange.result-recalled`
 */
export async function fileOfResult(
  consent: Consent,
  wanted: ConsentUse & { documentId: string; number: number },
  caller: Caller,
  { log, x }: { log: Finds; x: Stations },
) {
  await demandConsent(consent, wanted, caller, x);
  const found = await documentsOfCase(wanted.caseNumber, log, x);
  const document = found.find((one) => one.documentId === wanted.documentId);
  const meta = document?.attachments[wanted.number];
  if (!document || !meta || document.original === null)
    throw new TrucError('exchange.result-unknown', { caseNumber: wanted.caseNumber });
  if (document.state === 'recalled') throw new TrucError('exchange.result-recalled');
  await recordUse(consent, document.documentId, x);
  const message = readEdxml(await x.blobs.read(document.original), x.limits);
  const file = message.kind === 'document' ? message.attachments[wanted.number] : undefined;
  if (!file) throw new TrucError('exchange.result-unknown', { caseNumber: wanted.caseNumber });
  return { name: file.name, contentType: meta.contentType, bytes: file.bytes };
}

type Tagged = Told & { result: ResultTag };

async function documentsOfCase(caseNumber: string, log: Finds, x: Stations): Promise<Tagged[]> {
  const ids = await log.documents(caseKey(caseNumber), true, MOST);
  const found = await Promise.all(ids.map((id) => x.documents.get(id)));
  return found.filter((one) => isTagged(one, caseNumber));
}

function isTagged(document: DocumentRecord | null, caseNumber: string): document is Tagged {
  return isTold(document) && document.result?.caseNumber === caseNumber;
}

async function resultOf(document: Tagged, x: Stations): Promise<FoundResult> {
  const events = (await x.events.of(document.documentId)).filter((one) => one.place !== null);
  const [sender, later] = await Promise.all([
    x.agencies.get(document.key.senderId),
    laterVerdicts(document.documentId, x),
  ]);
  const standing = standingOf(document, events);
  const newest = later.at(-1);
  const latest = newest && {
    ...{ indication: newest.indication, legalValue: newest.legalValue, at: newest.at },
  };
  const files = standing.standing === 'recalled' ? [] : document.attachments;
  return {
    ...document.result,
    ...standing,
    documentId: document.documentId,
    sender: { code: document.senderCode, name: sender?.name ?? '' },
    codeNumber: document.codeNumber,
    promulgationDate: document.promulgationDate,
    typeName: document.typeName,
    legalValue: document.legalValue,
    verification: { indication: document.indication, ...(latest ? { latest } : {}) },
    acceptedAt: document.acceptedAt,
    files: files.map(({ name, contentType, size, sha256, role }, number) => {
      return { number, name, contentType, size, sha256, role };
    }),
    receipt: await receiptWith(
      document,
      events,
      ['sender', 'procedure', 'case', 'holders', 'sha256', 'file:'],
      x,
    ),
  };
}
