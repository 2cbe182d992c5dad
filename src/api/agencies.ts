import { Router } from 'express';
import { z } from 'zod';
import { type Agency, type AgencyDirectory, LEVELS } from '../agency/index.ts';
import { changeRegistry, type Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { jsonBody, pageLimit, parse, writtenText } from './validate.ts';

const AgencyQuery = z.object({
  limit: pageLimit(50),
  after: z.string().max(100).optional(),
  level: z.enum(LEVELS).optional(),
  parent: z.string().max(35).optional(),
  q: writtenText(100).min(1).optional(),
  since: z.coerce.number().int().min(0).optional(),
});

/** Holding undecidable documents is the recipient's wish; the operator sets it down. */
const Settings = z.object({ holdIndeterminate: z.boolean() });

const AtQuery = z.object({ at: z.iso.datetime({ offset: true }).or(z.iso.date()).optional() });

/** /v1/agencies: the registry, with paging, ETags, delta sync (`since`) and history. */
export function agencyRoutes(x: Stations, tokens: TokenService): Router {
  const router = Router();
  // Any authenticated system may read the directory: `inbox` is the scope that all of them have.
  const reader = authenticate(tokens, 'inbox');
  const admin = authenticate(tokens, 'admin');

  router.get('/v1/agencies', reader, async (request, response) => {
    const query = parse(AgencyQuery, request.query);
    const revision = await x.agencies.revision();
    const etag = `"r${revision}"`;
    response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (request.get('if-none-match') === etag) {
      response.status(304).end();
      return;
    }
    const parentId =
      query.parent === undefined ? undefined : (await known(x.agencies, query.parent, x.clock.now())).id;
    const page = await x.agencies.list({
      limit: query.limit,
      ...(query.after === undefined ? {} : { after: query.after }),
      ...(query.level === undefined ? {} : { level: query.level }),
      ...(parentId === undefined ? {} : { parentId }),
      ...(query.q === undefined ? {} : { text: query.q }),
      ...(query.since === undefined ? {} : { since: query.since }),
    });
    const items = await Promise.all(page.agencies.map((agency) => publicAgency(agency, x.agencies)));
    response.json({ items, next: page.next, revision });
  });

  router.get('/v1/agencies/:code', reader, async (request, response) => {
    const { at } = parse(AtQuery, request.query);
    const time = at === undefined ? x.clock.now() : Date.parse(at);
    const agency = await known(x.agencies, request.params.code as string, time);
    response.set('ETag', `"r${agency.revision}"`);
    response.json(
      await publicAgency(await stateAt(agency, at === undefined ? null : time, x.agencies), x.agencies),
    );
  });

  router.get('/v1/agencies/:code/history', reader, async (request, response) => {
    const agency = await known(x.agencies, request.params.code as string, x.clock.now());
    const states = await x.agencies.history(agency.id);
    response.json({
      items: await Promise.all(
        states.map(async (state) => ({
          recordedAt: state.recordedAt,
          agency: await publicAgency(state.agency, x.agencies),
        })),
      ),
    });
  });

  router.put('/v1/agencies/:code/settings', admin, jsonBody, async (request, response) => {
    const settings = parse(Settings, request.body);
    const { revision: _, ...agency } = await known(x.agencies, request.params.code as string, x.clock.now());
    const by = `system:${callerOf(response).clientId}`;
    await changeRegistry([{ ...agency, ...settings }], 'settings', by, x);
    response.json(await publicAgency((await x.agencies.get(agency.id)) as Agency, x.agencies));
  });

  return router;
}

async function known(agencies: AgencyDirectory, code: string, at: number): Promise<Agency> {
  const agency = await agencies.resolve(code, at);
  if (agency) return agency;
  throw new TrucError('agency.unknown', { code, suggestions: await agencies.nearest(code, '', 3) });
}

/** The state that was recorded last at a time; the present one when nothing is that old. */
async function stateAt(agency: Agency, at: number | null, agencies: AgencyDirectory): Promise<Agency> {
  if (at === null) return agency;
  const states = await agencies.history(agency.id);
  return states.findLast((state) => Date.parse(state.recordedAt) <= at)?.agency ?? agency;
}

/** Public fields of the registry: endpoints and contacts are not among them. */
async function publicAgency(agency: Agency, agencies: AgencyDirectory) {
  const codeOf = async (id: string | null) => (id === null ? null : ((await agencies.get(id))?.code ?? null));
  return {
    id: agency.id,
    code: agency.code,
    name: agency.name,
    level: agency.level,
    parent: await codeOf(agency.parentId),
    validFrom: agency.validFrom,
    validTo: agency.validTo,
    locked: agency.lockedSince !== null,
    successor: await codeOf(agency.successorId),
    aliases: agency.aliases,
    holdIndeterminate: agency.holdIndeterminate,
    revision: agency.revision,
  };
}
