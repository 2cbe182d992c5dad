import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { bytes, json, operation, problem } from './openapi-parts.ts';
import { ReceiptSchema, ResultTagSchema } from './schemas.ts';

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const legalValue = z.enum(['replaces_paper', 'for_information']);

export const ConsentAnswerSchema = z
  .object({
    consentId: z.uuid(),
    expiresAt: time,
    consent: z.string().meta({ description: 'signed; goes to the asking agency, whole, and nowhere else' }),
  })
  .meta({ id: 'Consent' });

export const ResultsSchema = z
  .object({
    caseNumber: z.string(),
    results: z.array(
      ResultTagSchema.extend({
        documentId: z.uuid(),
        sender: z.object({ code: z.string(), name: z.string() }),
        codeNumber: z.string(),
        promulgationDate: z.string(),
        typeName: z.string(),
        standing: z.enum(['in-force', 'recalled', 'replaced', 'updated']),
        standingSince: time.nullable(),
        legalValue,
        verification: z.object({
          indication: z.string(),
          latest: z.object({ indication: z.string(), legalValue, at: time }).optional(),
        }),
        acceptedAt: time.nullable(),
        files: z.array(
          z.object({
            ...{ number: z.int(), name: z.string(), contentType: z.string(), size: z.int(), sha256 },
            role: z.enum(['main', 'annex']),
          }),
        ),
        receipt: ReceiptSchema,
      }),
    ),
  })
  .meta({ id: 'Results' });

const consentHeader = z.object({ 'Truc-Consent': z.string() });
const purpose = z.object({
  purpose: z
    .string()
    .meta({ description: 'the procedure in which the result is reused, as the consent has it' }),
});
const casePath = z.object({ case: z.string() });
const refusals = {
  '403': problem(
    'Không có, hết hạn, đã rút hoặc không đúng phiếu / no consent, expired, revoked, or another',
  ),
  '404': problem('Chưa có kết quả / no result'),
};

/** Results of public services (docs/results.md). */
export const resultPaths: ZodOpenApiPathsObject = {
  '/v1/consents': {
    post: operation('Ghi nhận sự đồng ý / a consent of a citizen', 'consents', {
      requestBody: {
        required: true,
        content: json(
          z.object({
            agency: z.string().meta({ description: 'code of the agency that asks' }),
            caseNumber: z.string(),
            purpose: z.string(),
            lifetime: z.int().min(60).max(604_800).default(86_400).optional(),
          }),
        ),
      },
      responses: {
        '201': { description: 'Phiếu đồng ý / consent', content: json(ConsentAnswerSchema) },
        '422': problem('Không đúng dạng / malformed'),
      },
    }),
  },
  '/v1/consents/revoke': {
    post: operation('Rút lại sự đồng ý / revoke a consent', 'consents', {
      requestBody: { required: true, content: json(z.object({ consent: z.string() })) },
      responses: {
        '200': {
          description: 'Đã rút / revoked',
          content: json(z.object({ consentId: z.uuid(), revoked: z.literal(true) })),
        },
        '403': problem('Không phải của hệ thống này / not of this system'),
      },
    }),
  },
  '/v1/results/{case}': {
    get: operation('Kết quả của một hồ sơ / results of a case', 'inbox', {
      requestParams: { path: casePath, query: purpose, header: consentHeader },
      responses: { '200': { description: 'Kết quả / results', content: json(ResultsSchema) }, ...refusals },
    }),
  },
  '/v1/results/{case}/documents/{id}/files/{n}': {
    get: operation('Tệp của kết quả / a file of a result', 'inbox', {
      requestParams: {
        path: casePath.extend({ id: z.uuid(), n: z.int() }),
        query: purpose,
        header: consentHeader,
      },
      responses: {
        '200': { description: 'Tệp / file', content: { 'application/octet-stream': { schema: bytes } } },
        ...refusals,
        '409': problem('Đã thu hồi / recalled'),
      },
    }),
  },
};
