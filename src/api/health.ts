import { Router } from 'express';
import type { Registry } from 'prom-client';

export interface Readiness {
  /** Null when requests may come, else why not. */
  notReady(): string | null;
}

/** /healthz: the process lives. Open to all; says nothing else. */
export function healthRoutes(): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  return router;
}

/** /readyz and /metrics, for the operations bind. */
export function operationsRoutes(readiness: Readiness, registry: Registry): Router {
  const router = Router();
  router.get('/readyz', (_request, response) => {
    const reason = readiness.notReady();
    response
      .status(reason === null ? 200 : 503)
      .json(reason === null ? { status: 'ready' } : { status: 'not-ready', reason });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
