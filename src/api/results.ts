import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { DeliveryLog } from '../delivery/index.ts';
import { type ResultTag, tagFaults } from '../document/index.ts';
import {
  type Consent,
  fileOfResult,
  giveConsent,
  resultsOfCase,
  revokeConsent,
  type Stations,
} from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';
import { jsonBody, parse } from './validate.ts';

const ConsentBody = z.object({
  agency: z.string().max(60),
  caseNumber: z.string().max(60),
  purpose: z.string().max(40),
  /** Seconds. */
  lifetime: z.number().int().min(60).max(604_800).default(86_400),
});
const Revocation = z.object({ consent: z.string().max(4_096) });
const Use = z.object({ purpose: z.string().max(40) });

/**
 * What the headers of a submission say of the case whose result it carries: `Truc-Result-Procedure`, `Truc-Result-Case` and, with
 * commas between them, `Truc-Result-Holders`. @throws TrucError `intake.result-malformed`
 */
export function resultOf(request: Request): ResultTag | undefined {
  const [procedure, caseNumber, holders] = ['procedure', 'case', 'holders'].map((name) =>
    request.get(`truc-result-${name}`)?.trim(),
  );
  if (procedure === undefined && caseNumber === undefined && holders === undefined) return undefined;
  const tag = {
    procedure: procedure ?? '',
    caseNumber: caseNumber ?? '',
    holders: holders ? holders.split(/\s*,\s*/) : [],
  };
  const fields = tagFaults(tag);
  if (fields.length > 0) throw new TrucError('intake.result-malformed', { fields });
  return tag;
}

/** /v1/consents and /v1/results: results of public services, looked up by their case with the consent of the citizen. */
export function resultRoutes(x: Stations, log: Pick<DeliveryLog, 'documents'>, tokens: TokenService): Router {
  const router = Router();
  const gives = authenticate(tokens, 'consents');
  const reads = authenticate(tokens, 'inbox');
  const desk = { log, x };

  router.post('/v1/consents', gives, jsonBody, async (request, response) => {
    const consent = await giveConsent(parse(ConsentBody, request.body), callerOf(response), x);
    const { consentId, expiresAt } = consent;
    response.set('Cache-Control', 'no-store').status(201);
    response.json({ consentId, expiresAt, consent: await tokens.consents.sign(consent) });
  });

  router.post('/v1/consents/revoke', gives, jsonBody, async (request, response) => {
    const consent = await tokens.consents.read(parse(Revocation, request.body).consent);
    await revokeConsent(consent, callerOf(response), x);
    response.json({ consentId: consent.consentId, revoked: true });
  });

  router.get('/v1/results/:case', reads, noStore, async (request, response) => {
    const use = useOf(request);
    const results = await resultsOfCase(await consentOf(request, tokens), use, callerOf(response), desk);
    response.json({ caseNumber: use.caseNumber, results });
  });

  router.get('/v1/results/:case/documents/:id/files/:n', reads, noStore, async (request, response) => {
    const number = parse(z.coerce.number().int().min(0).max(100_000), request.params.n);
    const wanted = { ...useOf(request), documentId: String(request.params.id), number };
    const consent = await consentOf(request, tokens);
    const { name, contentType, bytes } = await fileOfResult(consent, wanted, callerOf(response), desk);
    response.attachment(name).type(contentType).send(bytes);
  });
  return router;
}

const noStore: RequestHandler = (_request, response: Response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

function useOf(request: Request) {
  return { caseNumber: String(request.params.case), purpose: parse(Use, request.query).purpose };
}

async function consentOf(request: Request, tokens: TokenService): Promise<Consent> {
  const token = request.get('truc-consent')?.trim();
  if (!token) throw new TrucError('exchange.consent-missing');
  return tokens.consents.read(token);
}
