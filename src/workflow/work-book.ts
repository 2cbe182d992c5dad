import type { PendingEvent } from '../document/index.ts';
import type { WorkFile } from './file.ts';
import type { RegisterName } from './words.ts';

export type Replacement = 'replaced' | 'behind' | 'number-taken';

export interface FileQuery {
  /** Null for those of all agencies. */
  agencyId: string | null;
  kind?: WorkFile['kind'];
  /** The file of this draft or document. */
  documentId?: string;
  /** Files whose turn is any of these. */
  turns?: readonly string[];
  /** Files in one of these states. */
  states?: readonly string[];
  /** Files older than this fileId; empty: from the newest. */
  before: string;
  limit: number;
}

export interface RegisterQuery {
  agencyId: string;
  register: RegisterName;
  year: number;
  /** Numbers greater than this. */
  after: number;
  limit: number;
}

/**
 * Files of the clerical work, outgoing and incoming. A file changes one revision at a time. Durable on return; an event is
 * there exactly when its change is.
 */
export interface WorkBook {
  /** Keeps a new file; one that its agency has for that document already stays, and is what comes back. */
  add(file: WorkFile, event: PendingEvent): Promise<{ file: WorkFile; added: boolean }>;
  get(fileId: string): Promise<WorkFile | null>;
  /**
   * Puts a file in the place of the revision before it (`file.revision - 1`), if its number is no other file's
   * (`lineKeyOf`). Of callers that come at once one wins. Nothing is written unless it says `replaced`.
   * @returns `behind` also where there is no such file
   */
  replace(file: WorkFile, events: readonly PendingEvent[]): Promise<Replacement>;
  /** Newest first. */
  list(query: FileQuery): Promise<WorkFile[]>;
  /** The lines of a register in the order of their numbers. */
  register(query: RegisterQuery): Promise<WorkFile[]>;
  /** The highest number of a register's year and series; 0 before the first. */
  lastNumber(agencyId: string, register: RegisterName, year: number, series: string): Promise<number>;
  /** Files to which something is still owed, unchanged since `before` (RFC 3339 UTC), oldest first. */
  unfinished(before: string, limit: number): Promise<WorkFile[]>;
}
