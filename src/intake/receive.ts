import { type Agency, type AgencyDirectory, closedAt } from '../agency/index.ts';
import type { BusinessType, Priority } from '../document/index.ts';
import {
  type EdxmlAttachment,
  type EdxmlDocument,
  type EdxmlLimits,
  type EdxmlMessage,
  readEdxml,
  validateDocument,
} from '../edxml/index.ts';
import { sha256Hex, TrucError } from '../kernel/index.ts';
import { contentTypeOf } from './content-type.ts';
import { secretMark } from './secrets.ts';
import type { Contents, Submission, SubmittedFile, Summary } from './submission.ts';

export interface ReceiveContext {
  agencies: AgencyDirectory;
  limits: EdxmlLimits;
  secretMarks: readonly string[];
  /** Agencies that the sending system speaks for, by id. */
  senderIds: readonly string[];
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/**
 * Reads and checks a submission. Everything that can be checked before the first byte is stored is checked here.
 * @throws TrucError with an `intake.…` or `edxml.…` code; nothing was stored
 */
export async function receive(bytes: Buffer, x: ReceiveContext): Promise<Submission> {
  const message: EdxmlMessage = readEdxml(bytes, x.limits);
  if (message.kind !== 'document') throw new TrucError('intake.not-a-document', {});
  const { document, attachments } = message;
  refuseSecrets(document, attachments, x.secretMarks);
  const [from, ...to] = await namedAgencies(document, x);
  const sender = await senderOf(document, from as Agency | null, x);
  const faults = validateDocument(document, attachments, { now: x.now, locate: message.locate }).filter(
    (fault) => fault.severity === 'error',
  );
  if (faults.length > 0) throw new TrucError('intake.invalid-edxml', { faults });
  const recipients = await recipientsOf(document, to, x);
  return { ...contentsOf(document, attachments, bytes), sender, recipients };
}

/**
 * What the stored bytes of an accepted document say. None of the rules of acceptance is asked again: they may have
 * changed since.
 * @throws TrucError with an `edxml.…` code, `intake.not-a-document`
 */
export function readAgain(bytes: Buffer, limits: EdxmlLimits): Contents {
  const message = readEdxml(bytes, limits);
  if (message.kind !== 'document') throw new TrucError('intake.not-a-document', {});
  return contentsOf(message.document, message.attachments, bytes);
}

function contentsOf(
  document: EdxmlDocument,
  attachments: readonly EdxmlAttachment[],
  bytes: Buffer,
): Contents {
  const files = filesOf(document, attachments);
  return {
    document,
    summary: summaryOf(document),
    attachments: files,
    bytes,
    sha256: sha256Hex(bytes),
    size: bytes.length,
    contentSha256: sha256Hex(files.map((file) => `${file.sha256}\n`).join('')),
  };
}

function refuseSecrets(
  document: EdxmlDocument,
  attachments: readonly EdxmlAttachment[],
  marks: readonly string[],
): void {
  const mark = secretMark(
    {
      subject: document.subject,
      sphere: document.otherInfo.sphereOfPromulgation,
      descriptions: [
        ...attachments.map((one) => one.description),
        ...document.references.map((one) => one.description),
      ],
      attachmentNames: [
        ...attachments.map((one) => one.name),
        ...document.references.map((one) => one.attachmentName),
      ],
    },
    marks,
  );
  if (mark !== null) throw new TrucError('intake.state-secret', { rule: mark });
}

/** Who the codes of the sender and the recipients mean, in that order: asked at once, so that they can share a look. */
function namedAgencies({ from, to }: EdxmlDocument, x: ReceiveContext): Promise<(Agency | null)[]> {
  const named = [from, ...to.slice(0, MOST_RECIPIENTS)];
  return Promise.all(named.map(({ organId }) => x.agencies.resolve(organId, x.now)));
}

async function senderOf(document: EdxmlDocument, agency: Agency | null, x: ReceiveContext): Promise<Agency> {
  const code = document.from.organId;
  if (agency && x.senderIds.includes(agency.id)) return agency;
  const own = await Promise.all(
    x.senderIds.slice(0, 20).map(async (id) => (await x.agencies.get(id))?.code ?? id),
  );
  throw new TrucError('intake.sender-not-yours', { code, allowed: own });
}

interface BadRecipient {
  code: string;
  name: string;
  cause: 'unknown' | 'locked' | 'ended' | 'not-yet-valid';
  suggestions: { code: string; name: string }[];
}

/** All recipients or none: one bad address refuses the whole, so that nobody has to find out who got it. */
/** Each recipient is a fact of one ledger entry, and an entry has 4,096 at most. There are some 3,300 communes. */
const MOST_RECIPIENTS = 4_000;
/** Suggestions cost a search each; a submission with more wrong codes than this has another fault than typing. */
const MOST_SUGGESTED = 10;

async function recipientsOf(
  document: EdxmlDocument,
  named: readonly (Agency | null)[],
  x: ReceiveContext,
): Promise<Agency[]> {
  const count = document.to.length;
  if (count > MOST_RECIPIENTS)
    throw new TrucError('intake.too-many-recipients', { count, limit: MOST_RECIPIENTS });
  const found = new Map<string, Agency>();
  const bad: BadRecipient[] = [];
  for (const [i, { organId, organName }] of document.to.entries()) {
    const agency = named[i] ?? null;
    const closed = agency ? closedAt(agency, x.now) : null;
    if (!agency) {
      bad.push({
        code: organId,
        name: organName,
        cause: 'unknown',
        suggestions: bad.length < MOST_SUGGESTED ? await suggestions(organId, organName, x) : [],
      });
    } else if (closed) {
      bad.push({ code: organId, name: agency.name, cause: closed, suggestions: await successor(agency, x) });
    } else if (found.has(agency.id)) {
      throw new TrucError('intake.duplicate-recipient', { code: organId, agency: agency.code });
    } else found.set(agency.id, agency);
  }
  if (bad.length === 0) return [...found.values()];
  const code = bad.some((one) => one.cause === 'unknown')
    ? 'intake.unknown-recipient'
    : 'intake.closed-recipient';
  throw new TrucError(code, { recipients: bad });
}

async function suggestions(code: string, name: string, x: ReceiveContext) {
  return (await x.agencies.nearest(code, name, 3)).map((one) => ({ code: one.code, name: one.name }));
}

async function successor(agency: Agency, x: ReceiveContext) {
  const next = agency.successorId === null ? null : await x.agencies.get(agency.successorId);
  return next ? [{ code: next.code, name: next.name }] : [];
}

/** The main file is the one that the first Reference names. */
function filesOf(document: EdxmlDocument, attachments: readonly EdxmlAttachment[]): SubmittedFile[] {
  const main = document.references[0]?.contentId ?? attachments[0]?.contentId;
  return attachments.map((one) => ({
    name: one.name,
    contentType: contentTypeOf(one.sniffed),
    sha256: sha256Hex(one.bytes),
    size: one.bytes.length,
    role: one.contentId === main ? 'main' : 'annex',
    bytes: one.bytes,
  }));
}

function summaryOf(document: EdxmlDocument): Summary {
  const { business } = document;
  const concerns = [business.documentId ?? [], business.replacements.map((one) => one.documentId)].flat();
  return {
    edxmlId: document.documentId,
    businessType: business.type as BusinessType,
    subject: document.subject,
    codeNumber: `${document.code.number}/${document.code.notation}`,
    promulgationDate: document.promulgation.date,
    typeName: document.documentType.typeName,
    priority: document.otherInfo.priority as Priority,
    concerns,
    signerName: document.signerInfo.fullName,
  };
}
