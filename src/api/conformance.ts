import { Router } from 'express';
import { checkConformance } from '../edxml/index.ts';
import type { Stations } from '../exchange/index.ts';
import { edxmlFaultSentence, languageOf } from '../messages/index.ts';
import { authenticate, type TokenService } from './auth.ts';
import { type BodyBudget, readBody } from './body.ts';

/** POST /v1/conformance: every fault of an edXML file at once; nothing is stored. */
export function conformanceRoutes(x: Stations, tokens: TokenService, budget: BodyBudget): Router {
  const router = Router();
  router.post('/v1/conformance', authenticate(tokens, 'verify', 'submissions'), async (request, response) => {
    const report = checkConformance(await readBody(request, budget), {
      now: x.clock.now(),
      limits: x.limits,
    });
    const language = languageOf(request.get('accept-language'));
    response.json({
      ...report,
      faults: report.faults.map((fault) => ({ ...fault, message: edxmlFaultSentence(fault, language) })),
    });
  });
  return router;
}
