import type { Agency } from '../agency/index.ts';
import type { BusinessType, Priority } from '../document/index.ts';
import type { EdxmlDocument } from '../edxml/index.ts';

/** What of the envelope the axis works with, in one flat shape. */
export interface Summary {
  edxmlId: string;
  businessType: BusinessType;
  subject: string;
  /** `number/notation`. */
  codeNumber: string;
  /** yyyy/MM/dd as written. */
  promulgationDate: string;
  typeName: string;
  priority: Priority;
  /** edXML DocumentIds that the act revokes, updates or replaces. */
  concerns: string[];
  /** Signer as the envelope names him. */
  signerName: string;
}

export interface SubmittedFile {
  name: string;
  /** By sniffing, never as declared. */
  contentType: string;
  sha256: string;
  size: number;
  role: 'main' | 'annex';
  bytes: Buffer;
}

/** What the bytes of a document say, whoever sends them. */
export interface Contents {
  document: EdxmlDocument;
  summary: Summary;
  attachments: SubmittedFile[];
  /** The bytes as sent. */
  bytes: Buffer;
  /** SHA-256 of the bytes as sent, lower-case hexadecimal. */
  sha256: string;
  size: number;
  /** Digest over the digests of the attachments in order: equal contents in another envelope share it. */
  contentSha256: string;
}

/** A submission that may be judged: read, complete, from who it says it is from, to agencies that exist. */
export interface Submission extends Contents {
  sender: Agency;
  recipients: Agency[];
}
