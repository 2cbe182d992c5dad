import { isTrucError, TrucError } from '../kernel/index.ts';
import { type FileReport, trustStore, type VerificationContext, verifyFile } from '../verification/index.ts';
import { cmsAugmenter } from './augment-cms.ts';
import { pdfAugmenter } from './augment-pdf.ts';
import { xmlAugmenter } from './augment-xml.ts';
import type { Augmenter } from './augmenter.ts';
import type { TimestampClient } from './cms.ts';
import type { SigningErrorCode } from './errors.ts';

/** Levels of EN 319 142-1, EN 319 122-1 and EN 319 132-1 that can be added to signatures afterwards. */
export type AugmentLevel = 'B-T' | 'B-LT' | 'B-LTA';

export interface AugmentInput {
  /** A PDF, a CMS in DER, or an XML file. */
  file: Buffer;
  /** The signed content of a detached CMS or XML signature. */
  detached?: Buffer;
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

const AUGMENTERS: Readonly<Record<string, Augmenter>> = {
  pdf: pdfAugmenter,
  cms: cmsAugmenter,
  xml: xmlAugmenter,
};

/** Whether signatures of files of a format can be augmented. */
export function isAugmentable(format: FileReport['format']): boolean {
  return Object.hasOwn(AUGMENTERS, format);
}

/**
 * Adds what the signatures of a file need to be provable for longer: a time-stamp where one has none (B-T), all that the
 * verdict rests on (B-LT), a time-stamp over both (B-LTA). What is signed stays octet for octet as it is; of a PDF the bytes
 * given stay the beginning of the new ones. The result is judged before it is given; up to B-LT with nothing but the anchors
 * beside the file, so that only the last archive time-stamp rests on what is known elsewhere, until the next one.
 * @throws TrucError `signing.not-augmentable` where the signatures do not pass as they are, `signing.level-not-reached`
 * where data are missing, `signing.pdf-not-usable`, `signing.xml-not-usable`, and what the time-stamp client throws
 */
export async function augmentFile({
  file,
  detached,
  level,
  context,
  ...asked
}: AugmentInput): Promise<Augmented> {
  const options = detached ? { detached } : {};
  const judged = (bytes: Buffer, ctx = context()) => verifyFile(bytes, ctx, options);
  const augmenter = augmenterOf(judged(file));
  const timestamp: TimestampClient = (digest) => asked.timestamp(digest, asked.signal);
  const step = (bytes: Buffer) => {
    const ctx = context();
    return { timestamp, report: judged(bytes, ctx), context: ctx, detached };
  };
  try {
    let bytes = file;
    if (levelOf(judged(bytes)) === 'B-B') bytes = await augmenter.stamp(bytes, step(bytes));
    if (level !== 'B-T') {
      bytes = await augmenter.addData(bytes, step(bytes));
      const ctx = context();
      demandLevel(judged(bytes, { ...ctx, trust: anchorsOnly(ctx) }), 'B-LT');
    }
    if (level === 'B-LTA') bytes = await augmenter.archive(bytes, step(bytes));
    const report = judged(bytes);
    demandLevel(report, level);
    return { bytes, report };
  } catch (error) {
    if (!isTrucError(error, 'signing.der-malformed')) throw error;
    throw notAugmentable(judged(file), error);
  }
}

function augmenterOf(report: FileReport): Augmenter {
  const augmenter = isAugmentable(report.format) ? AUGMENTERS[report.format] : undefined;
  if (augmenter && report.indication === 'TOTAL_PASSED') return augmenter;
  throw notAugmentable(report);
}

function notAugmentable({ format, indication }: FileReport, cause?: unknown): TrucError {
  return new TrucError<SigningErrorCode>('signing.not-augmentable', { format, indication }, cause);
}

function demandLevel(report: FileReport, level: AugmentLevel): void {
  const reached = report.indication === 'TOTAL_PASSED' ? levelOf(report) : report.indication;
  const rank = (one: string) => (ORDER as readonly string[]).indexOf(one);
  if (rank(reached) >= rank(level)) return;
  const errors = [...new Set(report.signatures.flatMap((one) => [...one.errors, ...one.warnings]))];
  throw new TrucError<SigningErrorCode>('signing.level-not-reached', { level, reached, errors });
}

/** The lowest level of all signatures of a file's content; `B-B` where one has none. */
export function levelOf({ signatures }: FileReport): (typeof ORDER)[number] {
  const signing = signatures.filter(({ counterSigns }) => counterSigns === undefined);
  const ranks = signing.map(({ baseline }) => Math.max(0, ORDER.indexOf(baseline ?? 'B-B')));
  return ORDER[Math.min(...ranks)] ?? 'B-B';
}

function anchorsOnly({ trust }: VerificationContext) {
  return trustStore({ anchors: trust.anchors.map(({ der }) => der) });
}
