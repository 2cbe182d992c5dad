import type { FileKind } from './sniff.ts';

/** An organisation as a message names it. Texts are as written, NFC, ends trimmed; absent ones are empty. */
export interface Organ {
  organId: string;
  organizationInCharge: string;
  organName: string;
  organAdd: string;
  email: string;
  telephone: string;
  fax: string;
  website: string;
}

export interface Staff {
  department: string;
  staff: string;
  mobile: string;
  email: string;
}

/** An earlier document that this one answers. */
export interface ResponseFor {
  organId: string;
  /** `number/notation`. */
  code: string;
  /** yyyy/MM/dd. */
  promulgationDate: string;
  documentId: string;
}

export interface TraceHeader {
  organId: string;
  /** yyyy/MM/dd HH:mm:ss, Vietnam time. */
  timestamp: string;
}

/** 0 new, 1 revoke (thu hồi), 2 update (cập nhật), 3 replace (thay thế). */
export interface Business {
  type: number | null;
  reason: string;
  /** The document that is revoked or updated (types 1 and 2). */
  documentId: string | null;
  /** 1 = metadata or content changed (type 2). */
  documentInfo: number | null;
  /** 1 = the list of recipients changed (type 2). */
  documentReceiver: number | null;
  /** receiverType 0 = removed, 1 = added (type 2). */
  receivers: { organId: string; receiverType: number | null }[];
  staff: Staff | null;
  paper: number;
  /** Which documents are replaced, for which agencies (type 3). */
  replacements: { documentId: string; organIds: string[] }[];
}

export interface Reference {
  /** Without `cid:`. */
  contentId: string;
  contentType: string;
  description: string;
  attachmentName: string;
}

/** A document message (QCVN 102:2016 as written in the field). Absent numbers are null; what is no whole number is NaN. */
export interface EdxmlDocument {
  from: Organ;
  to: Organ[];
  code: { number: string; notation: string };
  /** `date` is yyyy/MM/dd. */
  promulgation: { place: string; date: string };
  documentType: { type: number | null; typeDetail: number | null; typeName: string };
  subject: string;
  content: string;
  signerInfo: { competence: string; position: string; fullName: string };
  dueDate: string | null;
  toPlaces: string[];
  otherInfo: {
    priority: number | null;
    sphereOfPromulgation: string;
    typerNotation: string;
    promulgationAmount: number | null;
    pageAmount: number | null;
    direction: string | null;
    appendixes: string[];
  };
  responseFor: ResponseFor[];
  steeringType: number | null;
  documentId: string;
  traceHeaders: TraceHeader[];
  business: Business;
  /** A Signature or DigitalSignature element is there, whatever it is worth. */
  hasSignature: boolean;
  references: Reference[];
}

/** A business status message (domain 1.3). */
export interface EdxmlStatus {
  from: Organ;
  responseFor: ResponseFor;
  staff: Staff | null;
  /** Two digits. */
  statusCode: string;
  description: string;
  /** yyyy/MM/dd HH:mm:ss, Vietnam time. */
  timestamp: string;
}

export interface EdxmlAttachment {
  /** Without `cid:`. */
  contentId: string;
  name: string;
  description: string;
  /** As declared for the content itself, never for the ZIP around it; never trusted. */
  contentType: string;
  /** Decoded, and taken out of the one-entry ZIP where there was one. */
  bytes: Buffer;
  /** It came as base64 of a one-entry ZIP, as the vendor SDK sends files. */
  wrapped: boolean;
  sniffed: FileKind;
}

/** Where an element of a fault's path stands in the file, or the nearest element above it that is there. */
export type Locate = (path: string) => { line: number; text: string };

export type EdxmlMessage =
  | { kind: 'document'; document: EdxmlDocument; attachments: EdxmlAttachment[]; locate: Locate }
  | { kind: 'status'; status: EdxmlStatus; locate: Locate };
