import { parseEntry, wrongRequestField } from './entry.ts';

export interface AppendRequest {
  /** 32 bytes; the same idem is one entry for ever. */
  idem: Buffer;
  doc: string;
  type: string;
  erds: string | null;
  /** Hex, from `commitFacts`. */
  commit: string | null;
}

export interface Appended {
  index: number;
  /** Exact bytes. */
  entry: Buffer;
  leafHash: Buffer;
  seq: number;
  prev: string | null;
  /** RFC 3339 UTC with milliseconds. */
  at: string;
  /** True when the idem had its entry before this request. */
  replayed: boolean;
  /** Size of a signed checkpoint that covers the entry. */
  size: number;
}

/** Name of the field that has no place in an entry, or null. */
export function wrongField(request: AppendRequest): string | null {
  return request.idem.length === 32 ? wrongRequestField(request) : 'idem';
}

/** Whether an entry is the one that the request asks for. */
export function sameContent(request: AppendRequest, entry: Buffer): boolean {
  const { type, erds, doc, commit } = parseEntry(entry);
  return type === request.type && erds === request.erds && doc === request.doc && commit === request.commit;
}
