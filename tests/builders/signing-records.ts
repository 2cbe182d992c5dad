import { newId, sha256Hex } from '../../src/kernel/index.ts';
import type {
  CeremonyRecord,
  Delegation,
  Draft,
  DraftVersion,
  Grant,
  PreparedRecord,
  TicketRecord,
} from '../../src/signing/index.ts';

export function aVersion(version: number, overrides: Partial<DraftVersion> = {}): DraftVersion {
  return {
    version,
    sha256: sha256Hex(`version ${version}`),
    size: 84_211,
    content: 's:0:0:84211',
    step: { kind: 'uploaded' },
    eventId: sha256Hex(newId()),
    at: '2026-03-16T02:41:07.000Z',
    ...overrides,
  };
}

export function aDraft(overrides: Partial<Draft> = {}): Draft {
  const documentId = overrides.documentId ?? newId();
  return {
    documentId,
    agencyId: newId(),
    clientId: 'client',
    reference: documentId,
    title: 'V/v mẫu',
    format: 'pdf',
    ledgerDoc: newId(),
    ledgerKey: Buffer.alloc(32, 7).toString('base64url'),
    versions: [aVersion(1)],
    ...overrides,
  };
}

function aGrant(): Grant {
  return {
    clientId: 'client',
    agencyId: newId(),
    userSha256: sha256Hex('user'),
    action: 'approve',
    capacity: 'direct',
    delegationId: null,
    signer: { serialNumber: '001080000001' },
    label: null,
    documents: [{ documentId: newId(), sha256: sha256Hex('version 1') }],
    origins: ['https://qlvb.example.vn'],
  };
}

export function aTicket(overrides: Partial<TicketRecord> = {}): TicketRecord {
  return {
    ticketSha256: sha256Hex(newId()),
    grant: aGrant(),
    expiresAt: '2026-03-16T02:51:07.000Z',
    ...overrides,
  };
}

export function aCeremony(overrides: Partial<CeremonyRecord> = {}): CeremonyRecord {
  return {
    sessionId: newId(),
    tokenSha256: sha256Hex(newId()),
    grant: aGrant(),
    parentOrigin: 'https://qlvb.example.vn',
    expiresAt: '2026-03-16T02:51:07.000Z',
    ...overrides,
  };
}

export function aPrepared(overrides: Partial<PreparedRecord> = {}): PreparedRecord {
  return {
    prepareId: newId(),
    sessionId: newId(),
    documentId: newId(),
    version: 1,
    sha256: sha256Hex('version 1'),
    size: 84_211,
    format: 'pdf',
    tail: Buffer.from('1 0 obj').toString('base64'),
    place: { page: 1, rectangle: [330, 120, 470, 182] },
    byteRange: [0, 85_002, 117_772, 1_530],
    toBeSigned: 'MYIBAA==',
    certificate: 'MIIB',
    chain: [],
    algorithm: 'rsa-sha256',
    keyProtection: 'hardware',
    expiresAt: '2026-03-16T02:46:07.000Z',
    ...overrides,
  };
}

export function aDelegation(overrides: Partial<Delegation> = {}): Delegation {
  return {
    delegationId: newId(),
    agencyId: newId(),
    clientId: 'client',
    kind: 'TUQ',
    fromTitle: 'Chủ tịch',
    to: { serialNumber: '001180000002' },
    scope: 'Văn bản về tiếp công dân',
    legalBasis: 'Giấy ủy quyền 12/GUQ-UBND ngày 01/03/2026',
    validFrom: '2026-03-01T00:00:00.000Z',
    validTo: '2026-04-01T00:00:00.000Z',
    passesOn: null,
    registeredAt: '2026-02-28T02:00:00.000Z',
    ...overrides,
  };
}
