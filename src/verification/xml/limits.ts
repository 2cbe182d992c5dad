/** Bounds of what is judged, so that no file costs more than it is worth. */
export const LIMITS = {
  bytes: 64 * 1024 * 1024,
  /** Start and end tags and comments together. */
  tags: 100_000,
  depth: 64,
  /** Attributes of one element: canonicalisers sort them by insertion. */
  attributes: 64,
  /** Look-ups of namespace declarations, tags times declarations squared: what canonicalising can come to. */
  namespaceWork: 60_000_000,
  /** Attributes named Id in a file, where one is referred to. */
  ids: 10_000,
  signatures: 16,
  references: 30,
  certificates: 10,
  prefixes: 32,
  /** Characters of an Id, a URI or an algorithm. */
  name: 1_024,
  tokens: 8,
} as const;

/** What one node costs beside its octets when a part of a file is canonicalised: a call out of the parser. */
const TAG_COST = 200;

/** How often the content of a file may be gone through, over all of its signatures. */
export interface Work {
  /** The whole file once more. @returns false when there is no work left */
  whole(): boolean;
  /** A part of the file: all nodes are visited, few octets written. */
  part(): boolean;
}

/**
 * @param bytes size of the file
 * @param tags how many tags it has
 */
export function workFor(bytes: number, tags: number): Work {
  let left = 16 * 1024 * 1024 + 4 * bytes + 12 * TAG_COST * tags;
  const spend = (cost: number) => {
    left -= cost;
    return left >= 0;
  };
  return {
    whole: () => spend(bytes + TAG_COST * tags),
    part: () => spend(TAG_COST * tags),
  };
}
