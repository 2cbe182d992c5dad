import type { Agency } from '../agency/index.ts';
import { planOne } from '../delivery/index.ts';
import { type DocumentRecord, followsInOrder, NEEDS_REASON, type StatusRecord } from '../document/index.ts';
import {
  type EdxmlStatus,
  type Organ,
  readEdxml,
  readingFault,
  validateStatus,
  writeStatus,
} from '../edxml/index.ts';
import {
  isoTime,
  isTrucError,
  newId,
  parseVietnamTime,
  sha256Hex,
  TrucError,
  vietnamDateTime,
} from '../kernel/index.ts';
import { type Caller, speaksFor } from './caller.ts';
import { takeBack } from './effects.ts';
import { asParty, isRecorded, openToRecipients } from './parties.ts';
import { pendingEvent, putOnRecord, recordPending } from './record.ts';
import type { Stations } from './stations.ts';

const RECALL_REQUEST = '13';

export interface StatusAnswer {
  statusId: string;
  documentId: string;
  code: string;
  from: string;
  to: string;
  /** False where the code cannot follow the ones before: stored and delivered, but flagged. */
  inOrder: boolean;
  receivedAt: string;
}

interface Reported {
  answer: StatusAnswer;
  /** True when this very status had been reported before; the first one counts. */
  repeated: boolean;
}

/**
 * Takes an edXML status message, puts it on record and delivers it to the agency that it is for.
 * @throws TrucError `exchange.status-…`, `exchange.not-a-recipient`, `intake.sender-not-yours`
 */
export async function reportStatus(bytes: Buffer, caller: Caller, x: Stations): Promise<Reported> {
  const status = readStatus(bytes, x);
  const reporter = await x.agencies.resolve(status.from.organId, x.clock.now());
  if (!reporter || !speaksFor(caller, reporter.id)) {
    throw new TrucError('intake.sender-not-yours', { code: status.from.organId, allowed: [] });
  }
  const { document, addressee } = await concernedDocument(status, reporter, x);
  return deliverStatus({ status, bytes, reporter, document, addressee }, x);
}

function readStatus(bytes: Buffer, x: Stations): EdxmlStatus {
  try {
    const message = readEdxml(bytes, x.limits);
    if (message.kind !== 'status')
      throw new TrucError('exchange.status-not-readable', { cause: 'not-a-status' });
    const faults = validateStatus(message.status, { now: x.clock.now(), locate: message.locate }).filter(
      (fault) => fault.severity === 'error',
    );
    if (faults.length > 0) throw new TrucError('exchange.status-not-readable', { faults });
    return message.status;
  } catch (error) {
    if (isTrucError(error) && error.code.startsWith('edxml.')) {
      const facts = { cause: error.code, faults: [readingFault(error)] };
      throw new TrucError('exchange.status-not-readable', facts, error);
    }
    throw error;
  }
}

interface Concerned {
  document: DocumentRecord;
  addressee: { id: string; code: string };
}

/**
 * The document that (OrganId, DocumentId) names: 13 goes from its sender to a recipient, all others the other way.
 * Numbers of documents can be guessed, so whoever is no party of one is told the same as when there is none.
 */
async function concernedDocument(status: EdxmlStatus, reporter: Agency, x: Stations): Promise<Concerned> {
  const { organId, documentId: edxmlId } = status.responseFor;
  const other = await x.agencies.resolve(organId, x.clock.now());
  const recall = status.statusCode === RECALL_REQUEST;
  const senderId = recall ? reporter.id : other?.id;
  const acts = senderId === undefined ? [] : await x.documents.byEdxmlId(senderId, edxmlId);
  const last = acts.at(-1);
  const recorded = last && !recall && (await isRecorded(last, x));
  const document = recorded ? last : acts.findLast((act) => act.state !== 'received');
  if (!document || !other) throw new TrucError('exchange.status-unknown', { organId, edxmlId });
  const recipientId = recall ? other.id : reporter.id;
  const line = document.recipients.find((one) => one.agencyId === recipientId);
  if (!recall && !(line && (await openToRecipients(document, x))))
    throw new TrucError('exchange.status-unknown', { organId, edxmlId });
  if (!line) throw new TrucError('exchange.not-a-recipient', { code: other.code });
  return {
    document,
    addressee: recall
      ? { id: line.agencyId, code: line.code }
      : { id: document.key.senderId, code: document.senderCode },
  };
}

interface StatusDelivery extends Concerned {
  status: EdxmlStatus;
  bytes: Buffer;
  reporter: Agency;
}

async function deliverStatus(
  { status, bytes, reporter, document, addressee }: StatusDelivery,
  x: Stations,
): Promise<Reported> {
  const code = status.statusCode;
  if (NEEDS_REASON.includes(code) && status.description.trim() === '')
    throw new TrucError('exchange.status-reason-missing', { code });
  if (document.ledgerKey === null)
    throw new TrucError('document.destroyed', { documentId: document.documentId });
  const now = x.clock.now();
  const sha256 = sha256Hex(bytes);
  const content = await x.blobs.put({ sha256, bytes });
  const before = (await x.statuses.of(document.documentId)).filter(
    (one) => one.reporterId === reporter.id || one.addresseeId === reporter.id,
  );
  const record: StatusRecord = {
    statusId: newId(),
    documentId: document.documentId,
    reporterId: reporter.id,
    reporterCode: reporter.code,
    addresseeId: addressee.id,
    code,
    description: status.description,
    statedAt: isoTime(parseVietnamTime(status.timestamp) ?? now),
    receivedAt: isoTime(now),
    inOrder: followsInOrder(
      code,
      before.map((one) => one.code),
    ),
    sha256,
    size: bytes.length,
    content,
  };
  const subject = { id: document.documentId, ledgerDoc: document.ledgerDoc, ledgerKey: document.ledgerKey };
  const event = pendingEvent(subject, {
    type: `status.${code}`,
    actorId: reporter.id,
    recipientId: code === RECALL_REQUEST ? addressee.id : reporter.id,
    facts: { reporter: reporter.code, addressee: addressee.code, code, description: status.description, sha256, inOrder: record.inOrder },
    distinct: record.statusId,
  }, now); // biome-ignore format: facts on one line read best
  const { first, repeated } = await x.statuses.record(record, event);
  if (repeated) await recordPending(document.documentId, x);
  else await putOnRecord([event], x);
  await planStatus(first, document, addressee, x);
  return { answer: answerOf(first, addressee.code), repeated };
}

/** Planned again for a repeat too: the first attempt may have died between recording and planning. */
async function planStatus(
  status: StatusRecord,
  document: DocumentRecord,
  addressee: { id: string; code: string },
  x: Stations,
): Promise<void> {
  await x.deliveries.plan([
    planOne({
      kind: 'status',
      subject: status.statusId,
      documentId: document.documentId,
      sender: { id: status.reporterId, code: status.reporterCode },
      recipient: addressee,
      priority: document.priority,
      content: { ref: status.content, sha256: status.sha256, size: status.size },
      afterId: null,
      now: x.clock.now(),
      deadlineDays: x.deadlineDays,
    }),
  ]);
  x.queue.wake([addressee.id]);
}

function answerOf(status: StatusRecord, to: string): StatusAnswer {
  const { statusId, documentId, code, inOrder, receivedAt } = status;
  return { statusId, documentId, code, from: status.reporterCode, to, inOrder, receivedAt };
}

export interface StatusByJson {
  documentId: string;
  code: string;
  description: string;
  staff?: { department: string; staff: string; mobile: string; email: string } | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** A status given as JSON becomes an edXML message of our writer and goes the same way. */
export async function reportStatusJson(
  request: StatusByJson,
  caller: Caller,
  x: Stations,
): Promise<Reported> {
  const view = await asParty(request.documentId, caller, x);
  const { document } = view;
  const recall = request.code === RECALL_REQUEST;
  const reporterId = recall ? document.key.senderId : await ownRecipient(view.ownRecipients, request.from, x);
  if (recall && !view.isSender) throw new TrucError('exchange.not-a-recipient', { code: request.code });
  if (reporterId === undefined) throw new TrucError('exchange.not-a-recipient', { code: request.from ?? '' });
  const reporter = (await x.agencies.get(reporterId)) as Agency;
  const addressee = recall
    ? recalledFrom(document, request.to)
    : { id: document.key.senderId, code: document.senderCode };
  const status = statusOf(request, document, reporter, addressee.code, x);
  return deliverStatus({ status, bytes: writeStatus(status), reporter, document, addressee }, x);
}

/** The only recipient may stay unnamed; of several one must be, or the request would reach the wrong one. */
function recalledFrom(document: DocumentRecord, to: string | undefined): Concerned['addressee'] {
  const [first, ...others] = document.recipients;
  const line =
    to === undefined && others.length === 0 ? first : document.recipients.find((one) => one.code === to);
  if (!line) throw new TrucError('exchange.not-a-recipient', { code: to ?? '' });
  return { id: line.agencyId, code: line.code };
}

async function ownRecipient(
  own: readonly string[],
  from: string | undefined,
  x: Stations,
): Promise<string | undefined> {
  if (from === undefined) return own[0];
  const wanted = await x.agencies.resolve(from, x.clock.now());
  return own.find((id) => id === wanted?.id);
}

function statusOf(
  request: StatusByJson,
  document: DocumentRecord,
  reporter: Agency,
  organId: string,
  x: Stations,
): EdxmlStatus {
  return {
    from: organOf(reporter),
    responseFor: {
      organId,
      code: document.codeNumber,
      promulgationDate: document.promulgationDate,
      documentId: document.key.edxmlId,
    },
    staff: request.staff ?? null,
    statusCode: request.code,
    description: request.description,
    timestamp: vietnamDateTime(x.clock.now()),
  };
}

function organOf(agency: Agency): Organ {
  return {
    organId: agency.code,
    organizationInCharge: agency.name,
    organName: agency.name,
    organAdd: '',
    email: '',
    telephone: '',
    fax: '',
    website: '',
  };
}

/**
 * Recall by the sender: copies not fetched yet are taken back at once, the others get a status 13 and answer with 15
 * or 16 (NĐ 30/2020 art. 18.4b gives the receiver no right to refuse; 16 is shown as an exception).
 */
export async function recall(documentId: string, reason: string, caller: Caller, x: Stations) {
  const { document, isSender } = await asParty(documentId, caller, x);
  if (!isSender) throw new TrucError('document.unknown', { documentId });
  if (!['accepted', 'held', 'recalled'].includes(document.state))
    throw new TrucError('exchange.not-recallable', { state: document.state });
  const fetched = await takeBack(document, reason, x);
  const asked: StatusAnswer[] = [];
  for (const delivery of fetched) {
    const request = { documentId, code: RECALL_REQUEST, description: reason, to: delivery.recipientCode };
    asked.push((await reportStatusJson(request, caller, x)).answer);
  }
  const state = (await x.documents.get(documentId))?.state ?? document.state;
  if (state !== 'recalled') throw new TrucError('exchange.not-recallable', { state });
  const after = await x.deliveries.ofDocument(documentId);
  const cancelled = after
    .filter((one) => one.kind === 'document' && one.state === 'cancelled')
    .map((one) => one.recipientCode);
  return { documentId, state, cancelled, asked: asked.map((one) => one.to) };
}
