import type { VerificationCode } from './codes.ts';
import type { Indication, SubIndication } from './indication.ts';

export type { Indication, SubIndication } from './indication.ts';

export type FileFormat = 'pdf' | 'xml' | 'cms' | 'asic' | 'ooxml' | 'odf' | 'none';

/** Who signed, as the signing certificate says. */
export interface SignerIdentity {
  /** RFC 4514 string of the subject, most specific attribute first. */
  subject: string;
  /** Null where there is none, or more than one: then nobody can say which is meant. */
  commonName: string | null;
  /** serialNumber attribute (2.5.4.5) of the subject, not the certificate's number; null as for the name. */
  serialNumber: string | null;
  /** UID attribute (0.9.2342.19200300.100.1.1). */
  uid: string | null;
  organization: string | null;
  issuer: string;
  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  certificateSha256: string;
  /** Certificate number as lower-case hexadecimal. */
  certificateNumber: string;
  notBefore: string;
  notAfter: string;
}

export interface TimestampReport {
  indication: Indication;
  subIndication: SubIndication | null;
  kind: 'signature' | 'document' | 'archive';
  /** genTime of the token (RFC 3161), RFC 3339 UTC. */
  time: string | null;
  /**
   * Until when the token proves its time by itself, RFC 3339 UTC: the first end of a certificate of its path or of the policy's
   * trust in its algorithms. Afterwards it needs a later time-stamp over it. Null where there is no path.
   */
  validUntil: string | null;
  authority: string | null;
  errors: VerificationCode[];
  warnings: VerificationCode[];
}

/** A change that a later revision of a PDF made after this signature. */
export interface LaterChange {
  /** Revision number, 1 = the original file. */
  revision: number;
  kind:
    | 'signature'
    | 'document-timestamp'
    | 'validation-data'
    | 'number-date-or-seal'
    | 'form-fill'
    | 'metadata'
    | 'not-allowed';
  detail: string;
}

export interface SignatureReport {
  /** Field name, XML Id or ordinal: what tells this signature from the others in the file. */
  id: string;
  /**
   * Id of the signature among whose counter-signatures this one stands: it signs no content of its own, and what it is
   * worth changes nothing about the file.
   */
  counterSigns?: string;
  indication: Indication;
  subIndication: SubIndication | null;
  baseline: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA' | null;
  signer: SignerIdentity | null;
  /** Claimed by the signer, RFC 3339 UTC; proves nothing. */
  signingTime: string | null;
  /** Earliest proven time (timestamp token), else the time of validation. */
  bestSignatureTime: string;
  timestamps: TimestampReport[];
  /** For people: "RSA-2048 with SHA-256". */
  algorithm: string | null;
  /** Which part of the file it protects. */
  coverage: 'whole-file' | 'whole-revision' | 'part' | 'none';
  /** Of a signature over files outside its own, as in a container: those that it covers and that are as it says. */
  files?: string[];
  /** Revision of the PDF that it signs (1 = first); 0 outside PDF. */
  revision: number;
  laterChanges: LaterChange[];
  errors: VerificationCode[];
  warnings: VerificationCode[];
  /** Certificates of the path, leaf first, as certificateSha256 and subject. */
  chain: { subject: string; sha256: string }[];
}

/** The verdict on one file: a value, never an exception. */
export interface FileReport {
  format: FileFormat;
  /** The worst of the signatures, counter-signatures left out; NO_SIGNATURE where there is none. */
  indication: Indication | 'NO_SIGNATURE';
  /** SHA-256 of the file, lower-case hexadecimal. */
  sha256: string;
  size: number;
  /** Time of validation, RFC 3339 UTC. */
  validatedAt: string;
  /** Name of the policy used. */
  policy: string;
  signatures: SignatureReport[];
  /** Only of a container: time-stamps over its files; they sign nothing. */
  timestamps?: TimestampReport[];
  /** Only of a container: data files that no signature covers. */
  unsignedFiles?: string[];
  /** Faults of the file as such (not readable, limits exceeded, format not judged). */
  errors: VerificationCode[];
  warnings: VerificationCode[];
}

/**
 * The indication of a file: the worst of the signatures that sign its content, and of what is wrong with the file.
 * Counter-signatures have indications of their own (EN 319 102-1 judges one signature at a time): they stand among what
 * nobody signed, so that anybody could spoil a file with a bad one.
 */
export function indicationOf(
  signatures: readonly SignatureReport[],
  own: Indication | null,
): FileReport['indication'] {
  const signing = signatures.filter(({ counterSigns }) => counterSigns === undefined);
  const indications = (signing.length > 0 ? signing : signatures).map(({ indication }) => indication);
  return worst(own === null ? indications : [...indications, own]);
}

const SEVERITY: Record<Indication, number> = { TOTAL_PASSED: 0, INDETERMINATE: 1, TOTAL_FAILED: 2 };

/** The worst of several indications, or NO_SIGNATURE for none. */
export function worst(indications: readonly Indication[]): Indication | 'NO_SIGNATURE' {
  let result: Indication | 'NO_SIGNATURE' = 'NO_SIGNATURE';
  for (const one of indications) {
    if (result === 'NO_SIGNATURE' || SEVERITY[one] > SEVERITY[result]) result = one;
  }
  return result;
}
