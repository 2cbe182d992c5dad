import type { LegalValue } from './document.ts';

/** What a later judgement of a document said. */
export interface LaterVerdict {
  /** From 1: the first report is the record's own. */
  number: number;
  /** RFC 3339 UTC. */
  at: string;
  /** Verdict on the main attachment. */
  indication: string;
  legalValue: LegalValue;
  /** Exact JSON text of the report; its digest is in the ledger. */
  report: string;
}

/** A document that could not be judged to the end when it came. All times RFC 3339 UTC. */
export interface Review {
  documentId: string;
  openedAt: string;
  /** When it is to be judged again; null: no more. */
  dueAt: string | null;
  /** Judgements so far that changed nothing. */
  tries: number;
  /** Oldest first; each differs from the one before it. */
  verdicts: LaterVerdict[];
  /** How many of them are in the ledger and told to the parties. */
  announced: number;
}

/** Documents to be judged again, and what came of it. Writes are durable on return. */
export interface ReviewBook {
  /** Begins a review that is due at `dueAt`; one that is there stays as it is. */
  open(documentId: string, openedAt: string, dueAt: string): Promise<void>;
  /** Reviews whose time has come, the longest due first; due again at `until`, so that each is handed to one caller. */
  claim(when: { now: string; until: string; limit: number }): Promise<Review[]>;
  get(documentId: string): Promise<Review | null>;
  /** @returns false when a verdict with this number is there, or the one before it is not */
  add(documentId: string, verdict: LaterVerdict): Promise<boolean>;
  settle(documentId: string, state: Pick<Review, 'dueAt' | 'tries' | 'announced'>): Promise<void>;
}
