import type { Certificate } from './certificate.ts';
import type { Policy } from './policy.ts';
import type { TrustStore } from './trust-store.ts';

export type RevocationMode = 'required' | 'if-available' | 'none';

/** Everything a verdict depends on beside the file: local data only, never the network. */
export interface VerificationContext {
  trust: TrustStore;
  policy: Policy;
  /** Time of validation, milliseconds since 1970 UTC; proofs of existence may only move it earlier for a signature. */
  at: number;
  revocation: RevocationMode;
  /**
   * Told of each certificate below an anchor whose revocation is looked at, with the one above it, so that somebody can
   * fetch what is said about it. It must be quick and must not throw.
   */
  seen?: (certificate: Certificate, issuer: Certificate) => void;
  /** SHA-256 of the file (lower-case hexadecimal) where the caller has it already; it is told, never judged by. */
  sha256?: string;
  /** Signer named by the document (`CN=…;serialNumber=…`, either alone); another one is never TOTAL_PASSED. */
  declared?: string;
}
