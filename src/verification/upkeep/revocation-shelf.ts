/** Where something about the revocation of certificates is to be had, again and again. */
export interface RevocationSource {
  /** The same for the same question, on every node. */
  key: string;
  kind: 'crl' | 'ocsp';
  url: string;
  /** OCSP: the certificate asked about; CRL: null. DER, base64. */
  certificate: string | null;
  /** The authority of the certificate, or of the certificates that name the list's address; null for a configured one. */
  issuer: string | null;
}

/** A checked CRL or OCSP response. All times RFC 3339 UTC. */
export interface HeldAnswer {
  sha256: string;
  size: number;
  thisUpdate: string;
  nextUpdate: string | null;
  etag: string | null;
  lastModified: string | null;
  fetchedAt: string;
}

/** How a source stands. All times RFC 3339 UTC. */
export interface SourceState {
  key: string;
  kind: RevocationSource['kind'];
  url: string;
  /** Last time that somebody had a use for it. */
  seenAt: string;
  /** When it is to be asked again. */
  nextAt: string;
  /** Failures since the last answer. */
  failures: number;
  /** Why the last attempt brought nothing; null where it did. */
  reason: string | null;
  held: HeldAnswer | null;
}

export type ClaimedSource = SourceState & Pick<RevocationSource, 'certificate' | 'issuer'>;

export interface Settlement {
  key: string;
  nextAt: string;
  failures: number;
  reason: string | null;
  /** A new answer in place of the held one, unless that has a later thisUpdate. */
  answer?: { held: HeldAnswer; der: Uint8Array };
}

/**
 * The CRLs and OCSP responses that all nodes of an installation hold, and where they come from. It can be filled again
 * from the network, so losing it costs time and no truth. Writes are durable on return.
 */
export interface RevocationShelf {
  /** Adds the sources that are not there, to be asked at once, and notes that all were seen at `at`. */
  want(sources: readonly RevocationSource[], at: string): Promise<void>;
  /**
   * Sources whose time has come, the longest due first. They are due again at `until`: each is handed to one caller, who
   * settles it before.
   */
  claim(when: { now: string; until: string; limit: number }): Promise<ClaimedSource[]>;
  settle(settlement: Settlement): Promise<void>;
  /** Every source, in order of the keys. */
  states(): Promise<SourceState[]>;
  /** The held answer; null where it is not this one any more. */
  read(key: string, sha256: string): Promise<Buffer | null>;
  /** Drops the sources that nobody has seen since `before`, with their answers. @returns how many */
  forget(before: string): Promise<number>;
}
