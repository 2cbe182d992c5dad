import type { Delivery } from '../delivery/index.ts';
import {
  businessStatus,
  type DocumentRecord,
  type DocumentState,
  type RecordedEvent,
  type ResultTag,
} from '../document/index.ts';
import type { Caller } from './caller.ts';
import { laterVerdicts } from './content.ts';
import { asParty, openToRecipients } from './parties.ts';
import type { Stations } from './stations.ts';

export interface RecipientView {
  code: string;
  transport: string;
  /** Two-digit business status, null before the first. */
  business: string | null;
  attempts: number;
  updatedAt: string;
}

export interface DocumentView {
  documentId: string;
  edxmlId: string;
  businessType: number;
  state: DocumentState;
  from: string;
  subject: string;
  codeNumber: string;
  priority: number;
  sha256: string;
  size: number;
  legalValue: string;
  verification: {
    indication: string;
    /** A later judgement that came to another verdict. */
    latest?: { indication: string; legalValue: string; at: string };
  };
  receivedAt: string;
  acceptedAt: string | null;
  attachments: { name: string; contentType: string; sha256: string; size: number; role: string }[];
  recipients: RecipientView[];
  /** Where it carries the result of an administrative procedure. */
  result?: ResultTag;
}

/** A document for one of its parties: the sender sees every recipient, a recipient its own line. */
export async function callerView(documentId: string, caller: Caller, x: Stations): Promise<DocumentView> {
  const { document, isSender, ownRecipients } = await asParty(documentId, caller, x);
  const [deliveries, statuses, later] = await Promise.all([
    x.deliveries.ofDocument(documentId),
    x.statuses.of(documentId),
    laterVerdicts(documentId, x),
  ]);
  const lines = document.recipients.filter((line) => isSender || ownRecipients.includes(line.agencyId));
  const recipients = lines.map((line) => {
    const delivery = deliveries.find((one) => one.kind === 'document' && one.recipientId === line.agencyId);
    const codes = statuses
      .filter((status) => status.reporterId === line.agencyId)
      .map((status) => status.code);
    return recipientView(line.code, document, delivery, codes);
  });
  const view = documentView(document, recipients);
  const newest = later.at(-1);
  if (!newest) return view;
  const { indication, legalValue, at } = newest;
  return { ...view, verification: { ...view.verification, latest: { indication, legalValue, at } } };
}

function recipientView(
  code: string,
  document: DocumentRecord,
  delivery: Delivery | undefined,
  codes: string[],
): RecipientView {
  return {
    code,
    transport: delivery?.state ?? 'waiting',
    business: businessStatus(codes),
    attempts: delivery?.attempts ?? 0,
    updatedAt: delivery?.updatedAt ?? document.receivedAt,
  };
}

function documentView(document: DocumentRecord, recipients: RecipientView[]): DocumentView {
  return {
    documentId: document.documentId,
    edxmlId: document.key.edxmlId,
    businessType: document.key.businessType,
    state: document.state,
    from: document.senderCode,
    subject: document.subject,
    codeNumber: document.codeNumber,
    priority: document.priority,
    sha256: document.sha256,
    size: document.size,
    legalValue: document.legalValue,
    verification: { indication: document.indication },
    receivedAt: document.receivedAt,
    acceptedAt: document.acceptedAt,
    attachments: document.attachments,
    ...(document.result ? { result: document.result } : {}),
    recipients,
  };
}

export interface ListRequest {
  direction: 'sent' | 'received';
  state?: DocumentState | undefined;
  edxmlId?: string | undefined;
  since?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** What the caller's agencies sent or received, newest first, with the cursor of the next page. */
export async function documentList(request: ListRequest, caller: Caller, x: Stations) {
  const found = await x.documents.list({
    agencyIds: caller.agencyIds,
    direction: request.direction,
    limit: request.limit + 1,
    ...(request.state ? { state: request.state } : {}),
    ...(request.edxmlId ? { edxmlId: request.edxmlId } : {}),
    ...(request.since ? { since: request.since } : {}),
    ...(request.after ? { after: request.after } : {}),
  });
  const page = found.slice(0, request.limit);
  const open = await Promise.all(
    page.map((document) => request.direction === 'sent' || openToRecipients(document, x)),
  );
  const visible = page.filter((_, i) => open[i]);
  const items = visible.map((document) => {
    const { recipients: _, ...view } = documentView(document, []);
    return view;
  });
  return { items, next: found.length > request.limit ? (page.at(-1)?.documentId ?? null) : null };
}

interface TimelineEvent {
  type: string;
  at: string;
  actor: string | null;
  recipient?: string;
  log: string;
  index: number;
  detail?: Record<string, unknown>;
}

/** Every step of a document that the caller may see, in the order of the ledger. */
export async function timelineOf(documentId: string, caller: Caller, x: Stations) {
  const view = await asParty(documentId, caller, x);
  const events = (await x.events.of(documentId)).filter(
    (event) => event.place !== null && visibleTo(event, view),
  );
  const items = await Promise.all(events.map((event) => timelineEvent(event, view.document, x)));
  return { documentId, events: items.sort((a, b) => a.index - b.index) };
}

/** The sender sees all; a recipient sees what concerns everybody and its own steps. */
export function visibleTo(
  event: RecordedEvent,
  view: { isSender: boolean; ownRecipients: readonly string[] },
): boolean {
  return view.isSender || event.recipientId === null || view.ownRecipients.includes(event.recipientId);
}

async function timelineEvent(
  event: RecordedEvent,
  document: DocumentRecord,
  x: Stations,
): Promise<TimelineEvent> {
  const codeOf = async (id: string | null) => {
    if (id === null) return null;
    if (id === document.key.senderId) return document.senderCode;
    return (
      document.recipients.find((line) => line.agencyId === id)?.code ??
      (await x.agencies.get(id))?.code ??
      null
    );
  };
  const recipient = await codeOf(event.recipientId);
  const detail = detailOf(event);
  return {
    type: event.type,
    at: event.place?.recordedAt ?? event.at,
    actor: await codeOf(event.actorId),
    ...(recipient === null ? {} : { recipient }),
    log: x.reader.origin,
    index: event.place?.index ?? -1,
    ...(detail === null ? {} : { detail }),
  };
}

/** Facts worth reading beside an event; what identifies other recipients is left out. */
function detailOf(event: RecordedEvent): Record<string, unknown> | null {
  const shown = [
    'indication',
    'previous',
    'legalValue',
    'reason',
    'final',
    'code',
    'description',
    'count',
    'digestConfirmed',
    'class',
  ];
  const entries = Object.entries(event.facts).filter(([name]) => shown.includes(name));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/**
 * Changes of all documents of the caller, for catching up: `next` is the cursor of the following call. The feed waits at
 * a document that is not accepted yet: whoever went on past its first events would never be shown them.
 */
export async function eventFeed(since: number, limit: number, caller: Caller, x: Stations) {
  const events = await x.events.since({ since, limit, agencyIds: caller.agencyIds });
  const items: object[] = [];
  let next = since;
  for (const event of events) {
    if ((await x.documents.get(event.subjectId))?.state === 'received') break;
    next = event.position;
    const view = await asParty(event.subjectId, caller, x).catch(() => null);
    if (!view || !visibleTo(event, view)) continue;
    const shown = await timelineEvent(event, view.document, x);
    items.push({ position: event.position, documentId: event.subjectId, ...shown });
  }
  return { items, next };
}
