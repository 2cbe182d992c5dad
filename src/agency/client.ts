import type { JsonWebKey } from 'node:crypto';

/** What an authenticated system may do. `consents`: put consents of citizens on record, and answer for them. */
export const SCOPES = ['documents.send', 'inbox', 'statuses', 'sign', 'verify', 'consents', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** A document system that speaks for agencies. */
export interface ClientSystem {
  clientId: string;
  name: string;
  /** SHA-256 of the client secret, lower-case hexadecimal; secrets are 256 random bits, so a plain digest is enough. Empty where it has none. */
  secretSha256: string;
  /** Public keys with which it proves who it is (`private_key_jwt`), each with its `kid`. None where absent. */
  keys?: readonly JsonWebKey[];
  /** Agency ids, not codes. */
  agencyIds: string[];
  scopes: Scope[];
  /** RFC 3339, null while active. */
  disabledAt: string | null;
  /**
   * Origins of its pages that may frame the signing widget (`https://qlvb.example.vn`); for loopback hosts the port may
   * be `*`. None where absent.
   */
  signingOrigins?: string[];
}
