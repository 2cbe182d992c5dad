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
