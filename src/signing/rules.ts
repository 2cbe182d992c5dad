import { z } from 'zod';
import { CAPACITIES, type Capacity } from './act.ts';
import decree30 from './rules/nd-30-2020.json' with { type: 'json' };

const rule = <Value extends z.ZodType>(value: Value) => z.strictObject({ source: z.string(), value });
const titles = rule(z.array(z.string().min(1)));
const capacities = rule(z.array(z.enum(CAPACITIES)));

const rulesForm = z.strictObject({
  name: z.string(),
  source: z.string(),
  /** Vietnam's dates on which the rules count, both included. */
  validFrom: z.iso.date(),
  validUntil: z.iso.date().nullable(),
  /** Beginnings of titles, lower case. */
  deputyTitles: titles,
  actingTitles: titles,
  /** Forms of signing that are the head's own. */
  headCapacities: capacities,
  /** Forms that rest on a registered delegation. */
  delegatedCapacities: capacities,
  limitedInTime: capacities,
  notPassedOn: capacities,
});

/** Who may sign in which form, as data with the articles; a later decree is another file. */
export type SigningRules = z.output<typeof rulesForm>;

const RULES: readonly SigningRules[] = [rulesForm.parse(decree30)];

/** The rules that are in force on a day. @param day `YYYY-MM-DD`, Vietnam's */
export function rulesOn(day: string): SigningRules {
  return inForceOn(day, RULES);
}

/**
 * Of several decrees' rules those in force on a day, the latest where none is.
 * @param day `YYYY-MM-DD`, Vietnam's
 * @param rules at least one, the earliest first
 */
export function inForceOn<Rules extends { validFrom: string; validUntil: string | null }>(
  day: string,
  rules: readonly Rules[],
): Rules {
  const found = rules.find(
    ({ validFrom, validUntil }) => validFrom <= day && (validUntil === null || day <= validUntil),
  );
  return found ?? (rules.at(-1) as Rules);
}

/**
 * Whether a title of the registry allows a form of signing that needs no delegation: the head signs directly or for a
 * collective body, a deputy for the head, an acting head as such.
 */
export function titleAllows(rules: SigningRules, capacity: Capacity, title: string | null): boolean {
  const written = title?.normalize('NFC').trim().toLowerCase() ?? '';
  if (written === '') return false;
  const begins = (list: readonly string[]) => list.some((one) => written.startsWith(one));
  if (capacity === 'KT') return begins(rules.deputyTitles.value);
  if (capacity === 'Q') return begins(rules.actingTitles.value);
  return rules.headCapacities.value.includes(capacity) && !begins(rules.deputyTitles.value);
}
