import { Router } from 'express';
import { z } from 'zod';
import type { Stations } from '../exchange/index.ts';
import { isoTime, TrucError } from '../kernel/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { jsonBody, parse } from './validate.ts';

const EndpointBody = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '' && new URL(url).password === '', 'no user information'),
  push: z.enum(['notify', 'content']),
  ca: z.string().max(20_000).nullable().default(null),
  active: z.boolean().default(true),
});

/**
 * Webhook endpoints, for administrators. The target is judged at every push, since names and networks change.
 * @param webhookKey public key of webhook signatures, `whpk_` form
 */
export function endpointRoutes(x: Stations, tokens: TokenService, webhookKey: string): Router {
  const router = Router();
  router.get('/v1/webhook-key', (_request, response) => {
    response.json({ publicKey: webhookKey });
  });

  const admin = authenticate(tokens, 'admin');
  const agencyOf = async (code: string) => {
    const agency = await x.agencies.resolve(code, x.clock.now());
    if (!agency) throw new TrucError('agency.unknown', { code });
    return agency;
  };

  router.put('/v1/agencies/:code/endpoint', admin, jsonBody, async (request, response) => {
    const body = parse(EndpointBody, request.body);
    const agency = await agencyOf(request.params.code as string);
    const endpoint = { agencyId: agency.id, ...body, updatedAt: isoTime(x.clock.now()) };
    await x.endpoints.put(endpoint);
    x.queue.wake([agency.id]);
    response.json({ code: agency.code, ...endpoint });
  });

  router.get('/v1/agencies/:code/endpoint', admin, async (request, response) => {
    const agency = await agencyOf(request.params.code as string);
    const endpoint = await x.endpoints.of(agency.id);
    if (!endpoint) throw new TrucError('api.not-found');
    response.json({ code: agency.code, ...endpoint });
  });
  return router;
}
