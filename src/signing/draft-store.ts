import type { PendingEvent } from '../document/index.ts';
import type { Draft, DraftVersion } from './draft.ts';

export type Extension = 'extended' | 'behind' | 'number-taken';

/**
 * Drafts and their versions. Nothing that was written is ever changed: a draft only grows, by one version at a time.
 * Durable on return; an event is there exactly when its version is.
 */
export interface DraftStore {
  /** Keeps a new draft with its first version; one that has its agency and reference already stays, and is what comes back. */
  add(draft: Draft, event: PendingEvent): Promise<{ draft: Draft; added: boolean }>;
  get(documentId: string): Promise<Draft | null>;
  /** All drafts, in order of documentId, from the first after the one given (empty: from the beginning). */
  list(query: { after: string; limit: number }): Promise<Draft[]>;
  /**
   * Appends a version if the newest one is still the one before it (`version.version - 1`), and if its number is no other
   * draft's (`numberKeyOf`). Of callers that come at once one wins. Nothing is written unless it says `extended`.
   * @returns `behind` also where there is no such draft
   */
  extend(documentId: string, version: DraftVersion, event: PendingEvent): Promise<Extension>;
}
