import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';
import type { AlertErrorCode } from './errors.ts';
import { MEASURES, type Reading } from './measure.ts';

const Rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  measure: z.enum(MEASURES),
  /** Only readings under one of these labels; all where absent. */
  labels: z.array(z.string().max(200)).max(100).optional(),
  /** The alarm is on this side of the limit. */
  when: z.enum(['above', 'below']),
  limit: z.number().finite(),
  /** It must hold for so long before anybody is told. */
  forSeconds: z.number().int().min(0).max(86_400),
  severity: z.enum(['warning', 'critical']),
});

/** A rule of when somebody is to be told. */
export type AlertRule = z.infer<typeof Rule>;

const Rules = z
  .array(Rule)
  .max(200)
  .refine((all) => new Set(all.map((one) => one.id)).size === all.length, 'ids are not unique');

/** What is watched where nothing else is said; `docs/operating.md` has a runbook for each. */
export const DEFAULT_RULES: readonly AlertRule[] = [
  rule('waiting-express', 'oldest-waiting-seconds', 'above', 900, {
    labels: ['3', '4'],
    severity: 'critical',
  }),
  rule('waiting-urgent', 'oldest-waiting-seconds', 'above', 7_200, { labels: ['1', '2'] }),
  rule('waiting-normal', 'oldest-waiting-seconds', 'above', 86_400, { labels: ['0'] }),
  rule('endpoint-failing', 'dead-letters', 'above', 0, { forSeconds: 300 }),
  rule('certificate-ends', 'certificate-days', 'below', 30),
  rule('crl-ends', 'crl-hours', 'below', 1, { forSeconds: 1_800, severity: 'critical' }),
  rule('tsa-slow', 'tsa-seconds', 'above', 60, { forSeconds: 300 }),
  rule('clock-apart', 'clock-apart-seconds', 'above', 5, { forSeconds: 60, severity: 'critical' }),
  rule('disk-fills', 'disk-days', 'below', 14, { forSeconds: 3_600 }),
  rule('ledger-no-writer', 'ledger-fault', 'above', 0, { forSeconds: 30, severity: 'critical' }),
  rule('ledger-behind', 'ledger-lag-seconds', 'above', 120, { forSeconds: 60, severity: 'critical' }),
  rule('ledger-inconsistent', 'ledger-inconsistent', 'above', 0, { severity: 'critical' }),
];

function rule(
  id: string,
  measure: AlertRule['measure'],
  when: AlertRule['when'],
  limit: number,
  { labels, forSeconds = 0, severity = 'warning' }: Partial<AlertRule> = {},
): AlertRule {
  return { id, measure, when, limit, forSeconds, severity, ...(labels ? { labels } : {}) };
}

/**
 * Rules from JSON text: an array of rules, which replaces the default ones.
 * @throws TrucError `alerts.rules-invalid` with what is wrong where
 */
export function rulesFrom(text: string): readonly AlertRule[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TrucError<AlertErrorCode>('alerts.rules-invalid', { cause: 'not-json' }, error);
  }
  const parsed = Rules.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new TrucError<AlertErrorCode>('alerts.rules-invalid', {
    cause: issue?.message ?? '',
    path: issue?.path.join('.') ?? '',
  });
}

/** Whether a rule is about a reading, whatever its value. */
export function isAbout(rule: AlertRule, { measure, label }: Reading): boolean {
  return measure === rule.measure && (rule.labels === undefined || rule.labels.includes(label));
}

/** Whether a reading is beyond the limit of a rule. */
export function isBeyond({ when, limit }: AlertRule, { value }: Reading): boolean {
  return when === 'above' ? value > limit : value < limit;
}
