import { createRequire } from 'node:module';
import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';
import { REPORT_TITLES } from '../messages/index.ts';
import { chartPng, csv, figureChart } from '../rendering/index.ts';
import {
  type DisclosingDesk,
  type Figures,
  figuresDesk,
  INDICATORS,
  type Indicator,
  REPORTS,
  type ReportName,
  reportTable,
  selected,
} from '../reporting/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { type PeopleService, requirePerson } from './people.ts';
import { preferencesOf } from './preferences.ts';
import { parse } from './validate.ts';

const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const Query = z.object({
  from: Month.optional(),
  to: Month.optional(),
  by: z.enum(['nation', 'level', 'root']).optional(),
});
const FeedQuery = z.object({
  from: Month.optional(),
  to: Month.optional(),
  code: z.enum(Object.keys(INDICATORS) as [keyof typeof INDICATORS]).optional(),
});

const require = createRequire(import.meta.url);
const FONTS = [
  '@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf',
  '@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf',
];

/** Nothing in a picture runs, should a browser show it as a page of its own. */
const PICTURE_POLICY = "default-src 'none'; sandbox";

/** /v1/reports: figures of the state as JSON, CSV, SVG and PNG. For operators and auditors, and systems with `admin`. */
export function figureRoutes(x: DisclosingDesk, tokens: TokenService, people: PeopleService): Router {
  const router = Router();
  const desk = figuresDesk(x);
  const reader = eitherReader(tokens, people);

  router.get('/v1/reports', reader, async (request, response) => {
    const { lang } = preferencesOf(request, response);
    const reports = Object.entries(REPORTS).map(([name, { codes, by }]) => {
      return { name, title: REPORT_TITLES[name as ReportName][lang], codes, by };
    });
    response.json({ reports, ...sourceOf(await desk.figures()) });
  });

  router.get('/v1/reports/:file', reader, async (request, response) => {
    const [, name = '', form = 'json'] =
      /^([a-z-]+)(?:\.(json|csv|svg|png))?$/.exec(String(request.params.file)) ?? [];
    const figures = await desk.figures();
    if (name === 'indicators') return sendFeed(response, figures, parse(FeedQuery, request.query), form);
    if (!Object.hasOwn(REPORTS, name)) throw new TrucError('api.not-found');
    const table = reportTable(figures, name as ReportName, parse(Query, request.query));
    if (form === 'json') return void response.json({ ...table, ...sourceOf(figures) });
    if (form === 'csv') {
      const codes: readonly string[] = REPORTS[table.name].codes;
      const within = figures.indicators.filter(
        (one) => codes.includes(one.code) && one.scope === table.by && table.periods.includes(one.period),
      );
      return sendCsv(response, table.name, within);
    }
    const { lang } = preferencesOf(request, response);
    const svg = figureChart(table, figures, lang);
    response.set('Content-Security-Policy', PICTURE_POLICY);
    if (form === 'svg') response.type('image/svg+xml').send(svg);
    else
      response.type('image/png').send(
        await chartPng(
          svg,
          FONTS.map((file) => require.resolve(file)),
        ),
      );
  });
  return router;
}

/** A system with a token, or a person who is logged in. */
function eitherReader(tokens: TokenService, people: PeopleService): RequestHandler {
  const system = authenticate(tokens, 'admin');
  const person = requirePerson(people, 'operator', 'auditor');
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    return (request.get('authorization') === undefined ? person : system)(request, response, next);
  };
}

/** What the figures follow from: anybody with the disclosed export of this size comes to the same. */
function sourceOf({ log, size, checkpoint }: Figures): { source: Omit<Figures, 'indicators'> } {
  return { source: { log, size, checkpoint } };
}

function sendFeed(
  response: Response,
  figures: Figures,
  query: z.infer<typeof FeedQuery>,
  form: string,
): void {
  const found = selected(figures, query);
  if (form !== 'json' && form !== 'csv') throw new TrucError('api.not-found');
  if (form === 'csv') {
    sendCsv(response, 'indicators', found);
    return;
  }
  const indicators = found.map((one) => ({ ...one, unit: INDICATORS[one.code].unit }));
  response.json({ indicators, ...sourceOf(figures) });
}

function sendCsv(response: Response, name: string, indicators: readonly Indicator[]): void {
  const head = ['indicator', 'period', 'scope', 'key', 'unit', 'value', 'numerator', 'denominator'];
  const rows = indicators.map(({ code, period, scope, key, value, numerator, denominator }) => {
    return [code, period, scope, key, INDICATORS[code].unit, value, numerator, denominator];
  });
  response
    .attachment(`${name}.csv`)
    .type('text/csv')
    .send(csv([head, ...rows]));
}
