import { Router } from 'express';
import { z } from 'zod';
import { reportStatus, reportStatusJson, type Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { type BodyBudget, mediaType, readBody } from './body.ts';
import { jsonBody, parse, writtenText } from './validate.ts';

const Staff = z.object({
  department: writtenText(200).default(''),
  staff: writtenText(200).default(''),
  mobile: writtenText(50).default(''),
  email: writtenText(100).default(''),
});

const StatusJson = z.object({
  documentId: z.uuid(),
  code: z.string().regex(/^\d{2}$/),
  description: writtenText(1000).default(''),
  staff: Staff.optional(),
  /** Which of the caller's agencies reports; needed only where several are parties. */
  from: z.string().max(35).optional(),
  /** Addressee of a recall request (13), a recipient's code; needed where there are several. */
  to: z.string().max(35).optional(),
});

/** POST /v1/statuses: an edXML status message as application/xml, or JSON. */
export function statusRoutes(x: Stations, tokens: TokenService, budget: BodyBudget): Router {
  const router = Router();
  const scope = authenticate(tokens, 'statuses');
  router.post('/v1/statuses', scope, async (request, response, next) => {
    if (mediaType(request) === 'application/json') return next();
    if (!['application/xml', 'text/xml'].includes(mediaType(request))) {
      throw new TrucError('api.unsupported-media-type', {
        expected: ['application/xml', 'application/json'],
      });
    }
    const { answer, repeated } = await reportStatus(await readBody(request, budget), callerOf(response), x);
    response.status(repeated ? 200 : 202).json(answer);
  });
  router.post('/v1/statuses', jsonBody, async (request, response) => {
    const status = parse(StatusJson, request.body);
    const { answer, repeated } = await reportStatusJson(status, callerOf(response), x);
    response.status(repeated ? 200 : 202).json(answer);
  });
  return router;
}
