import type { Capacity, ExpectedSigner, KeyProtection, ProviderId, SignAction } from './act.ts';
import type { SignatureAlgorithm } from './cms.ts';
import type { DraftFormat } from './draft.ts';
import type { Place } from './placement.ts';

/** What an agency's own system allows one user's browser to do, once. */
export interface Grant {
  clientId: string;
  agencyId: string;
  /** SHA-256 of the agency's name for the user, lower-case hexadecimal. */
  userSha256: string;
  action: SignAction;
  capacity: Capacity;
  delegationId: string | null;
  signer: ExpectedSigner;
  /** First line of what copies and annexes show: form of copy, or number and notation; null for other acts. */
  label: string | null;
  /** In the order in which they are shown. */
  documents: readonly { documentId: string; sha256: string }[];
  /** Ways of signing in the agency's order; all that the axis has where it names none. */
  providers?: readonly ProviderId[];
  /** Origins of pages that may frame the widget for this ticket. */
  origins: readonly string[];
}

/** What lets a program without a session fetch one document, or bring it back signed, once. */
export interface FilePass {
  way: 'download' | 'upload';
  sessionId: string;
  documentId: string;
  /** What the signed version will be known by, as other ones are by their prepareId. */
  uploadId: string;
}

export interface TicketRecord {
  /** SHA-256 of the ticket, lower-case hexadecimal: the secret itself is not kept. */
  ticketSha256: string;
  grant: Grant;
  /** Where it opens no session, but a way to one file. */
  pass?: FilePass;
  /** RFC 3339 UTC. */
  expiresAt: string;
}

export interface CeremonyRecord {
  sessionId: string;
  /** SHA-256 of the access token, lower-case hexadecimal. */
  tokenSha256: string;
  grant: Grant;
  /** The page around the widget. */
  parentOrigin: string;
  expiresAt: string;
}

/** Everything that finalize needs, so that the server signs only what it prepared itself. */
export interface PreparedRecord {
  prepareId: string;
  sessionId: string;
  documentId: string;
  /** The version that it was prepared on, and its SHA-256. */
  version: number;
  sha256: string;
  size: number;
  format: DraftFormat;
  /** Base64: what follows the version's bytes (PDF), or the XML with its unsigned signature; empty for data. */
  tail: string;
  /** Where the signature is shown; null outside PDF. */
  place: Place | null;
  byteRange: readonly [number, number, number, number] | null;
  /** Base64 of the signed attributes (PDF, data: DER SET) or of the canonical SignedInfo (XML): what the signer signs. */
  toBeSigned: string;
  /** DER, base64. */
  certificate: string;
  chain: readonly string[];
  algorithm: SignatureAlgorithm;
  keyProtection: KeyProtection;
  expiresAt: string;
}
