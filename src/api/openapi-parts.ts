import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { ProblemSchema } from './schemas.ts';

export const bytes = z.string().meta({ format: 'binary' });
export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemSchema } },
});
const bearer = (scope: string) => [{ oauth: [scope] }];

/** Problems that every authenticated call can meet. */
const COMMON = {
  '401': problem('Chưa xác thực / not authenticated'),
  '403': problem('Thiếu quyền / scope missing'),
  '429': problem('Quá nhanh / too many requests'),
  '503': problem('Quá tải hoặc đang dừng / overloaded or stopping; Retry-After tells when'),
};

/** An operation of an authenticated system. */
export function operation(
  summary: string,
  scope: string,
  rest: Omit<ZodOpenApiOperationObject, 'summary'>,
): ZodOpenApiOperationObject {
  return { summary, security: bearer(scope), ...rest, responses: { ...rest.responses, ...COMMON } };
}
