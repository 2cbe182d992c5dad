import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router } from 'express';
import { z } from 'zod';
import type { Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { parse } from './validate.ts';

/** The built files of the widget. */
const FILES = join(import.meta.dirname, '..', '..', 'web', 'signer', 'dist');

/** What agencies' pages load themselves; everything else is for the widget's own page alone. */
const ELEMENT = 'edoc-signer.js';

/** Where a remote signing service sends people back to. */
const REMOTE = 'remote.html';

const FrameQuery = z.object({ client: z.string().max(200) });

/** Local signing agents speak over WebSockets of this machine. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws://127.0.0.1:* wss://127.0.0.1:*",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types edoc',
].join('; ');

/**
 * /widget/v1/ on the signing origin: the page that an agency's system frames, and its files. Only pages of the origins
 * that are registered for the system named in `client` may frame it (`frame-ancestors`).
 * @param files folder of the built widget
 */
export function widgetRoutes(x: Stations, files: string = FILES): Router {
  const router = Router();

  router.get('/widget/v1/', async (request, response) => {
    const { client } = parse(FrameQuery, request.query);
    const origins = (await x.clients.find(client))?.signingOrigins ?? [];
    const ancestors = origins.length > 0 ? origins.join(' ') : "'none'";
    response.set('Content-Security-Policy', `${POLICY}; frame-ancestors ${ancestors}`);
    response.removeHeader('X-Frame-Options');
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'strict-origin' });
    send(response, files, 'index.html');
  });

  router.get('/widget/v1/{*path}', (request, response) => {
    const path = ([] as string[]).concat(request.params.path as unknown as string | string[]).join('/');
    if (path === ELEMENT)
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    // Reached in a window of its own, from the service's page; hands the answer to the window that opened it.
    if (path === REMOTE) response.set('Cross-Origin-Opener-Policy', 'unsafe-none');
    // A worker runs under the policy of its own file.
    response.set('Content-Security-Policy', `${POLICY}; frame-ancestors 'none'`);
    response.set('Cache-Control', 'no-cache');
    send(response, files, path);
  });

  return router;
}

/** Never anything outside the folder, nor a file whose name begins with a dot. */
function send(response: Response, root: string, path: string): void {
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path) || !existsSync(join(root, path)))
    throw new TrucError('api.not-found');
  response.sendFile(path, { root, dotfiles: 'deny', etag: false });
}
