import { deliveryIdOf } from '../delivery/index.ts';
import type { DocumentRecord, PendingEvent, ResultTag } from '../document/index.ts';
import type { Submission } from '../intake/index.ts';
import { isoTime, type JsonValue, newId, randomBytes, sha256Hex } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import type { Judged } from './judge.ts';
import { type Happening, pendingEvent } from './record.ts';
import type { Stations } from './stations.ts';

export interface Registrable {
  submission: Submission;
  judged: Judged;
  original: string;
  ordinal: number;
  caller: Caller;
  result?: ResultTag | undefined;
}

/** The record of a new submission, with a fresh id, ledger identity and key. */
export function recordOf(
  { submission, judged, original, ordinal, caller, result }: Registrable,
  x: Stations,
): DocumentRecord {
  const { summary } = submission;
  return {
    documentId: newId(),
    key: {
      senderId: submission.sender.id,
      edxmlId: summary.edxmlId,
      businessType: summary.businessType,
      ordinal,
    },
    state: 'received',
    ledgerDoc: newId(),
    ledgerKey: randomBytes(32).toString('base64url'),
    senderCode: submission.sender.code,
    clientId: caller.clientId,
    senderLevel: submission.sender.level,
    recipients: submission.recipients.map(({ id, code, level }) => ({ agencyId: id, code, level })),
    sha256: submission.sha256,
    size: submission.size,
    contentSha256: submission.contentSha256,
    original,
    subject: summary.subject,
    codeNumber: summary.codeNumber,
    promulgationDate: summary.promulgationDate,
    typeName: summary.typeName,
    priority: summary.priority,
    concerns: summary.concerns,
    attachments: submission.attachments.map(({ name, contentType, sha256, size, role }) => ({
      name,
      contentType,
      sha256,
      size,
      role,
    })),
    legalValue: judged.legalValue,
    indication: judged.indication,
    officials: judged.officials,
    report: judged.report,
    receipt: null,
    ...(result ? { result } : {}),
    filesCommitted: true,
    hold: judged.hold,
    receivedAt: isoTime(x.clock.now()),
    acceptedAt: null,
  };
}

/** The entries of a submission: submitted, verified, and queued (or held). The same record always gives the same events. */
export function eventsOf(record: DocumentRecord): PendingEvent[] {
  const subject = {
    id: record.documentId,
    ledgerDoc: record.ledgerDoc,
    ledgerKey: record.ledgerKey as string,
  };
  const at = Date.parse(record.receivedAt);
  const steps = [submitted(record), verified(record), record.hold ? held() : queued(record)];
  return steps.map((happening) => pendingEvent(subject, happening, at));
}

function submitted(record: DocumentRecord): Happening {
  return {
    type: 'document.submitted',
    actorId: record.key.senderId,
    recipientId: null,
    facts: {
      documentId: record.documentId,
      sender: record.senderCode,
      edxmlId: record.key.edxmlId,
      businessType: record.key.businessType,
      ordinal: record.key.ordinal,
      sha256: record.sha256,
      size: record.size,
      contentSha256: record.contentSha256,
      ...fileFacts(record),
      ...resultFacts(record),
    },
    distinct: '',
  };
}

/** A fact for each file, so that whoever has one can be shown that it was there, and learns nothing of the others. */
function fileFacts({ filesCommitted, attachments }: DocumentRecord): Record<string, string> {
  if (!filesCommitted) return {};
  return Object.fromEntries(attachments.map(({ sha256 }, i) => [`file:${i}`, sha256]));
}

function resultFacts({ result }: DocumentRecord): Record<string, JsonValue> {
  if (!result) return {};
  return { procedure: result.procedure, case: result.caseNumber, holders: [...result.holders] };
}

function verified(record: DocumentRecord): Happening {
  return {
    type: 'signature.verified',
    actorId: null,
    recipientId: null,
    facts: {
      indication: record.indication,
      legalValue: record.legalValue,
      reportSha256: sha256Hex(record.report),
      ...officialsFact(record),
    },
    distinct: '',
  };
}

/** Only where there are any: most installations know no persons. */
function officialsFact({ officials = [] }: DocumentRecord): {
  officials?: { agency: string; official: string }[];
} {
  return officials.length === 0 ? {} : { officials: officials.map((one) => ({ ...one })) };
}

/** One entry for all recipients: their count, and a fact each, so that every recipient can open its own and no other. */
export function queued(record: DocumentRecord): Happening {
  const lines = record.recipients.map((line) => [
    `recipient:${line.code}`,
    deliveryIdOf('document', record.documentId, line.agencyId),
  ]);
  return {
    type: 'delivery.queued',
    actorId: null,
    recipientId: null,
    facts: { count: record.recipients.length, ...Object.fromEntries(lines) },
    distinct: '',
  };
}

function held(): Happening {
  return {
    type: 'document.held',
    actorId: null,
    recipientId: null,
    facts: { reason: 'main-signature-indeterminate' },
    distinct: '',
  };
}
