import { json } from 'express';
import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';

/** Small JSON bodies only; documents never come through here. */
export const jsonBody = json({ limit: '256kb', strict: true });

/** Text that people wrote: well-formed Unicode of characters that XML 1.0 §2.2 can carry on to others. */
export function writtenText(longest: number): z.ZodString {
  return z
    .string()
    .max(longest)
    .regex(/^(?:[\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\u{10000}-\u{10ffff}])*$/u, 'no control characters');
}

/** @throws TrucError `api.invalid-request` with every fault: path and what was expected */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues
    .slice(0, 50)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new TrucError('api.invalid-request', { errors });
}
