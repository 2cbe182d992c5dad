import type { Month } from './month.ts';

/** What is counted. The definitions of docs/figures.md are part of the contract: a change of one is a new code. */
export const INDICATORS = {
  'documents.exchanged': { unit: 'documents' },
  'leaders.signing': { unit: 'share' },
  'agencies.processing': { unit: 'share' },
  'units.connected': { unit: 'share' },
  'units.sending': { unit: 'share' },
  'units.receiving': { unit: 'share' },
  'matrix.documents': { unit: 'documents' },
  'deliveries.acknowledged': { unit: 'deliveries' },
  'deliveries.on-time': { unit: 'share' },
  'deliveries.latency.p50': { unit: 'seconds' },
  'deliveries.latency.p95': { unit: 'seconds' },
  'deliveries.latency.p99': { unit: 'seconds' },
  'deliveries.registered.on-time': { unit: 'share' },
  'deliveries.submitted.on-time': { unit: 'share' },
  'documents.refused': { unit: 'documents' },
  'documents.recalled': { unit: 'documents' },
  'signatures.verdict': { unit: 'documents' },
} as const;
export type IndicatorCode = keyof typeof INDICATORS;

/**
 * Of what a value is: the nation, a level, a root of the registry (ministry or province, by its code), a pair of levels
 * (`commune>central`), a reason or a verdict.
 */
export type Scope = 'nation' | 'level' | 'root' | 'pair' | 'reason' | 'verdict';

/** One value of one indicator for one month. */
export interface Indicator {
  code: IndicatorCode;
  period: Month;
  scope: Scope;
  key: string;
  /** Whole numbers of the unit; shares in ten-thousandths; null where there is nothing to divide by. */
  value: number | null;
  /** What the share was made of; null for counts. */
  numerator: number | null;
  denominator: number | null;
}

/** A share in ten-thousandths, halves rounded up; whole numbers, so that other programs come to the same. */
export function shareOf(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : Math.floor((numerator * 20_000 + denominator) / (2 * denominator));
}

/**
 * The value that at least `percent` per cent of the values do not exceed (nearest rank); null for none.
 * @param counts how often each value occurs
 */
export function percentile(counts: ReadonlyMap<number, number>, percent: number): number | null {
  const values = [...counts].sort(([a], [b]) => a - b);
  const total = values.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.ceil((total * percent) / 100);
  let seen = 0;
  for (const [value, count] of values) {
    seen += count;
    if (seen >= rank) return value;
  }
  return null;
}
