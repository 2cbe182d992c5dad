import { isTrucError } from '../kernel/index.ts';
import { parseEntry } from './entry.ts';

/** What a replay remembers of each document. */
export interface DocumentChains {
  /** Takes the log's next entry. */
  add(bytes: Buffer, leaf: Buffer, index: number): void;
  /** How many documents were submitted; other chains are of people, agencies, drafts and the like. */
  documents(): number;
}

type ChainCode = 'audit.time-decreased' | 'audit.sequence-gap' | 'audit.chain-broken' | 'audit.unreadable';

/** Checks entry after entry that times never decrease and that every document's entries form one chain without gaps. */
export function documentChains(
  find: (code: ChainCode, at: string, cause?: string | null) => void,
): DocumentChains {
  const tails = new Map<string, { seq: number; leaf: Buffer }>();
  let submitted = 0;
  let lastAt = '';
  return {
    add: (bytes, leaf, index) => {
      const at = String(index);
      try {
        const entry = parseEntry(bytes);
        const tail = tails.get(entry.doc);
        // RFC 3339 in one fixed form sorts as text.
        if (entry.at < lastAt) find('audit.time-decreased', at);
        if (entry.seq !== (tail?.seq ?? 0) + 1) find('audit.sequence-gap', at);
        if (entry.prev !== (tail?.leaf.toString('hex') ?? null)) find('audit.chain-broken', at);
        if (entry.seq === 1 && entry.type === 'document.submitted') submitted++;
        lastAt = entry.at;
        tails.set(entry.doc, { seq: entry.seq, leaf });
      } catch (error) {
        if (!isTrucError(error)) throw error;
        find('audit.unreadable', at, error.code);
      }
    },
    documents: () => submitted,
  };
}
