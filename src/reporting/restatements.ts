import type { Indicator, IndicatorCode, Scope } from './indicators.ts';
import type { Month } from './month.ts';
import type { Publication, PublicationReason } from './publication.ts';

/** A value as one version told it; null where that version had none. */
export interface ToldValue {
  version: number;
  value: number | null;
  at: string | null;
  reason: PublicationReason;
  note: string;
}

/** A figure that was told once and is another now. */
export interface Restatement {
  code: IndicatorCode;
  period: Month;
  scope: Scope;
  key: string;
  /** From the first version on. */
  told: ToldValue[];
  /** As it is counted now; it differs from the last version where that has not been restated yet. */
  now: number | null;
}

/**
 * Figures whose versions differ, or which are counted otherwise now than they were told last.
 * @param publications of one month, the first version first
 * @param current all indicators as they are counted now
 */
export function restatementsOf(
  publications: readonly Publication[],
  current: readonly Indicator[],
): Restatement[] {
  const period = publications[0]?.period;
  if (period === undefined) return [];
  const now = byName(current.filter((one) => one.period === period));
  const versions = publications.map((one) => ({ ...one, values: byName(one.indicators) }));
  const names = new Set([...now.keys(), ...versions.flatMap((one) => [...one.values.keys()])]);
  return [...names].sort().flatMap((name) => {
    const told = versions.map(({ version, at, reason, note, values }) => {
      return { ...{ version, at, reason, note }, value: values.get(name)?.value ?? null };
    });
    const value = now.get(name)?.value ?? null;
    if (told.every((one) => one.value === value)) return [];
    const [code, scope, key = ''] = name.split('\t') as [IndicatorCode, Scope, string];
    return [{ ...{ code, period, scope, key }, told, now: value }];
  });
}

function byName(indicators: readonly Indicator[]): Map<string, Indicator> {
  return new Map(indicators.map((one) => [`${one.code}\t${one.scope}\t${one.key}`, one]));
}
