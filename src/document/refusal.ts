/** A submission that was turned away. Its bytes are not kept. */
export interface RefusalRecord {
  refusalId: string;
  senderId: string;
  clientId: string;
  /** Problem code, for example `intake.unknown-recipient`. */
  code: string;
  /** SHA-256 of the refused bytes; null where even that may not be kept (state secrets). */
  sha256: string | null;
  /** What makes refusals of a sender with one code identical: the digest, or what stands in for it. */
  fingerprint: string;
  ledgerDoc: string;
  ledgerKey: string;
  /** Verification report as JSON text where signatures were judged. */
  report: string | null;
  at: string;
  /** How often the identical submission was refused. */
  count: number;
}
