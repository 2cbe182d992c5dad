import { TrucError } from '../kernel/index.ts';
import type { VerificationErrorCode } from './errors.ts';

/** Octets whose digest costs about as much as one RSA-2048 verification. */
const OCTETS_A_UNIT = 65_536;
/** So that a small file unpacks to some tens of megabytes at most, and a larger one to eight times its size more. */
const UNPACKED_OCTETS_A_UNIT = 8_192;
/** Objects that are read and parsed in the time of one RSA-2048 verification. */
const OBJECTS_A_UNIT = 8;
const UNITS_AT_LEAST = 5_000;
/** How often every octet of a file may be digested: files of many signatures digest their beginning many times. */
const DIGESTS_OF_EVERY_OCTET = 64;

/** Units that the verification now running may still spend; verifications are synchronous, so there is one at a time. */
let left = Number.POSITIVE_INFINITY;

/** The work that a file of this size (octets) may cost: counted in RSA-2048 verifications, never in seconds. */
export function budgetFor(size: number): number {
  return UNITS_AT_LEAST + (size / OCTETS_A_UNIT) * DIGESTS_OF_EVERY_OCTET;
}

/**
 * Runs a verification that may spend so many units.
 * @returns null when they did not suffice: what a verification concludes after its last unit is worth nothing, whoever
 * caught the error
 */
export function withinBudget<Value>(units: number, run: () => Value): Value | null {
  const outer = left;
  left = units;
  try {
    const value = run();
    return left < 0 ? null : value;
  } catch (error) {
    if (left >= 0) throw error;
    return null;
  } finally {
    left = outer;
  }
}

/** Pays for one public-key operation. @param bits of the key @throws TrucError `verification.limit-exceeded` */
export function spendOnKey(bits: number): void {
  spend(Math.max(1, (bits / 2_048) ** 2));
}

/** Pays for digesting. @throws TrucError `verification.limit-exceeded` */
export function spendOnDigest(octets: number): void {
  spend(octets / OCTETS_A_UNIT);
}

/** Pays for octets that were unpacked: they cost time once, and memory as long as the file is judged. */
export function spendOnUnpacked(octets: number): void {
  spend(octets / UNPACKED_OCTETS_A_UNIT);
}

/** Pays for reading one object of a file that is walked through. */
export function spendOnObject(): void {
  spend(1 / OBJECTS_A_UNIT);
}

/** Ends the verification: what it would need is more than any file may. @throws TrucError `verification.limit-exceeded` */
export function exhaust(): never {
  // Outside of a budget nobody counts, and the next verification must not pay for this one.
  if (Number.isFinite(left)) left = -1;
  throw limitExceeded();
}

function limitExceeded(): TrucError<VerificationErrorCode> {
  return new TrucError<VerificationErrorCode>('verification.limit-exceeded');
}

function spend(units: number): void {
  left -= units;
  if (left >= 0) return;
  throw limitExceeded();
}
