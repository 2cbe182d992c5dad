import type { Level } from '../agency/index.ts';
import type { ResultTag } from './result-tag.ts';
import type { DocumentState } from './states.ts';

/** edXML BussinessDocType: 0 new, 1 revoke, 2 update, 3 replace. */
export type BusinessType = 0 | 1 | 2 | 3;

/** edXML Priority: 0 Thường, 1 Khẩn, 2 Thượng khẩn, 3 Hỏa tốc, 4 Hỏa tốc hẹn giờ. */
export type Priority = 0 | 1 | 2 | 3 | 4;

/** What makes a submission the same one for ever. `ordinal` counts the updates and revocations of one edXML DocumentId. */
export interface DocumentKey {
  senderId: string;
  edxmlId: string;
  businessType: BusinessType;
  ordinal: number;
}

/** Opaque name of stored bytes, given by the blob store. */
export type BlobRef = string;

export interface RecipientLine {
  agencyId: string;
  /** Canonical code at the time of submission. */
  code: string;
  /** At the time of submission; absent in records from before it was kept. */
  level?: Level;
}

export interface AttachmentMeta {
  name: string;
  /** Content type by sniffing, not as declared. */
  contentType: string;
  sha256: string;
  size: number;
  role: 'main' | 'annex';
}

export type LegalValue = 'replaces_paper' | 'for_information';

/** An official whose signature passed. */
export interface OfficialSignature {
  /** Code of the official's agency. */
  agency: string;
  /** Pseudonym in that agency's year. */
  official: string;
}

/** What the axis knows of one submission. The bytes as sent lie in the blob store under `original`. */
export interface DocumentRecord {
  documentId: string;
  key: DocumentKey;
  state: DocumentState;
  /** Random id that stands for the document in the ledger. */
  ledgerDoc: string;
  /** Key of the commitments of its entries: 32 bytes, base64url; null once destroyed. */
  ledgerKey: string | null;
  senderCode: string;
  /** At the time of submission; absent in records from before it was kept. */
  senderLevel?: Level;
  clientId: string;
  recipients: RecipientLine[];
  /** SHA-256 of the bytes as sent, lower-case hexadecimal. */
  sha256: string;
  size: number;
  /** Digest over the attachments alone: tells a changed envelope from changed content. */
  contentSha256: string;
  original: BlobRef | null;
  subject: string;
  /** `number/notation`. */
  codeNumber: string;
  promulgationDate: string;
  typeName: string;
  priority: Priority;
  /** edXML DocumentIds that this document revokes, updates or replaces. */
  concerns: string[];
  attachments: AttachmentMeta[];
  legalValue: LegalValue;
  /** Worst verdict of the main attachment, ETSI words or NO_SIGNATURE. */
  indication: string;
  /** Whose signatures passed; none where absent. */
  officials?: OfficialSignature[];
  /** The verification report, exact JSON text; its digest is in the ledger. */
  report: string;
  /** The answer given to the sender, exact JSON text, the same for ever; null until accepted. */
  receipt: string | null;
  /** It carries the result of an administrative procedure; absent where it does not. */
  result?: ResultTag;
  /** The entry of the submission commits to each file by itself; absent in records from before it did. */
  filesCommitted?: true;
  /** A recipient asked the axis to hold what cannot be judged, and this cannot. */
  hold: boolean;
  /** RFC 3339 UTC. */
  receivedAt: string;
  acceptedAt: string | null;
}
