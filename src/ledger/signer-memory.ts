/** The last head that a signer has signed. */
export interface SignedHead {
  origin: string;
  size: number;
  /** 32 bytes. */
  root: Buffer;
}

/**
 * What a signer remembers apart from the log, so that a log restored from an old copy is not signed a second time
 * in another way. It must not be restored from the same backup as the log.
 */
export interface SignerMemory {
  load(): Promise<SignedHead | null>;
  /**
   * Keeps the head. A later `load` gives the last head saved, after a process crash too; after a power cut perhaps a
   * slightly earlier one, never anything else.
   * @throws TrucError `ledger.forked` where other nodes may save too and one has kept a larger head, or another of this size
   */
  save(head: SignedHead): Promise<void>;
}
