import type { RequestHandler } from 'express';
import { TrucError } from '../kernel/index.ts';
import type { Readiness } from './health.ts';

/**
 * A draining process still serves, and asks every caller to come over a new connection next time, which then leads
 * elsewhere. A stopping one finishes what it has and takes nothing new; health stays answerable.
 */
export function refuseWhileStopping(readiness: Readiness): RequestHandler {
  return (request, response, next) => {
    const reason = readiness.notReady();
    if (reason === 'draining' || reason === 'stopping') response.set('Connection', 'close');
    if (reason === 'stopping' && request.path !== '/healthz') throw new TrucError('exchange.stopping');
    next();
  };
}
