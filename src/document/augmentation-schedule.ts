/** When the signatures of a document or a draft's version are to be looked at next. All times RFC 3339 UTC. */
export interface ScheduledAugmentation {
  /** documentId of a document; of a draft with `|` and the signed version. */
  subjectId: string;
  kind: 'document' | 'draft';
  /** Null: no more. */
  dueAt: string | null;
  /** Attempts in a row that failed. */
  tries: number;
  /** Code of the last failure; null after success. */
  failure: string | null;
}

/** What is walked through to fill the schedule. */
export type AugmentationWalk = 'documents' | 'drafts';

/**
 * What is to be augmented when. Nothing rests on it alone: from an empty one, walking through all documents gives the same
 * work again. Writes are durable on return.
 */
export interface AugmentationSchedule {
  /** Puts in what is not there; what is there stays as it is. */
  open(wanted: readonly Pick<ScheduledAugmentation, 'subjectId' | 'kind'>[], dueAt: string): Promise<void>;
  /** What has come due, the longest due first; due again at `until`, so that each is handed to one caller. */
  claim(when: { now: string; until: string; limit: number }): Promise<ScheduledAugmentation[]>;
  settle(outcome: Pick<ScheduledAugmentation, 'subjectId' | 'dueAt' | 'tries' | 'failure'>): Promise<void>;
  get(subjectId: string): Promise<ScheduledAugmentation | null>;
  /** How many are due before `now`, and how many failed the last time and will be tried again. */
  count(now: string): Promise<{ due: number; failing: number }>;
  /** How far a walk has come; empty at the beginning. */
  mark(walk: AugmentationWalk): Promise<string>;
  /** Moves a mark; never back. */
  moveMark(walk: AugmentationWalk, to: string): Promise<void>;
}
