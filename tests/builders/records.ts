import type {
  AgencyDraft,
  CertificateBinding,
  ClientSystem,
  Endpoint,
  Person,
  RoleGrant,
  Session,
} from '../../src/agency/index.ts';
import type { Alert } from '../../src/alerts/index.ts';
import type { Delivery, PushAttempt } from '../../src/delivery/index.ts';
import type { DocumentRecord, PendingEvent, RefusalRecord, StatusRecord } from '../../src/document/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';

export function anAgency(overrides: Partial<AgencyDraft> = {}): AgencyDraft {
  return {
    id: newId(),
    code: 'H53.06',
    name: 'Sở Khoa học và Công nghệ tỉnh Mẫu',
    level: 'province',
    parentId: null,
    validFrom: '2020-09-15T00:00:00.000Z',
    validTo: null,
    lockedSince: null,
    successorId: null,
    aliases: [],
    holdIndeterminate: false,
    ...overrides,
  };
}

export function aRecord(overrides: Partial<DocumentRecord> = {}): DocumentRecord {
  const documentId = overrides.documentId ?? newId();
  return {
    documentId,
    key: { senderId: newId(), edxmlId: `H53.06,2026/03/16,${documentId}`, businessType: 0, ordinal: 1 },
    state: 'received',
    ledgerDoc: newId(),
    ledgerKey: Buffer.alloc(32, 7).toString('base64url'),
    senderCode: 'H53.06',
    clientId: 'client',
    recipients: [{ agencyId: newId(), code: 'G22' }],
    sha256: sha256Hex(documentId),
    size: 1000,
    contentSha256: sha256Hex(`content ${documentId}`),
    original: 's:0:0:1000',
    subject: 'V/v mẫu',
    codeNumber: '412/SKHCN-CĐS',
    promulgationDate: '2026/03/16',
    typeName: 'Công văn',
    priority: 0,
    concerns: [],
    attachments: [],
    legalValue: 'for_information',
    indication: 'NO_SIGNATURE',
    report: '{}',
    receipt: null,
    hold: false,
    receivedAt: '2026-03-16T02:41:07.000Z',
    acceptedAt: null,
    ...overrides,
  };
}

export function anEvent(subjectId: string, overrides: Partial<PendingEvent> = {}): PendingEvent {
  const type = overrides.type ?? 'document.submitted';
  return {
    eventId: sha256Hex(`${subjectId}|${type}|${newId()}`),
    subjectId,
    ledgerDoc: newId(),
    type,
    erds: null,
    actorId: null,
    recipientId: null,
    facts: {},
    commit: sha256Hex('facts'),
    at: '2026-03-16T02:41:07.000Z',
    ...overrides,
  };
}

export function aDelivery(overrides: Partial<Delivery> = {}): Delivery {
  return {
    deliveryId: newId(),
    documentId: newId(),
    kind: 'document',
    senderId: newId(),
    senderCode: 'H53.06',
    recipientId: newId(),
    recipientCode: 'G22',
    priority: 0,
    content: 's:0:0:1000',
    sha256: sha256Hex('content'),
    size: 1000,
    createdAt: '2026-03-16T02:41:07.000Z',
    state: 'waiting',
    nextAt: '2026-03-16T02:41:07.000Z',
    leaseUntil: null,
    attempts: 0,
    fetchedAt: null,
    failure: null,
    notifiedAt: null,
    updatedAt: '2026-03-16T02:41:07.000Z',
    deadline: '2026-03-23T02:41:07.000Z',
    afterId: null,
    revision: 1,
    ...overrides,
  };
}

export function aBinding(overrides: Partial<CertificateBinding> = {}): CertificateBinding {
  return {
    certificateSha256: sha256Hex(newId()),
    kind: 'person',
    agencyId: newId(),
    title: 'Chủ tịch',
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: null,
    ...overrides,
  };
}

export function aClient(overrides: Partial<ClientSystem> = {}): ClientSystem {
  return {
    clientId: `qlvb-${newId()}`,
    name: 'QLVB tỉnh Mẫu',
    secretSha256: sha256Hex(newId()),
    agencyIds: [newId()],
    scopes: ['documents.send', 'inbox'],
    disabledAt: null,
    ...overrides,
  };
}

export function anEndpoint(overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    agencyId: newId(),
    url: 'https://qlvb.example/hook',
    push: 'notify',
    ca: null,
    active: true,
    updatedAt: '2026-03-16T02:41:07.000Z',
    ...overrides,
  };
}

export function aStatus(overrides: Partial<StatusRecord> = {}): StatusRecord {
  const statusId = overrides.statusId ?? newId();
  return {
    statusId,
    documentId: newId(),
    reporterId: newId(),
    reporterCode: 'G22',
    addresseeId: newId(),
    code: '01',
    description: 'Văn bản đã đến',
    statedAt: '2026-03-16T02:41:07.000Z',
    receivedAt: '2026-03-16T02:41:08.000Z',
    inOrder: true,
    sha256: sha256Hex(statusId),
    size: 700,
    content: 's:0:0:700',
    ...overrides,
  };
}

export function anAttempt(overrides: Partial<PushAttempt> = {}): PushAttempt {
  return {
    attemptId: newId(),
    deliveryId: newId(),
    documentId: newId(),
    recipientId: newId(),
    at: '2026-03-16T02:41:07.000Z',
    durationMs: 41,
    outcome: 'failed',
    reason: 'http-500',
    request: { method: 'POST', url: 'https://qlvb.example/hook', headers: { 'webhook-id': 'x' }, bytes: 210 },
    answer: { status: 500, contentType: 'text/plain', bytes: 9, head: 'bảo trì' },
    ...overrides,
  };
}

export function anAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    ...{ alertId: newId(), ruleId: 'disk-fills', measure: 'disk-days', label: '', severity: 'warning' },
    ...{ state: 'firing', value: 9, limit: 14, since: '2026-03-16T02:41:07.000Z' },
    firedAt: '2026-03-16T02:41:07.000Z',
    ...{ calmSince: null, resolvedAt: null, toldAt: null, acknowledged: null },
    ...overrides,
  };
}

export function aRefusal(overrides: Partial<RefusalRecord> = {}): RefusalRecord {
  const refusalId = overrides.refusalId ?? newId();
  return {
    refusalId,
    senderId: newId(),
    clientId: 'client',
    code: 'intake.unknown-recipient',
    sha256: sha256Hex(refusalId),
    fingerprint: sha256Hex(refusalId),
    ledgerDoc: newId(),
    ledgerKey: Buffer.alloc(32, 7).toString('base64url'),
    report: null,
    at: '2026-03-16T02:41:07.000Z',
    count: 1,
    ...overrides,
  };
}

export function aGrant(overrides: Partial<RoleGrant> = {}): RoleGrant {
  return {
    role: 'clerk',
    agencyId: newId(),
    title: 'Văn thư',
    validFrom: '2026-01-01T00:00:00.000Z',
    validTo: null,
    ...overrides,
  };
}

export function aPerson(overrides: Partial<Person> = {}): Person {
  const createdAt = '2026-03-16T00:00:00.000Z';
  return {
    personId: newId(),
    name: 'Nguyễn Thị Đào',
    subject: { issuer: 'https://sso.example.vn', sub: newId() },
    grants: [aGrant()],
    lockedSince: null,
    revision: 1,
    createdAt,
    lastAct: { type: 'person.registered', facts: { by: 'command-line' }, at: createdAt },
    ledgerDoc: newId(),
    ledgerKey: Buffer.alloc(32, 7).toString('base64url'),
    ...overrides,
  };
}

export function aSession(overrides: Partial<Session> = {}): Session {
  return {
    sessionSha256: sha256Hex(newId()),
    personId: newId(),
    csrf: Buffer.alloc(32, 9).toString('base64url'),
    idToken: null,
    createdAt: '2026-03-16T01:00:00.000Z',
    lastSeenAt: '2026-03-16T01:00:00.000Z',
    expiresAt: '2026-03-16T01:30:00.000Z',
    ...overrides,
  };
}
