import type { Delivery } from '../delivery/index.ts';
import type { DocumentRecord } from '../document/index.ts';
import { readEdxml } from '../edxml/index.ts';
import {
  acknowledge,
  freshSubject,
  pendingEvent,
  putOnRecord,
  readInbox,
  recordPending,
  takeContent,
} from '../exchange/index.ts';
import { isoTime, newId, sha256Hex } from '../kernel/index.ts';
import type { Actor, IncomingFile, WorkFile } from './file.ts';
import { tell } from './incoming.ts';
import { collectorOf } from './office.ts';
import { personRef } from './outgoing.ts';
import { checkRole } from './permission.ts';
import { officeCaller, pseudonym, rulesNow, type WorkDesk } from './take.ts';

const LEASE_MS = 60_000;

export interface Collected {
  documents: number;
  statuses: number;
  notices: number;
}

/**
 * Takes what waits in the agency's inbox: a document becomes a file and its sender is told 01, a recall request is noted at
 * its file. Each is acknowledged last, so that what a crash leaves is offered again and met again.
 * @throws TrucError `work.role-missing`
 */
export async function collectArrivals(actor: Actor, limit: number, desk: WorkDesk): Promise<Collected> {
  checkRole('collect', actor, rulesNow(desk));
  const deliveries = await leased([actor.agencyId], limit, desk);
  const collected: Collected = { documents: 0, statuses: 0, notices: 0 };
  for (const delivery of deliveries) {
    await takeIn(delivery, actor, desk);
    if (delivery.kind === 'document') collected.documents++;
    else if (delivery.kind === 'status') collected.statuses++;
    else collected.notices++;
  }
  return collected;
}

/**
 * The same without anybody asking, for several agencies at once; one that cannot be taken in is offered again when its lease ends, and
 * holds up no other. @returns how many were leased
 */
export async function takeArrivals(
  agencyIds: readonly string[],
  limit: number,
  desk: WorkDesk,
  signal: AbortSignal,
): Promise<number> {
  const deliveries = await leased(agencyIds, limit, desk);
  for (const delivery of deliveries) {
    // What is left is somebody else's when its lease ends.
    if (signal.aborted) break;
    await takeIn(delivery, collectorOf(delivery.recipientId), desk).catch((error: unknown) => {
      const { deliveryId } = delivery;
      desk.log.error({ deliveryId, error: String(error) }, 'an arrival could not be taken in');
    });
  }
  return deliveries.length;
}

function leased(agencyIds: readonly string[], limit: number, desk: WorkDesk): Promise<Delivery[]> {
  const { signal } = new AbortController();
  return readInbox({ agencyIds, limit, leaseMs: LEASE_MS, waitMs: 0, signal }, desk);
}

async function takeIn(delivery: Delivery, actor: Actor, desk: WorkDesk): Promise<void> {
  const { deliveryId, documentId, kind } = delivery;
  const caller = officeCaller(actor.agencyId);
  const taken = await takeContent(deliveryId, caller, desk);
  const bytes = await desk.blobs.read(taken.content);
  if (kind === 'document') await arrive(delivery, bytes, actor, desk);
  if (kind === 'status') await noteRecall(documentId, actor, desk);
  const done = { outcome: 'done', reason: null, retry: false, sha256: sha256Hex(bytes) } as const;
  await acknowledge(deliveryId, done, caller, desk);
}

async function arrive(delivery: Delivery, bytes: Buffer, actor: Actor, desk: WorkDesk): Promise<void> {
  const document = (await desk.documents.get(delivery.documentId)) as DocumentRecord;
  const at = isoTime(desk.clock.now());
  const subject = freshSubject(newId());
  const by = pseudonym(actor, actor.agencyId, at);
  const facts = { fileId: subject.id, documentId: document.documentId, kind: 'incoming', sha256: document.sha256, by }; // biome-ignore format: facts on one line
  const happening = { actorId: actor.agencyId, recipientId: null, facts, distinct: '1' };
  const event = pendingEvent(subject, { type: 'work.collect', ...happening }, Date.parse(at));
  const file = arrivedFile({ document, fromName: senderName(bytes, document, desk), actor, at }, subject, event.eventId); // biome-ignore format: one call
  const outcome = await desk.work.add(file, event);
  if (outcome.added) await putOnRecord([event], desk);
  else await recordPending(outcome.file.fileId, desk);
  await tell(outcome.file as IncomingFile, desk);
}

interface Arrival {
  document: DocumentRecord;
  fromName: string;
  actor: Actor;
  at: string;
}

function arrivedFile(
  { document, fromName, actor, at }: Arrival,
  subject: { id: string; ledgerDoc: string; ledgerKey: string },
  eventId: string,
): IncomingFile {
  const by = personRef(actor);
  return {
    kind: 'incoming',
    fileId: subject.id,
    agencyId: actor.agencyId,
    documentId: document.documentId,
    revision: 1,
    ledgerDoc: subject.ledgerDoc,
    ledgerKey: subject.ledgerKey,
    turns: ['role:clerk'],
    line: null,
    unfinished: true,
    steps: [{ step: 'collect', by, at, eventId, revision: 1, note: '' }],
    createdAt: at,
    updatedAt: at,
    state: 'arrived',
    from: document.senderCode,
    fromName,
    subject: document.subject,
    codeNumber: document.codeNumber,
    promulgationDate: document.promulgationDate,
    typeName: document.typeName,
    priority: document.priority,
    businessType: document.key.businessType,
    legalValue: document.legalValue,
    indication: document.indication,
    verified: null,
    directive: null,
    owes: [{ code: '01', description: '', by }],
    recall: null,
  };
}

/** As the message itself says it: registers show names as they were. */
function senderName(bytes: Buffer, document: DocumentRecord, { limits }: WorkDesk): string {
  const message = readEdxml(bytes, limits);
  return message.kind === 'document' ? message.document.from.organName : document.senderCode;
}

const ROUNDS = 5;

/** A request to have a document back (13) that the file does not know of yet. */
async function noteRecall(documentId: string, { agencyId }: Actor, desk: WorkDesk): Promise<void> {
  const statuses = await desk.statuses.of(documentId);
  const asked = statuses.findLast(({ code, addresseeId }) => code === '13' && addresseeId === agencyId);
  if (!asked) return;
  const known = await incomingOf(documentId, agencyId, desk);
  if (!known) return;
  for (let round = 0; round < ROUNDS; round++) {
    const file = (await desk.work.get(known.fileId)) as IncomingFile;
    if (file.recall !== null) return;
    const recall = { reason: asked.description, at: asked.receivedAt, answer: null };
    const turns = [...new Set([...file.turns, 'role:clerk' as const])];
    const next = { ...file, recall, turns, revision: file.revision + 1 };
    if ((await desk.work.replace(next, [])) === 'replaced') return;
  }
}

async function incomingOf(
  documentId: string,
  agencyId: string,
  desk: WorkDesk,
): Promise<WorkFile | undefined> {
  const [found] = await desk.work.list({ agencyId, kind: 'incoming', documentId, before: '', limit: 1 });
  return found;
}
