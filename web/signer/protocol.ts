/** What the element in the agency's page and the page of the signing origin say to each other over one MessagePort. Never a key, a PIN or a token of the session. */

export type Language = 'vi' | 'en';

export const THEMES = ['auto', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

export type SignerState =
  | 'idle'
  | 'loading'
  | 'reviewing'
  | 'connecting'
  | 'choosing'
  | 'preparing'
  | 'confirming'
  | 'signing'
  | 'signed'
  | 'cancelled'
  | 'failed';

/** First message of the element, to the exact origin, with the port. */
export const HELLO = 'edoc-hello';

export type ToPage =
  | { kind: 'open'; ticket: string; user: string | null; lang: Language; theme: Theme }
  | { kind: 'cancel' };

export interface Signed {
  documentId: string;
  version: number;
  sha256Signed: string;
  level: string;
  signedAt: string;
  ledgerIndex: number;
}

export type ToElement =
  | { kind: 'here' }
  | { kind: 'state'; state: SignerState }
  | { kind: 'ready'; documentId: string; sha256: string; pages: number }
  | { kind: 'signed'; signed: Signed }
  | { kind: 'cancelled'; by: 'user' | 'host' }
  | { kind: 'error'; code: string; retryable: boolean };
