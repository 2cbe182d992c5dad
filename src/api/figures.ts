import { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { type Clock, TrucError } from '../kernel/index.ts';
import { REPORT_TITLES } from '../messages/index.ts';
import { chartPng, csv, figureChart } from '../rendering/index.ts';
import {
  type DisclosingDesk,
  type Figures,
  figuresDesk,
  INDICATORS,
  type Indicator,
  type IndicatorCode,
  REPORTS,
  type ReportName,
  reportTable,
  selected,
} from '../reporting/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { chartFonts, PICTURE_POLICY } from './chart-fonts.ts';
import { sendFiguresPage } from './figures-page.ts';
import { type PeopleService, requirePerson } from './people.ts';
import { preferencesOf } from './preferences.ts';
import { toldAnswer, toldOf } from './publications.ts';
import { quarterFile } from './quarter.ts';
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
  code: z.enum(Object.keys(INDICATORS) as [IndicatorCode]).optional(),
});

/** Counting again for every reader would be work that strangers can ask for. */
const FRESH_MS = 5_000;

/** What everybody may read where figures are public: nothing about single agencies, no reasons of refusals. */
const PUBLIC: readonly ReportName[] = [
  'exchanged',
  'leaders-signing',
  'agencies-processing',
  'units-connected',
  'matrix',
  'on-time',
];

export interface FigureOptions {
  desk: DisclosingDesk & { clock: Clock };
  tokens: TokenService;
  people: PeopleService;
  /** Whether /figures is open to everybody. */
  open: boolean;
}

/**
 * /v1/reports: figures of the state as JSON, CSV, SVG and PNG, for operators and auditors, and systems with `admin`. /figures: the ones
 * for the public as a page and open data; for the same readers only, unless they are open.
 */
export function figureRoutes({ desk: x, tokens, people, open }: FigureOptions): Router {
  const router = Router();
  const desk = figuresDesk(x, { clock: x.clock, everyMs: FRESH_MS });
  const reader = eitherReader(tokens, people);
  const visitor = open ? forAll : reader;

  router.get('/v1/reports', reader, async (request, response) => {
    const { lang } = preferencesOf(request, response);
    const reports = Object.entries(REPORTS).map(([name, { codes, by }]) => {
      return { name, title: REPORT_TITLES[name as ReportName][lang], codes, by };
    });
    response.json({ reports, ...sourceOf(await desk.figures()) });
  });
  router.get('/v1/reports/publications', reader, async (_request, response) => {
    response.json(await toldAnswer(await desk.figures(), Object.keys(REPORTS) as ReportName[], x));
  });
  router.get('/figures/publications.json', visitor, async (_request, response) => {
    response.json(await toldAnswer(await desk.figures(), PUBLIC, x));
  });
  router.get('/v1/reports/quarter/:file', reader, quarterFile(desk, Object.keys(REPORTS) as ReportName[]));
  router.get('/v1/reports/:file', reader, fileOf(desk, Object.keys(REPORTS) as ReportName[]));

  router.get('/figures', visitor, async (request, response) => {
    const figures = await desk.figures();
    sendFiguresPage(request, response, figures, PUBLIC, await toldOf(figures, PUBLIC, x));
  });
  router.get('/figures/quarter/:file', visitor, quarterFile(desk, PUBLIC));
  router.get('/figures/:file', visitor, fileOf(desk, PUBLIC));
  return router;
}

const forAll: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'public, max-age=60');
  next();
};

/** A system with a token, or a person who is logged in. */
function eitherReader(tokens: TokenService, people: PeopleService): RequestHandler {
  const system = authenticate(tokens, 'admin');
  const person = requirePerson(people, 'operator', 'auditor');
  return (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    return (request.get('authorization') === undefined ? person : system)(request, response, next);
  };
}

/** One report, or all indicators of these reports, in the form that the name ends in. */
function fileOf(desk: { figures(): Promise<Figures> }, names: readonly ReportName[]): RequestHandler {
  const codes: ReadonlySet<string> = new Set(names.flatMap((name) => REPORTS[name].codes));
  return async (request, response) => {
    const file = String(request.params.file);
    const [, name = '', form = 'json'] = /^([a-z-]+)(?:\.(json|csv|svg|png))?$/.exec(file) ?? [];
    const figures = await desk.figures();
    if (name === 'indicators') {
      const all = selected(figures, parse(FeedQuery, request.query));
      return sendFeed(
        response,
        figures,
        all.filter((one) => codes.has(one.code)),
        form,
      );
    }
    const known = names.find((one) => one === name);
    if (known === undefined) throw new TrucError('api.not-found');
    const { lang } = preferencesOf(request, response);
    await sendReport(response, figures, { name: known, form, query: parse(Query, request.query), lang });
  };
}

interface Asked {
  name: ReportName;
  form: string;
  query: z.infer<typeof Query>;
  lang: 'vi' | 'en';
}

async function sendReport(response: Response, figures: Figures, asked: Asked): Promise<void> {
  const { name, form, query, lang } = asked;
  const table = reportTable(figures, name, query);
  if (form === 'json') {
    response.json({ ...table, ...sourceOf(figures) });
    return;
  }
  if (form === 'csv') {
    const codes: readonly string[] = REPORTS[name].codes;
    const within = selected(figures, query).filter(
      (one) => codes.includes(one.code) && one.scope === table.by,
    );
    sendCsv(response, name, within);
    return;
  }
  const svg = figureChart(table, figures, lang);
  response.set('Content-Security-Policy', PICTURE_POLICY);
  if (form === 'svg') response.type('image/svg+xml').send(svg);
  else {
    response.type('image/png').send(await chartPng(svg, chartFonts()));
  }
}

/** What the figures follow from: anybody with the disclosed export of this size comes to the same. */
function sourceOf({ log, size, checkpoint }: Figures): { source: Omit<Figures, 'indicators'> } {
  return { source: { log, size, checkpoint } };
}

function sendFeed(response: Response, figures: Figures, found: readonly Indicator[], form: string): void {
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
