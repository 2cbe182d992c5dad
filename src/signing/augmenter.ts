import type { FileReport, VerificationContext } from '../verification/index.ts';
import type { TimestampClient } from './cms.ts';

/** What a step has beside the file. */
export interface Stamping {
  timestamp: TimestampClient;
  /** The verdict on the file as it is. */
  report: FileReport;
  context: VerificationContext;
  detached: Buffer | undefined;
}

/** How the signatures of one format get what proves them for longer. Each step gives a new file. */
export interface Augmenter {
  /** A time-stamp for each signature that has none that is accepted (level T). */
  stamp(file: Buffer, stamping: Stamping): Promise<Buffer>;
  /** Certificates and revocation data for all that the verdict rests on (level LT). */
  addData(file: Buffer, stamping: Stamping): Promise<Buffer>;
  /** A time-stamp over signatures, content and what proves them (level LTA). */
  archive(file: Buffer, stamping: Stamping): Promise<Buffer>;
}
