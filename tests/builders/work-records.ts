import { newId, sha256Hex } from '../../src/kernel/index.ts';
import type { IncomingFile, OutgoingFile, PersonRef, RegisterLine } from '../../src/workflow/index.ts';

export function aPersonRef(name = 'Trần Văn Mẫu'): PersonRef {
  return { id: newId(), name, title: 'Chuyên viên' };
}

export function aLine(overrides: Partial<RegisterLine> = {}): RegisterLine {
  return { register: 'incoming', year: 2026, series: '', number: 1, ...overrides };
}

function base() {
  const by = aPersonRef();
  return {
    fileId: newId(),
    agencyId: newId(),
    documentId: newId(),
    revision: 1,
    ledgerDoc: newId(),
    ledgerKey: Buffer.alloc(32, 7).toString('base64url'),
    turns: [],
    line: null,
    unfinished: false,
    steps: [{ step: 'draft' as const, by, at: '2026-03-16T02:00:00.000Z', eventId: sha256Hex(newId()), revision: 1, note: '' }],
    createdAt: '2026-03-16T02:00:00.000Z',
    updatedAt: '2026-03-16T02:00:00.000Z',
  }; // biome-ignore format: a step a line
}

export function anIncoming(overrides: Partial<IncomingFile> = {}): IncomingFile {
  return {
    kind: 'incoming',
    ...base(),
    state: 'arrived',
    from: 'H53',
    fromName: 'Ủy ban nhân dân tỉnh Tây Ninh',
    subject: 'V/v mẫu',
    codeNumber: '05/UBND-VX',
    promulgationDate: '2026/03/16',
    typeName: 'Công văn',
    priority: 0,
    businessType: 0,
    legalValue: 'replaces_paper',
    indication: 'TOTAL_PASSED',
    verified: null,
    directive: null,
    owes: [],
    recall: null,
    ...overrides,
  };
}

export function anOutgoing(overrides: Partial<OutgoingFile> = {}): OutgoingFile {
  const shared = base();
  const drafter = shared.steps[0]?.by as PersonRef;
  return {
    kind: 'outgoing',
    ...shared,
    state: 'drafting',
    letter: {
      subject: 'V/v mẫu',
      typeName: 'Công văn',
      notation: 'UBND',
      place: 'Ninh Điền',
      to: ['G09'],
      toPlaces: ['Như trên', 'Lưu: VT'],
      priority: 0,
      dueDate: null,
      signer: { ...aPersonRef('Lê Thị Mẫu'), title: 'Chủ tịch' },
      capacity: 'direct',
      authority: '',
      delegationId: null,
      places: { number: { x: 141, y: 724 }, date: { x: 405, y: 724 } },
      paragraphs: null,
      answers: null,
    },
    drafter,
    checkers: [],
    checks: [],
    opened: [],
    versions: 1,
    content: 1,
    signedBy: null,
    date: null,
    issuedAt: null,
    sentAs: null,
    ...overrides,
  };
}
