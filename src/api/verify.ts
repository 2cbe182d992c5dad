import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import type { RateLimiter } from '../agency/index.ts';
import type { DeliveryLog } from '../delivery/index.ts';
import { publicProof, type Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { VERIFY_WORDS } from '../messages/index.ts';
import { pageScript } from './page-assets.ts';
import { pageErrorHandler, sendPage } from './pages.ts';
import { preferencesOf } from './preferences.ts';
import { askPage, nothingPage, proofPage } from './verify-page.ts';

export interface VerifyOptions {
  stations: Stations;
  log: Pick<DeliveryLog, 'documents' | 'subjectAt'>;
  limiter: RateLimiter;
}

/** Look-ups from one address; the pages of one visitor need three. */
const TURNS = { count: 60, perMs: 60_000 };
const DIGEST = /^[0-9a-f]{64}$/;

/** /verify: anybody checks a file by its digest, or a paper by its code. */
export function verifyRoutes({ stations: x, log, limiter }: VerifyOptions): Router {
  const router = Router();
  const turn: RequestHandler = async (request, response, next) => {
    const wait = await limiter.take(`verify:${neighbourhood(request.ip ?? '')}`, TURNS);
    if (wait > 0) throw new TrucError('api.rate-limited', { retryAfter: Math.ceil(wait / 1_000) });
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  };

  router.get('/verify', turn, (request, response) => {
    const typed = typeof request.query.q === 'string' ? request.query.q.normalize('NFC').trim() : '';
    const key = keyOf(typed);
    if (key !== null) return response.redirect(303, `/verify/${key}`);
    const page = askPage(preferencesOf(request, response).lang, typed === '' ? null : typed);
    show(request, response, page, typed === '' ? 200 : 400);
  });

  router.get('/verify/consistency', turn, async (request, response) => {
    const size = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
    const sizes = z.object({ first: size, second: size }).safeParse(request.query);
    const known = await x.reader.size();
    if (!sizes.success || sizes.data.first > sizes.data.second || sizes.data.second > known)
      throw new TrucError('api.invalid-request');
    const path = await x.reader.consistencyProof(sizes.data.first, sizes.data.second);
    response.json({ path: path.map((one) => one.toString('base64')) });
  });

  router.get('/verify/:key', turn, async (request, response) => {
    const { lang } = preferencesOf(request, response);
    const typed = String(request.params.key);
    const key = keyOf(typed);
    const proof = key === null ? null : await publicProof(key, log, x);
    if (key === null || proof === null) show(request, response, nothingPage(typed, lang), 404);
    else show(request, response, proofPage(proof, key, lang));
  });

  router.get('/verify/:key/receipt.json', turn, async (request, response) => {
    const key = keyOf(String(request.params.key));
    const proof = key === null ? null : await publicProof(key, log, x);
    if (proof === null) throw new TrucError('api.not-found');
    response.json(proof.receipt);
  });

  router.use('/verify', pageErrorHandler(x.log, frame));
  return router;
}

/** A digest, or a code with the characters that codes are typed in; null for everything else. */
function keyOf(typed: string): string | null {
  const digest = typed.replace(/\s/g, '').toLowerCase();
  if (DIGEST.test(digest)) return digest;
  const code = typed
    .toUpperCase()
    .replace(/\s/g, '-')
    .replace(/\p{Pd}+/gu, '-');
  return /^[0-9A-Z-]{13,40}$/.test(code) && /\d/.test(code) ? code : null;
}

function frame(request: Request, response: Response) {
  return { area: { name: VERIFY_WORDS.area[preferencesOf(request, response).lang], href: '/verify' } };
}

function show(request: Request, response: Response, page: ReturnType<typeof askPage>, status = 200): void {
  const script = pageScript('public');
  const scripts = script === null ? [] : [script];
  sendPage(request, response, frame(request, response), { ...page, scripts }, status);
}

/** One household or office has a whole /64 of IPv6 (RFC 6177): its addresses are counted together. */
export function neighbourhood(ip: string): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip;
  const [head = [], tail = []] = ip.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...zeros, ...tail].slice(0, 4).join(':');
}
