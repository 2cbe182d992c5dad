import type { FileReport, SignatureReport } from './report.ts';

/**
 * Until when the time-stamps of a file prove its signatures without a later one, milliseconds since 1970 UTC: of each
 * signature the time-stamp that lasts longest, and of the signatures the one that ends first. Counter-signatures sign
 * no content and are left out.
 * @returns null where a signature has no accepted time-stamp, or there is no signature
 */
export function protectedUntil({ signatures }: FileReport): number | null {
  const signing = signatures.filter(({ counterSigns }) => counterSigns === undefined);
  const ends = signing.map(lastsUntil);
  return ends.length === 0 || ends.includes(null) ? null : Math.min(...(ends as number[]));
}

function lastsUntil({ timestamps }: SignatureReport): number | null {
  const ends = timestamps.flatMap(({ indication, validUntil }) =>
    indication === 'TOTAL_PASSED' && validUntil !== null ? [Date.parse(validUntil)] : [],
  );
  return ends.length === 0 ? null : Math.max(...ends);
}
