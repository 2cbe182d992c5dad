import type { Agency } from '../agency/index.ts';
import { type EdxmlAttachment, type Organ, type ResponseFor, writeDocument } from '../edxml/index.ts';
import { idOf, sha256, vietnamDateTime } from '../kernel/index.ts';
import type { OutgoingFile } from './file.ts';

export interface Outgoing {
  file: OutgoingFile;
  from: Agency;
  to: readonly Agency[];
  /** The sealed PDF. */
  bytes: Buffer;
  responseFor: ResponseFor | null;
}

/** Place of "Công văn" in list B of the 2022 amendment to QCVN 102; other types have no number that two lists agree on. */
const OFFICIAL_LETTER = 18;

/** The edXML message of an outgoing document. The same file gives the same bytes, so that sending it again is a repeat. */
export function messageOf({ file, from, to, bytes, responseFor }: Outgoing): Buffer {
  const { letter } = file;
  const number = String(file.line?.number ?? 0).padStart(2, '0');
  const date = (file.date ?? '').replaceAll('-', '/');
  const contentId = idOf(sha256(`${file.fileId}|${file.issuedAt}`));
  const name = `${number}_${letter.notation.replaceAll(/[^\p{L}\p{N}-]/gu, '-')}.signed.pdf`;
  const issuedAt = vietnamDateTime(Date.parse(file.issuedAt ?? file.updatedAt));
  const attachment: EdxmlAttachment = {
    contentId,
    name,
    description: letter.subject,
    contentType: 'application/pdf',
    bytes,
    wrapped: false,
    sniffed: 'pdf',
  };
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
      appendixes: [],
    },
    responseFor: responseFor === null ? [] : [responseFor],
    steeringType: 1,
    documentId: `${from.code},${date},${number}/${letter.notation}`,
    traceHeaders: [{ organId: from.code, timestamp: issuedAt }],
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
    references: [
      { contentId, contentType: 'application/pdf', description: letter.subject, attachmentName: name },
    ],
  };
  return writeDocument(document, [attachment]);
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
