import type { Agency, AgencyDraft, Level } from './agency.ts';
import type { Suggestion } from './nearest.ts';

export interface AgencyQuery {
  /** Code of the last agency of the page before (exclusive), in code order; with `since`, opaque text of the page before. */
  after?: string;
  /** 1…500. */
  limit: number;
  level?: Level;
  parentId?: string;
  /** Words of the name, folded (case, diacritics and đ do not matter), or the beginning of a code. */
  text?: string;
  /** Only agencies whose revision is greater: delta sync, in order of revision. */
  since?: number;
}

export interface AgencyPage {
  agencies: Agency[];
  next: string | null;
}

/**
 * The registry of agencies. Reads see the last completed `put`; writes are durable on return. All methods are safe
 * to call concurrently. Must stay fast at 120,000 agencies: every read but a name search is O(log n).
 */
export interface AgencyDirectory {
  /**
   * The agency that a written code meant at a time (milliseconds UTC), canonical or alias; null when nobody had it.
   * A canonical code means its agency whoever else calls it an alias.
   */
  resolve(code: string, at: number): Promise<Agency | null>;
  get(id: string): Promise<Agency | null>;
  list(query: AgencyQuery): Promise<AgencyPage>;
  /** States of one agency, oldest first, with the time from which each was recorded (RFC 3339). */
  history(id: string): Promise<{ recordedAt: string; agency: Agency }[]>;
  /** Writes or replaces agencies by id; each call is one registry change. Returns the new revision. */
  put(agencies: AgencyDraft[], at: number): Promise<number>;
  /** Revision of the last change, 0 for an empty registry. */
  revision(): Promise<number>;
  nearest(code: string, name: string, limit: number): Promise<Suggestion[]>;
}
