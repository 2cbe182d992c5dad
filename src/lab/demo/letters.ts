import { type EdxmlDocument, type Organ, writeDocument } from '../../edxml/index.ts';
import { newId, vietnamDate, vietnamDateTime } from '../../kernel/index.ts';
import { keySigner, signPdf, stampNumber, type TimestampClient } from '../../signing/index.ts';
import { tinos } from '../fonts.ts';
import { composeLetter, type Letter } from '../pdf-letter.ts';
import type { Pki } from '../pki/index.ts';
import type { DemoAgency, StaffRole } from './agencies.ts';

export interface LetterOrder {
  from: DemoAgency;
  to: readonly DemoAgency[];
  number: number;
  subject: string;
  paragraphs: readonly string[];
  /** edXML priority 0–4. */
  priority: number;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** Names of an agency's entities in the demo PKI. */
export function sealName(code: string): string {
  return `seal-${code.toLowerCase()}`;
}

export function staffName(role: StaffRole, code: string): string {
  return `${role}-${code.toLowerCase()}`;
}

export function officialName(code: string): string {
  return `official-${code.toLowerCase()}`;
}

/** What stands on the paper of an order; number and date are stamped later. */
export function letterOf(order: LetterOrder): Letter {
  const { from } = order;
  return {
    agency: from.name,
    notation: `/${from.notation}`,
    place: from.place,
    subject: order.subject.replace(/^V\/v /, ''),
    addressees: order.to.map((one) => one.name),
    paragraphs: order.paragraphs,
    recipients: ['Như trên', 'Lưu: VT'],
    capacity: from.official.capacity,
    signer: from.official.name,
    createdAt: order.now,
  };
}

/**
 * A letter as the law wants it: the official signs (PAdES B-T), number and date are stamped, the agency seals (B-T).
 * @returns the finished PDF
 */
export async function signedLetter(
  order: LetterOrder,
  pki: Pki,
  timestamp: TimestampClient,
): Promise<Buffer> {
  const { from } = order;
  const letter = await composeLetter(letterOf(order));
  const font = tinos('regular');
  const signer = (name: string) => keySigner(pki.entity(name).certificate, pki.entity(name).key);
  const approved = await signPdf({
    pdf: letter.bytes,
    fieldName: 'NguoiKy',
    signedAt: order.now,
    signerName: from.official.name,
    signer: signer(officialName(from.code)),
    timestamp,
    visible: { ...letter.signature, form: { kind: 'person', name: from.official.name }, font },
  });
  const [year, month, day] = vietnamDate(order.now).split('/');
  const numbered = stampNumber({
    pdf: approved.bytes,
    number: { text: String(order.number).padStart(2, '0'), ...letter.number, font },
    date: { text: `${day} tháng ${month} năm ${year}`, ...letter.date, font: tinos('italic') },
  });
  const sealed = await signPdf({
    pdf: numbered,
    fieldName: 'CoQuan',
    signedAt: order.now,
    signerName: from.name,
    signer: signer(sealName(from.code)),
    timestamp,
    visible: { ...letter.seal, form: { kind: 'agency', name: from.name }, font },
  });
  return sealed.bytes;
}

/** The edXML document that carries a letter. */
export function envelopeOf(order: LetterOrder, attachmentName: string, contentId: string): EdxmlDocument {
  const { from, number, now } = order;
  const notation = from.notation;
  return {
    from: organ(from),
    to: order.to.map(organ),
    code: { number: String(number).padStart(2, '0'), notation },
    promulgation: { place: from.place, date: vietnamDate(now) },
    documentType: { type: 2, typeDetail: 18, typeName: 'Công văn' },
    subject: order.subject,
    content: order.subject,
    signerInfo: {
      competence: from.official.capacity[0] ?? '',
      position: from.official.title,
      fullName: from.official.name,
    },
    dueDate: null,
    toPlaces: ['Như trên', 'Lưu: VT'],
    otherInfo: {
      priority: order.priority,
      sphereOfPromulgation: '',
      typerNotation: '',
      promulgationAmount: 1,
      pageAmount: 1,
      direction: null,
      appendixes: [],
    },
    responseFor: [],
    steeringType: 1,
    documentId: `${from.code},${vietnamDate(now)},${String(number).padStart(2, '0')}/${notation}`,
    traceHeaders: [{ organId: from.code, timestamp: vietnamDateTime(now) }],
    business: {
      type: 0,
      reason: 'Văn bản điện tử mới',
      documentId: null,
      documentInfo: null,
      documentReceiver: null,
      receivers: [],
      staff: null,
      paper: 0,
      replacements: [],
    },
    hasSignature: false,
    references: [{ contentId, contentType: 'application/pdf', description: order.subject, attachmentName }],
  };
}

/** edXML bytes with the PDF as its only attachment. */
export function edxmlOf(order: LetterOrder, pdf: Buffer): Buffer {
  const contentId = newId();
  const name = `${String(order.number).padStart(2, '0')}_${order.from.notation}.signed.pdf`;
  return writeDocument(envelopeOf(order, name, contentId), [
    {
      contentId,
      name,
      description: order.subject,
      contentType: 'application/pdf',
      bytes: pdf,
      wrapped: false,
      sniffed: 'pdf',
    },
  ]);
}

function organ(agency: DemoAgency): Organ {
  return {
    organId: agency.code,
    organizationInCharge: agency.name,
    organName: agency.name,
    organAdd: agency.place,
    email: `vanthu@${agency.code.toLowerCase().replaceAll('.', '-')}.example`,
    telephone: '',
    fax: '',
    website: '',
  };
}
