import type { Agency } from '../agency/index.ts';
import {
  type Business,
  type EdxmlAttachment,
  type Organ,
  type ResponseFor,
  writeDocument,
} from '../edxml/index.ts';
import { idOf, sha256, vietnamDateTime } from '../kernel/index.ts';
import type { Amended } from './amends.ts';
import type { OutgoingFile } from './file.ts';

export interface Outgoing {
  file: OutgoingFile;
  from: Agency;
  to: readonly Agency[];
  /** The sealed PDF. */
  bytes: Buffer;
  /** In files of their own, as the agency signed them. */
  annexes: readonly { name: string; bytes: Buffer }[];
  responseFor: ResponseFor | null;
  amended: Amended | null;
}

/** Place of "Công văn" in list B of the 2022 amendment to QCVN 102; other types have no number that two lists agree on. */
const OFFICIAL_LETTER = 18;

/** The edXML message of an outgoing document. The same file gives the same bytes, so that sending it again is a repeat. */
export function messageOf({ file, from, to, bytes, annexes, responseFor, amended }: Outgoing): Buffer {
  const { letter } = file;
  const number = String(file.line?.number ?? 0).padStart(2, '0');
  const date = (file.date ?? '').replaceAll('-', '/');
  const contentId = idOf(sha256(`${file.fileId}|${file.issuedAt}`));
  const name = `${number}_${letter.notation.replaceAll(/[^\p{L}\p{N}-]/gu, '-')}.signed.pdf`;
  const issuedAt = vietnamDateTime(Date.parse(file.issuedAt ?? file.updatedAt));
  const attachments = [
    pdfAttachment(contentId, name, letter.subject, bytes),
    ...annexes.map((annex, i) =>
      pdfAttachment(
        idOf(sha256(`${file.fileId}|${file.issuedAt}|${i + 1}`)),
        annexFile(i, annex.name),
        annex.name,
        annex.bytes,
      ),
    ),
  ];
  const document = {
    from: organ(from),
    to: to.map(organ),
    code: { number, notation: letter.notation },
    promulgation: { place: letter.place, date },
    documentType: {
      type: 2,
      typeDetail: letter.typeName === 'Công văn' ? OFFICIAL_LETTER : 0,
      typeName: letter.typeName,
    },
    subject: letter.subject,
    content: letter.subject,
    signerInfo: {
      competence: letter.authority === '' ? 'Trực tiếp' : letter.authority,
      position: letter.signer.title,
      fullName: letter.signer.name,
    },
    dueDate: letter.dueDate === null ? null : letter.dueDate.replaceAll('-', '/'),
    toPlaces: [...letter.toPlaces],
    otherInfo: {
      priority: letter.priority,
      sphereOfPromulgation: '',
      typerNotation: '',
      promulgationAmount: 1,
      pageAmount: 1,
      direction: null,
      appendixes: annexes.map((annex) => annex.name),
    },
    responseFor: responseFor === null ? [] : [responseFor],
    steeringType: 1,
    // An update goes under the name of what it corrects; a replacement is a document of its own.
    documentId:
      amended?.kind === 'update' ? amended.edxmlId : `${from.code},${date},${number}/${letter.notation}`,
    traceHeaders: [{ organId: from.code, timestamp: issuedAt }],
    business: businessOf(amended, letter.to),
    hasSignature: false,
    references: attachments.map((one) => ({
      contentId: one.contentId,
      contentType: one.contentType,
      description: one.description,
      attachmentName: one.name,
    })),
  };
  return writeDocument(document, attachments);
}

/** edXML business types: 0 new, 2 updates, 3 replaces. */
function businessOf(amended: Amended | null, to: readonly string[]): Business {
  const fresh = {
    type: 0,
    reason: 'Văn bản điện tử mới',
    documentId: null,
    documentInfo: null,
    documentReceiver: null,
    receivers: [],
    staff: null,
    paper: 0,
    replacements: [],
  };
  if (amended === null) return fresh;
  const { kind, reason, edxmlId } = amended;
  if (kind === 'update') return { ...fresh, type: 2, reason, documentId: edxmlId, documentInfo: 1 };
  const organIds = to.filter((code) => amended.to.includes(code));
  return { ...fresh, type: 3, reason, replacements: [{ documentId: edxmlId, organIds }] };
}

function annexFile(i: number, name: string): string {
  const plain = name
    .replace(/\.pdf$/i, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 80);
  return `PL${String(i + 1).padStart(2, '0')}_${plain}.signed.pdf`;
}

function pdfAttachment(contentId: string, name: string, description: string, bytes: Buffer): EdxmlAttachment {
  const contentType = 'application/pdf';
  return { contentId, name, description, contentType, bytes, wrapped: false, sniffed: 'pdf' };
}

function organ({ code, name }: Agency): Organ {
  return {
    organId: code,
    organizationInCharge: name,
    organName: name,
    organAdd: '',
    email: '',
    telephone: '',
    fax: '',
    website: '',
  };
}
