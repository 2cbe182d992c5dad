import type { Priority } from '../document/index.ts';
import type { Capacity, ExpectedSigner, SignAction } from '../signing/index.ts';
import type { CheckAspect, IncomingState, OutgoingState, RegisterName, StepName, WorkRole } from './words.ts';

/** An official as a file names one. Kept in the file; the ledger has a pseudonym only. */
export interface PersonRef {
  /** Id of the person, or an agency system's own name for one. */
  id: string;
  name: string;
  title: string;
}

/** Who takes a step. */
export interface Actor extends PersonRef {
  agencyId: string;
  roles: readonly WorkRole[];
  /** By what their certificate is known; empty where nobody knows of one. */
  signer: ExpectedSigner;
}

/** Whose turn it is: a role of the agency, or one person. */
export type Turn = `role:${WorkRole}` | `person:${string}`;

/** What was done to a file. */
export interface Step {
  step: StepName;
  by: PersonRef;
  /** RFC 3339 UTC. */
  at: string;
  /** Event of the step; its place in the ledger is found by it. */
  eventId: string;
  /** Revision of the file that it led to. */
  revision: number;
  /** What they wrote to it: comment, reason, directive; empty where nothing. */
  note: string;
  /** Version of the draft that it was about. */
  version?: number;
}

/** A line of a register. */
export interface RegisterLine {
  register: RegisterName;
  year: number;
  /** Which of the agency's sequences; empty for its only one. */
  series: string;
  number: number;
}

interface FileBase {
  fileId: string;
  agencyId: string;
  /** What makes it the same file for ever, unique with agency and kind: the draft's or the document's id. */
  documentId: string;
  /** From 1; each change is one more. */
  revision: number;
  /** Random id that stands for the file in the ledger, and the key of its entries' commitments (32 bytes, base64url). */
  ledgerDoc: string;
  ledgerKey: string;
  turns: readonly Turn[];
  line: RegisterLine | null;
  /** Something is owed that a crash would leave undone: a submission, a status. */
  unfinished: boolean;
  /** Oldest first; never empty. */
  steps: readonly Step[];
  createdAt: string;
  updatedAt: string;
}

/** Left ends of base lines on the first page, in points. */
export interface NumberPlaces {
  number: { x: number; y: number };
  date: { x: number; y: number };
}

export interface Check {
  aspect: CheckAspect;
  by: PersonRef;
  /** The version that was checked: a later one must be checked again. */
  version: number;
  at: string;
}

/** A file of its own beside the letter; the bytes are a draft of the signing service. */
export interface Annex {
  documentId: string;
  name: string;
}

/** What an issued document does to one that its agency sent before (edXML business types 2 and 3). */
export interface Amendment {
  kind: 'update' | 'replace';
  /** File of the document that it corrects or takes the place of. */
  fileId: string;
  reason: string;
}

/** What the drafter says of the document; becomes the edXML header when it is issued. */
export interface LetterFacts {
  subject: string;
  typeName: string;
  /** `UBND-VX`: what stands after the number. */
  notation: string;
  place: string;
  /** Codes of the agencies that it is sent to. */
  to: readonly string[];
  /** Nơi nhận: free text lines. */
  toPlaces: readonly string[];
  priority: Priority;
  /** `YYYY-MM-DD`, or null. */
  dueDate: string | null;
  signer: PersonRef;
  capacity: Capacity;
  /** Line above the title: `TM. ỦY BAN NHÂN DÂN`; empty for direct signing. */
  authority: string;
  delegationId: string | null;
  places: NumberPlaces;
  /** What was set in type here; null where the PDF came from elsewhere. */
  paragraphs: readonly string[] | null;
  /** Document that this one answers, an incoming file; null where none. */
  answers: string | null;
  /** Absent where there never was one. */
  annexes?: readonly Annex[];
  /** Absent for a document of its own. */
  amends?: Amendment;
}

/** An outgoing document on its way: the bytes are the signing service's draft, this is what people do around it. */
export interface OutgoingFile extends FileBase {
  kind: 'outgoing';
  state: OutgoingState;
  letter: LetterFacts;
  drafter: PersonRef;
  /** Who was asked for comments and checks. */
  checkers: readonly PersonRef[];
  checks: readonly Check[];
  /** Who was given a ticket or took to numbering: the draft's own entries have digests of people only. */
  opened: readonly { act: SignAction | 'number'; by: PersonRef }[];
  /** Versions of the draft that the file has taken in. */
  versions: number;
  /** The version that last changed what the document says: checks of an earlier one are worth nothing. */
  content: number;
  /** Who signed as the competent person; null before. */
  signedBy: string | null;
  /** `YYYY-MM-DD` of issue; null before the number. */
  date: string | null;
  /** When the decision to send fell: what is sent follows from it, so that a repeat is the same submission. */
  issuedAt: string | null;
  /** The axis's documentId once sent. */
  sentAs: string | null;
}

export interface Directive {
  text: string;
  by: PersonRef;
  lead: PersonRef;
  others: readonly PersonRef[];
  /** `YYYY-MM-DD`, or null. */
  dueDate: string | null;
}

/** A business status that the sender is still to be told. */
export interface OwedStatus {
  code: string;
  description: string;
  by: PersonRef;
}

/** An incoming document at one of its recipients. */
export interface IncomingFile extends FileBase {
  kind: 'incoming';
  state: IncomingState;
  from: string;
  fromName: string;
  subject: string;
  codeNumber: string;
  promulgationDate: string;
  typeName: string;
  priority: Priority;
  /** edXML BussinessDocType. */
  businessType: number;
  legalValue: string;
  indication: string;
  /** When the clerk looked at the stored report, and its digest. */
  verified: { reportSha256: string; at: string; by: PersonRef } | null;
  directive: Directive | null;
  owes: readonly OwedStatus[];
  /** The sender wants it back (13): reason, and the answer once given. */
  recall: { reason: string; at: string; answer: '15' | '16' | null } | null;
}

export type WorkFile = OutgoingFile | IncomingFile;

/** What a number is unique by in a register; null for a file without one. */
export function lineKeyOf({ agencyId, line }: WorkFile): string | null {
  return line === null
    ? null
    : JSON.stringify([agencyId, line.register, line.year, line.series, line.number]);
}
