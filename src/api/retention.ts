import { Router } from 'express';
import { z } from 'zod';
import { dropContent, listPeriods, type Stations } from '../exchange/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { parse } from './validate.ts';

const Period = z.object({ period: z.string().regex(/^\d{4}-Q[1-4]$/) });

/** /v1/retention: how long content is kept, by quarters, and the end of what has been kept long enough. */
export function retentionRoutes(x: Stations, tokens: TokenService): Router {
  const router = Router();
  const admin = authenticate(tokens, 'admin');

  router.get('/v1/retention', admin, async (_request, response) => {
    response.json({ contentYears: x.contentYears, items: await listPeriods(x) });
  });

  router.post('/v1/retention/:period/drop', admin, async (request, response) => {
    response.json(await dropContent(parse(Period, request.params).period, x));
  });
  return router;
}
