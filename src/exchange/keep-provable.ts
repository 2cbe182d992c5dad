import { TrucError } from '../kernel/index.ts';
import { type AugmentLevel, isAugmentable, levelOf, type SigningErrorCode } from '../signing/index.ts';
import { type FileReport, protectedUntil, verifyFile } from '../verification/index.ts';
import { type AugmentedPlace, augmentNext, isReached, readKept, recordedOf } from './augmented-files.ts';
import type { Stations } from './stations.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A policy may say tomorrow that an algorithm ends, so nothing is left alone for longer. */
const LONGEST_REST_MS = 180 * DAY;

export interface Care {
  /** New files. */
  made: number;
  /** When to look again, milliseconds UTC; null: never. */
  next: number | null;
}

const NEVER: Care = { made: 0, next: null };

/**
 * Looks at a signed file (its newest augmented form) and adds what the policy wants and is not there: the level, or a
 * further time-stamp shortly before the last one ends.
 * @param bytes as they came
 * @throws TrucError as `augmentNext`; `signing.not-augmentable` too where the verdict may still become another one
 */
export async function keepProvable(
  place: AugmentedPlace,
  bytes: Buffer,
  x: Stations,
  signal: AbortSignal,
): Promise<Care> {
  const newest = (await recordedOf(place.subject, x))
    .filter((one) => one.attachment === place.attachment)
    .at(-1);
  const source = { newest, bytes: newest ? await readKept(newest, x) : bytes };
  const report = verifyFile(source.bytes, x.verification());
  const { format, indication } = report;
  if (!isAugmentable(format) || indication === 'NO_SIGNATURE' || indication === 'TOTAL_FAILED') return NEVER;
  if (indication !== 'TOTAL_PASSED')
    throw new TrucError<SigningErrorCode>('signing.not-augmentable', { format, indication });
  const { level } = x.verification().policy.augmentation.value;
  const wanted = level as AugmentLevel;
  const reached = isReached(levelOf(report), wanted);
  const dueAt = reached ? renewalOf(report, x) : null;
  if (reached && (dueAt === null || dueAt > x.clock.now())) return rest(0, dueAt, x);
  const before = protectedUntil(report) ?? Number.NEGATIVE_INFINITY;
  // An authority that has not renewed its own certificate yet gives a token that ends no later than the last one.
  const worth = (made: FileReport) => !reached || (protectedUntil(made) ?? before) > before;
  const made = await augmentNext(place, source, wanted, x, { signal, worth });
  return rest(made.kept === newest ? 0 : 1, halfWay(made.report, x), x);
}

function rest(made: number, next: number | null, x: Stations): Care {
  const latest = x.clock.now() + LONGEST_REST_MS;
  return { made, next: Math.min(next ?? latest, latest) };
}

/** When the next time-stamp is due; null where the level needs none. */
function renewalOf(report: FileReport, x: Stations): number | null {
  const { level, renewBefore } = x.verification().policy.augmentation.value;
  const end = level === 'B-LTA' ? protectedUntil(report) : null;
  return end === null ? null : end - renewBefore;
}

/** An authority whose certificate is about to end anyhow is not asked again and again. */
function halfWay(report: FileReport, x: Stations): number | null {
  const renewal = renewalOf(report, x);
  const end = protectedUntil(report);
  if (renewal === null || end === null) return renewal;
  const now = x.clock.now();
  return Math.max(renewal, now + Math.max((end - now) / 2, HOUR));
}
