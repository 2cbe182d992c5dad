import type { Level } from '../agency/index.ts';
import type { DocumentRecord, Priority } from '../document/index.ts';
import { idOf, isoTime, sha256 } from '../kernel/index.ts';
import type { Delivery, DeliveryKind } from './delivery.ts';

const DAY_MS = 86_400_000;

export interface PlanOptions {
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** Transport deadline in days. */
  deadlineDays: number;
}

/** One delivery per recipient of a document. The same document always gives the same delivery ids. */
export function planDocument(
  document: DocumentRecord,
  options: PlanOptions,
  after: ReadonlyMap<string, string> = new Map(),
): Delivery[] {
  return document.recipients.map((recipient) =>
    planOne({
      kind: 'document',
      subject: document.documentId,
      documentId: document.documentId,
      sender: party(document.key.senderId, document.senderCode, document.senderLevel),
      recipient: party(recipient.agencyId, recipient.code, recipient.level),
      priority: document.priority,
      content: { ref: document.original ?? '', sha256: document.sha256, size: document.size },
      afterId: after.get(recipient.agencyId) ?? null,
      ...options,
    }),
  );
}

interface Party {
  id: string;
  code: string;
  level?: Level;
}

function party(id: string, code: string, level: Level | undefined): Party {
  return { id, code, ...(level === undefined ? {} : { level }) };
}

export interface DeliveryPlan extends PlanOptions {
  kind: DeliveryKind;
  /** What tells this delivery from others of the same kind to the same recipient. */
  subject: string;
  documentId: string;
  sender: Party;
  recipient: Party;
  priority: Priority;
  content: { ref: string; sha256: string; size: number };
  afterId: string | null;
}

export function planOne(plan: DeliveryPlan): Delivery {
  const now = isoTime(plan.now);
  return {
    deliveryId: deliveryIdOf(plan.kind, plan.subject, plan.recipient.id),
    documentId: plan.documentId,
    kind: plan.kind,
    senderId: plan.sender.id,
    senderCode: plan.sender.code,
    recipientId: plan.recipient.id,
    recipientCode: plan.recipient.code,
    ...(plan.sender.level === undefined ? {} : { senderLevel: plan.sender.level }),
    ...(plan.recipient.level === undefined ? {} : { recipientLevel: plan.recipient.level }),
    priority: plan.priority,
    content: plan.content.ref,
    sha256: plan.content.sha256,
    size: plan.content.size,
    createdAt: now,
    state: 'waiting',
    nextAt: now,
    leaseUntil: null,
    attempts: 0,
    fetchedAt: null,
    failure: null,
    notifiedAt: null,
    updatedAt: now,
    deadline: isoTime(plan.now + plan.deadlineDays * DAY_MS),
    afterId: plan.afterId,
    revision: 1,
  };
}

/** Made of kind, subject and recipient: planning twice plans the same delivery. */
export function deliveryIdOf(kind: DeliveryKind, subject: string, recipientId: string): string {
  return idOf(sha256(`${kind}|${subject}|${recipientId}`));
}
