import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { INDICATORS, REPORTS } from '../reporting/index.ts';
import { bytes, json, operation, problem } from './openapi-parts.ts';

const code = z.enum(Object.keys(INDICATORS) as [keyof typeof INDICATORS]);
const month = z.string().regex(/^\d{4}-\d{2}$/);
const value = z.int().nullable();

const source = z.object({
  log: z.string(),
  size: z.int(),
  checkpoint: z
    .string()
    .meta({ description: 'Signed note, verbatim: the figures follow from the log of this size.' }),
});

export const IndicatorFeedSchema = z.object({
  indicators: z.array(
    z.object({
      ...{ code, period: month, scope: z.string(), key: z.string(), unit: z.string() },
      ...{ value, numerator: value, denominator: value },
    }),
  ),
  source,
});

export const ReportTableSchema = z.object({
  name: z.string(),
  unit: z.string(),
  by: z.string(),
  periods: z.array(month),
  rows: z.array(z.object({ code, key: z.string(), values: z.array(value) })),
  source,
});

export const ReportListSchema = z.object({
  reports: z.array(
    z.object({ name: z.string(), title: z.string(), codes: z.array(code), by: z.array(z.string()) }),
  ),
  source,
});

const publication = {
  ...{ period: month, version: z.int(), set: z.string(), note: z.string() },
  reason: z.enum(['month-over', 'set-changed', 'restated']),
  ...{ source, at: z.iso.datetime().nullable(), index: z.int().nullable() },
};

export const ToldSchema = z.object({
  sets: z.array(z.object({ name: z.string(), version: z.int(), codes: z.array(code) })),
  publications: z.array(z.object(publication)),
  restatements: z.array(
    z.object({
      ...{ code, period: month, scope: z.string(), key: z.string(), now: value },
      told: z.array(
        z.object({
          ...{ version: z.int(), value, at: z.iso.datetime().nullable(), note: z.string() },
          reason: publication.reason,
        }),
      ),
    }),
  ),
});

const months = { from: month.optional(), to: month.optional() };
const names = z.enum(Object.keys(REPORTS) as [keyof typeof REPORTS]);
const forms = (schema: z.ZodType) => ({ ...json(schema), 'text/csv': { schema: bytes } });

/** Figures of the state (docs/figures.md). People who are logged in as operator or auditor read them too. */
export const figurePaths: ZodOpenApiPathsObject = {
  '/v1/reports': {
    get: operation('Các báo cáo / the reports that there are', 'admin', {
      responses: { '200': { description: 'Danh mục / list', content: json(ReportListSchema) } },
    }),
  },
  '/v1/reports/indicators.{form}': {
    get: operation('Chỉ số / every indicator, for other systems', 'admin', {
      requestParams: {
        path: z.object({ form: z.enum(['json', 'csv']) }),
        query: z.object({ ...months, code: code.optional() }),
      },
      responses: { '200': { description: 'Chỉ số / indicators', content: forms(IndicatorFeedSchema) } },
    }),
  },
  '/v1/reports/quarter/{quarter}.{form}': {
    get: operation('Báo cáo quý / the quarterly report', 'admin', {
      requestParams: {
        path: z.object({
          quarter: z.string().regex(/^\d{4}-Q[1-4]$/),
          form: z.enum(['pdf', 'xlsx']),
        }),
        query: z.object({ lang: z.enum(['vi', 'en']).optional() }),
      },
      responses: {
        '200': {
          description: 'Báo cáo / report',
          content: {
            'application/pdf': { schema: bytes },
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { schema: bytes },
          },
        },
        '404': problem('Không có quý này / no such quarter'),
      },
    }),
  },
  '/v1/reports/publications': {
    get: operation('Số đã công bố / what was told once, and what of it is another number now', 'admin', {
      responses: { '200': { description: 'Các phiên bản / versions', content: json(ToldSchema) } },
    }),
    post: operation('Công bố lại một tháng / restate a month', 'admin', {
      requestBody: { required: true, content: json(z.object({ period: month, reason: z.string() })) },
      responses: {
        '201': { description: 'Phiên bản mới / the next version', content: json(z.object(publication)) },
        '200': {
          description: 'Không có gì khác / nothing differs: the last version',
          content: json(z.object(publication)),
        },
        '404': problem('Tháng chưa được công bố / never published'),
      },
    }),
  },
  '/v1/reports/publications/{period}/{version}': {
    get: operation('Một phiên bản / one version, whole', 'admin', {
      requestParams: { path: z.object({ period: month, version: z.int() }) },
      responses: {
        '200': {
          description: 'Phiên bản / version',
          content: json(
            z.object({
              ...publication,
              indicators: z.array(
                z.object({
                  code,
                  period: month,
                  scope: z.string(),
                  key: z.string(),
                  value,
                  numerator: value,
                  denominator: value,
                }),
              ),
            }),
          ),
        },
        '404': problem('Không có / unknown'),
      },
    }),
  },
  '/v1/reports/{name}.{form}': {
    get: operation('Báo cáo / one report as data or picture', 'admin', {
      requestParams: {
        path: z.object({ name: names, form: z.enum(['json', 'csv', 'svg', 'png']) }),
        query: z.object({ ...months, by: z.enum(['nation', 'level', 'root']).optional() }),
      },
      responses: {
        '200': {
          description: 'Báo cáo / report',
          content: {
            ...forms(ReportTableSchema),
            'image/svg+xml': { schema: bytes },
            'image/png': { schema: bytes },
          },
        },
        '404': problem('Không có báo cáo này / no such report'),
      },
    }),
  },
};
