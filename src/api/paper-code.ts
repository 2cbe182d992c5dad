import { Router } from 'express';
import { z } from 'zod';
import { paperCodeOf, type Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { chartPng, qrSvg } from '../rendering/index.ts';
import { authenticate, callerOf, type TokenService } from './auth.ts';

/** /v1/documents/{id}/paper-code: what a party prints on paper copies of a document, as JSON, SVG or PNG. */
export function paperCodeRoutes(x: Stations, tokens: TokenService, publicUrl: string): Router {
  const router = Router();
  const read = authenticate(tokens, 'inbox');
  router.get('/v1/documents/:id/paper-code{.:form}', read, async (request, response) => {
    const form = z.enum(['json', 'svg', 'png']).safeParse(request.params.form ?? 'json');
    if (!form.success) throw new TrucError('api.not-found');
    const code = await paperCodeOf(String(request.params.id), callerOf(response), x);
    const url = verifyAddress(publicUrl, code);
    if (form.data === 'json') response.json({ code, url });
    else if (form.data === 'svg') response.type('image/svg+xml').send(qrSvg(url));
    else response.type('image/png').send(await chartPng(qrSvg(url), []));
  });
  return router;
}

/** What a QR code on paper says. */
export function verifyAddress(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/verify/${code}`;
}
