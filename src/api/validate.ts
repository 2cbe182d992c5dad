import { json } from 'express';
import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';

const VIETNAMESE = z.locales.vi().localeError;
const MOST_ISSUES = 50;

/** Small JSON bodies only; documents never come through here. */
export const jsonBody = json({ limit: '256kb', strict: true });

/** Text that people wrote: well-formed Unicode of characters that XML 1.0 §2.2 can carry on to others. */
export function writtenText(longest: number): z.ZodString {
  return z
    .string()
    .max(longest)
    .regex(/^(?:[\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\u{10000}-\u{10ffff}])*$/u, 'no control characters');
}

/** `limit` of a list: `usual` where it is absent or unreadable, 500 at most. */
export function pageLimit(usual: number) {
  return z.coerce
    .number()
    .int()
    .min(1)
    .catch(usual)
    .transform((n) => Math.min(n, 500));
}

/** @throws TrucError `api.invalid-request` with every fault as `issues`: path and what was expected, in both languages */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const vietnamese = schema.safeParse(value, { error: VIETNAMESE }).error?.issues ?? [];
  const issues = result.error.issues.slice(0, MOST_ISSUES).map((issue, i) => ({
    path: issue.path.join('.'),
    en: issue.message,
    vi: vietnamese[i]?.message ?? issue.message,
  }));
  throw new TrucError('api.invalid-request', { issues });
}
