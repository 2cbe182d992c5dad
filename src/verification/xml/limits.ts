/** Bounds of what is judged, so that no file costs more than it is worth. */
export const LIMITS = {
  bytes: 64 * 1024 * 1024,
  /** Start and end tags and comments together. */
  tags: 50_000,
  depth: 64,
  /** Attributes of one element: canonicalisers sort them by insertion. */
  attributes: 32,
  /** Equals signs in a file: no fewer than there are attributes and namespace declarations. */
  equals: 100_000,
  /** Look-ups of namespace declarations, tags times declarations squared: what canonicalising can come to. */
  namespaceWork: 60_000_000,
  /** Attributes named Id in a file, where one is referred to. */
  ids: 4_000,
  signatures: 16,
  /** References whose content goes through a tree. */
  references: 30,
  /** References of one signature, most of them to files of a container. */
  files: 1_000,
  /** XPath elements of one filter. */
  filters: 8,
  /** Certificates, CRLs and OCSP responses of the unsigned properties. */
  values: 200,
  certificates: 10,
  prefixes: 32,
  /** Characters of an Id, a URI or an algorithm. */
  name: 1_024,
  tokens: 8,
  /** Archive time-stamps of one signature: one every few years. */
  archives: 32,
} as const;

/** How much there is in a file, counted without parsing it. */
export interface Measure {
  bytes: number;
  /** `<`: no fewer than there are elements. */
  tags: number;
  equals: number;
  /** Equals signs between two `<`, at most: no fewer than there are attributes of any element, since no value holds a `<`. */
  widest: number;
  /** `xmlns`: no fewer than there are namespace declarations. */
  declarations: number;
}

/** What a node, and a namespace declaration seen from a node, cost in octets written. */
const NODE_COST = 200;
const DECLARATION_COST = 20;
const LEAST_WORK = 16 * 1024 * 1024;

/** How often the content of a file may be gone through, over all of its signatures. */
export interface Work {
  readonly measure: Measure;
  /** The whole file once more. @returns false when there is no work left */
  whole(): boolean;
  /** A part of the file: all nodes are visited, few octets written. */
  part(): boolean;
}

/** Small files may be gone through many times, large ones about four times. */
export function workFor(measure: Measure): Work {
  const { bytes, tags, equals, declarations } = measure;
  const nodes = NODE_COST * (tags + equals);
  let left = LEAST_WORK + 4 * (bytes + nodes);
  const spend = (cost: number) => {
    left -= cost;
    return left >= 0;
  };
  return {
    measure,
    whole: () => spend(bytes + nodes + DECLARATION_COST * declarations * tags),
    part: () => spend(nodes),
  };
}
