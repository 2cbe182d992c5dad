import { Router } from 'express';
import { z } from 'zod';
import type { Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import {
  type Figures,
  figuresDesk,
  type IndicatorCode,
  type Publication,
  publicationsOf,
  publish,
  REPORTS,
  type ReportName,
  type Restatement,
  restatementsOf,
  SETS,
} from '../reporting/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { jsonBody, parse, writtenText } from './validate.ts';

const Month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const Restating = z.object({ period: Month, reason: writtenText(1_000).trim().min(1) });

/** What was told of some months, and what of it is another number now. */
export interface Told {
  publications: Publication[];
  restatements: Restatement[];
}

/** @param names reports whose indicators may be seen */
export async function toldOf(
  { indicators }: Pick<Figures, 'indicators'>,
  names: readonly ReportName[],
  x: Pick<Stations, 'events'>,
): Promise<Told> {
  const codes: ReadonlySet<IndicatorCode> = new Set(names.flatMap((name) => [...REPORTS[name].codes]));
  const told: Told = { publications: [], restatements: [] };
  for (const period of [...new Set(indicators.map((one) => one.period))].sort().reverse()) {
    const versions = await publicationsOf(period, x);
    told.publications.push(...versions.toReversed());
    const differing = restatementsOf(versions, indicators).filter((one) => codes.has(one.code));
    told.restatements.push(...differing);
  }
  return told;
}

/** Everything of a version but its figures. */
export function headOf({ indicators: _, ...head }: Publication): Omit<Publication, 'indicators'> {
  return head;
}

/** /v1/reports/publications: versions of what was told, sets of indicators, and restating a month. */
export function publicationRoutes(x: Stations, tokens: TokenService): Router {
  const router = Router();
  const admin = authenticate(tokens, 'admin');

  router.post('/v1/reports/publications', admin, jsonBody, async (request, response) => {
    const { period, reason } = parse(Restating, request.body);
    if ((await publicationsOf(period, x)).length === 0) throw new TrucError('api.not-found');
    // From the beginning: what a node has counted over months may hold what was destroyed since.
    const figures = await figuresDesk(x).figures();
    const made = await publish(figures, { period, reason: 'restated', note: reason }, x);
    if (made === null) throw new TrucError('api.not-found');
    response.status(made.isNew ? 201 : 200).json(headOf(made.publication));
  });

  router.get('/v1/reports/publications/:period/:version', admin, async (request, response) => {
    const period = parse(Month, request.params.period);
    const versions = await publicationsOf(period, x);
    const found = versions.find((one) => String(one.version) === request.params.version);
    if (!found) throw new TrucError('api.not-found');
    response.json(found);
  });
  return router;
}

/** The answer about what was told, for readers of these reports. */
export async function toldAnswer(
  figures: Figures,
  names: readonly ReportName[],
  x: Pick<Stations, 'events'>,
) {
  const { publications, restatements } = await toldOf(figures, names, x);
  return { sets: SETS, publications: publications.map(headOf), restatements };
}
