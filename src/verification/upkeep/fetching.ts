import type { Certificate } from '../certificate.ts';

/** How a server may recognise what we hold (RFC 9110 §8.8); null where it gave no such mark. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export type Fetched =
  | ({ outcome: 'fetched'; bytes: Buffer } & Validators)
  /** What we hold is still the newest. */
  | { outcome: 'unchanged' }
  | {
      outcome: 'failed';
      /** Short and stable: `http-503`, `timeout`, `target-denied`, `too-large`… */
      reason: string;
      /** How long the server asks to be left alone, milliseconds. */
      retryAfterMs: number | null;
    };

/** Gets a CRL. Never throws; what comes back is unchecked. */
export type FetchCrl = (url: string, held: Validators | null) => Promise<Fetched>;

export interface OcspQuestion {
  certificate: Certificate;
  issuer: Certificate;
  /** Random octets that the answer should repeat. */
  nonce: Uint8Array;
}

/** Asks an OCSP responder. Never throws; what comes back is unchecked. */
export type FetchOcsp = (url: string, question: OcspQuestion) => Promise<Fetched>;
