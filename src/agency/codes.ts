/** QĐ 20/2020: groups of digits and capitals, level 1 first, at most 35 characters. */
const NEW_FORM = /^[0-9A-Z]+(\.[0-9A-Z]+){0,9}$/;
/** QCVN 102:2016: four groups `V1V2V3.Z1Z2.Y1Y2.MX`, level 1 last. */
const OLD_FORM = /^[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z][0-9]{2}$/;

export function isNewForm(code: string): boolean {
  return code.length <= 35 && NEW_FORM.test(code);
}

export function isOldForm(code: string): boolean {
  return OLD_FORM.test(code);
}

/** Trims and upper-cases: how codes are compared. Inner spaces and other signs stay, so that they are refused. */
export function normalCode(written: string): string {
  return written.trim().toUpperCase();
}

/**
 * The code that results from turning the groups of an old code round and dropping the empty ones
 * (`000.29.32.H53` → `H53.32.29`). Inferred from public data, not an official rule: only ever a suggestion.
 */
export function suggestNewForm(old: string): string | null {
  if (!isOldForm(old)) return null;
  const groups = old.split('.').reverse();
  const kept = groups.filter((group, i) => i === 0 || !/^0+$/.test(group));
  return kept.join('.');
}
