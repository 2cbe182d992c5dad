import { TrucError } from '../kernel/index.ts';
import {
  type FileReport,
  trustStore,
  type VerificationContext,
  validationMaterial,
  verifyFile,
} from '../verification/index.ts';
import type { TimestampClient } from './cms.ts';
import { addDocumentTimestamp } from './embed.ts';
import type { SigningErrorCode } from './errors.ts';
import { addValidationData } from './long-term.ts';

/** Levels of EN 319 142-1 that can be added to signatures afterwards. */
export type AugmentLevel = 'B-T' | 'B-LT' | 'B-LTA';

export interface AugmentInput {
  pdf: Buffer;
  level: AugmentLevel;
  timestamp: TimestampClient;
  /** Ends the wait for a time-stamp early. */
  signal?: AbortSignal;
  /** Trust, policy and time of validation, asked anew for every step: tokens are newer than the start. */
  context(): VerificationContext;
}

export interface Augmented {
  bytes: Buffer;
  /** The verdict on the new bytes. */
  report: FileReport;
}

const ORDER = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;

/**
 * Adds what the signatures of a PDF need to be provable for longer: a document time-stamp where a signature has none
 * (B-T), a security store with all that the verdict rests on (B-LT), a document time-stamp over both (B-LTA). Only
 * increments are added: the bytes given stay the beginning of the new ones. The result is judged before it is given,
 * from B-LT on with nothing but the anchors beside the file.
 * @throws TrucError `signing.not-augmentable` where the signatures do not pass as they are, `signing.level-not-reached`
 * where data are missing, `signing.pdf-not-usable`, and what the time-stamp client throws
 */
export async function augmentPdf({ pdf, level, context, ...asked }: AugmentInput): Promise<Augmented> {
  demandPassed(verifyFile(pdf, context()));
  let bytes = pdf;
  const timestamp: TimestampClient = (digest) => asked.timestamp(digest, asked.signal);
  const stamped = async () => {
    bytes = await addDocumentTimestamp({ pdf: bytes, fieldName: freeName(bytes), timestamp });
  };
  if (levelOf(verifyFile(bytes, context())) === 'B-B') await stamped();
  if (level !== 'B-T') bytes = addValidationData(bytes, validationMaterial(bytes, context()));
  if (level === 'B-LTA') await stamped();
  const ctx = context();
  const report = verifyFile(bytes, level === 'B-T' ? ctx : { ...ctx, trust: anchorsOnly(ctx) });
  demandLevel(report, level);
  return { bytes, report };
}

function demandPassed(report: FileReport): void {
  if (report.format === 'pdf' && report.indication === 'TOTAL_PASSED') return;
  throw new TrucError<SigningErrorCode>('signing.not-augmentable', {
    format: report.format,
    indication: report.indication,
  });
}

function demandLevel(report: FileReport, level: AugmentLevel): void {
  const reached = report.indication === 'TOTAL_PASSED' ? levelOf(report) : report.indication;
  const rank = (one: string) => (ORDER as readonly string[]).indexOf(one);
  if (rank(reached) >= rank(level)) return;
  const errors = [...new Set(report.signatures.flatMap((one) => [...one.errors, ...one.warnings]))];
  throw new TrucError<SigningErrorCode>('signing.level-not-reached', { level, reached, errors });
}

/** The lowest level of all signatures in the file; `B-B` where one has none. */
export function levelOf({ signatures }: FileReport): (typeof ORDER)[number] {
  const ranks = signatures.map(({ baseline }) => Math.max(0, ORDER.indexOf(baseline ?? 'B-B')));
  return ORDER[Math.min(...ranks)] ?? 'B-B';
}

function anchorsOnly({ trust }: VerificationContext) {
  return trustStore({ anchors: trust.anchors.map(({ der }) => der) });
}

/** Document time-stamps of ours are numbered by what is there. */
function freeName(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  let n = 1;
  while (text.includes(`(TrucTimestamp${n})`)) n++;
  return `TrucTimestamp${n}`;
}
