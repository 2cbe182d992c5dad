import { Router } from 'express';
import type { Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { tileAt } from '../ledger/index.ts';

/**
 * /ledger: C2SP tlog-tiles, open to anyone's client. The current shard is served under /ledger and under /ledger/<shard>.
 * @param vkey the log's public key in C2SP vkey form
 */
export function ledgerRoutes(x: Stations, shard: string, vkey: string): Router {
  const router = Router();
  for (const base of ['/ledger', `/ledger/${shard}`]) {
    router.get(`${base}/checkpoint`, async (_request, response) => {
      response
        .set('Cache-Control', 'no-cache')
        .type('text/plain')
        .send(String(await x.reader.checkpoint()));
    });
    router.get(`${base}/vkey`, (_request, response) => {
      response.type('text/plain').send(`${vkey}\n`);
    });
    router.get(new RegExp(`^${base}/(tile/.+)$`), async (request, response) => {
      const tile = await tileAt(x.reader, request.params[0] as string);
      if (tile === null) throw new TrucError('api.not-found');
      response.set('Cache-Control', tile.full ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.type('application/octet-stream').send(tile.bytes);
    });
  }
  return router;
}
