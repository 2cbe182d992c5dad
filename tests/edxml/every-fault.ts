import {
  type EdxmlAttachment,
  type EdxmlDocument,
  type EdxmlFault,
  type EdxmlStatus,
  validateDocument,
  validateStatus,
} from '../../src/edxml/index.ts';
import { aBusiness, aDocument, anAttachment, anOrgan, aReference, aStatus, NOW } from '../builders/edxml.ts';

const EMPTY_ORGAN = { ...anOrgan('G09'), organId: '', organName: '' };
const EMPTY_ANSWER = { organId: '', code: '', promulgationDate: '', documentId: '' };
const LONG = 'Ộ'.repeat(2001);

const empty: EdxmlDocument = aDocument({
  from: EMPTY_ORGAN,
  to: [EMPTY_ORGAN],
  code: { number: '', notation: '' },
  promulgation: { place: '', date: '' },
  documentType: { type: null, typeDetail: null, typeName: '' },
  subject: '',
  content: '',
  signerInfo: { competence: '', position: '', fullName: '' },
  otherInfo: { ...aDocument().otherInfo, priority: null },
  responseFor: [EMPTY_ANSWER],
  documentId: '',
  traceHeaders: [{ organId: '', timestamp: '' }],
  business: aBusiness({
    type: 2,
    reason: '',
    receivers: [{ organId: '', receiverType: null }],
    replacements: [{ documentId: '', organIds: [] }],
  }),
  references: [aReference('', '')],
});

const long: EdxmlDocument = aDocument({
  from: { ...anOrgan('G09'), organId: 'G'.repeat(36), organName: LONG },
  to: [{ ...anOrgan('G09'), organId: 'H'.repeat(36), organName: LONG }],
  code: { number: LONG, notation: LONG },
  promulgation: { place: LONG, date: '2199/01/01' },
  documentType: { type: 18, typeDetail: -1, typeName: LONG },
  subject: LONG,
  content: LONG,
  signerInfo: { competence: LONG, position: LONG, fullName: LONG },
  toPlaces: [LONG],
  otherInfo: {
    ...aDocument().otherInfo,
    priority: 5,
    sphereOfPromulgation: LONG,
    promulgationAmount: -1,
    pageAmount: 65_536,
    appendixes: [LONG],
  },
  steeringType: 9,
  documentId: LONG,
  traceHeaders: [
    { organId: 'G09', timestamp: '2026/03/16 10:00:00' },
    { organId: 'G22', timestamp: '2026/03/16 09:00:00' },
  ],
  business: aBusiness({
    type: 4,
    documentInfo: 2,
    documentReceiver: 2,
    paper: 2,
    receivers: [{ organId: 'G09', receiverType: 2 }],
  }),
});

const wrong: EdxmlDocument = aDocument({
  from: { ...anOrgan('G09'), organId: 'Bộ Nội vụ' },
  to: [anOrgan('G09'), anOrgan('G09'), { ...anOrgan('G09'), organId: 'G/9' }],
  promulgation: { place: 'Hà Nội', date: '16/03/2026' },
  dueDate: 'tuần sau',
  documentType: { type: Number.NaN, typeDetail: Number.NaN, typeName: 'Công văn' },
  otherInfo: {
    ...aDocument().otherInfo,
    priority: Number.NaN,
    promulgationAmount: Number.NaN,
    pageAmount: Number.NaN,
  },
  responseFor: [{ ...EMPTY_ANSWER, promulgationDate: 'hôm qua' }],
  steeringType: Number.NaN,
  traceHeaders: [],
  business: aBusiness({
    type: Number.NaN,
    documentInfo: Number.NaN,
    documentReceiver: Number.NaN,
    paper: Number.NaN,
    receivers: [{ organId: 'G09', receiverType: Number.NaN }],
  }),
  references: [],
});

const files = (...names: string[]) => names.map((name) => anAttachment({ name }));
const withBusiness = (type: number | null) => aDocument({ business: aBusiness({ type, reason: 'x' }) });

const DOCUMENTS: readonly (readonly [EdxmlDocument, EdxmlAttachment[]])[] = [
  [empty, [anAttachment({ name: '', bytes: Buffer.alloc(0) })]],
  [long, files(LONG)],
  [wrong, files('a.pdf', 'a.pdf', '../a', 'CON')],
  [aDocument({ to: [] }), files('a.pdf')],
  [withBusiness(null), files('a.pdf')],
  [withBusiness(1), files('a.pdf')],
  [withBusiness(3), files('a.pdf')],
];

const status = (code: string, overrides: Partial<EdxmlStatus>) => aStatus(code, overrides);

const STATUSES: readonly EdxmlStatus[] = [
  status('', { from: EMPTY_ORGAN, responseFor: EMPTY_ANSWER, timestamp: '' }),
  status('02', { description: '', timestamp: '2199/01/01 00:00:00' }),
  status('x', { responseFor: { ...EMPTY_ANSWER, promulgationDate: 'x' }, timestamp: '2026/03/16' }),
];

/** One fault of each code, expectation and severity that the validator knows, in the order of their codes. */
export function everyFault(): EdxmlFault[] {
  const all = [
    ...DOCUMENTS.flatMap(([document, attachments]) => validateDocument(document, attachments, { now: NOW })),
    ...STATUSES.flatMap((one) => validateStatus(one, { now: NOW })),
  ];
  const byKey = new Map(all.map((one) => [faultKey(one), one]));
  return [...byKey.values()].sort((a, b) => (faultKey(a) < faultKey(b) ? -1 : 1));
}

export function faultKey({ code, expected, severity }: EdxmlFault): string {
  return `${code.slice(2)} ${code} ${expected} ${severity}`;
}
