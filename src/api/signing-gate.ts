import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Stations } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { SigningErrorCode } from '../signing/index.ts';
import type { TokenService } from './auth.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { type HttpMetrics, measure } from './metrics.ts';
import { errorHandler } from './problem.ts';
import { signFileRoutes } from './sign-files.ts';
import { signSessionRoutes } from './sign-sessions.ts';
import { refuseWhileStopping } from './stopping.ts';
import { widgetRoutes } from './widget.ts';

export interface SigningGateOptions {
  stations: Stations;
  /** This origin as browsers see it. */
  signingUrl: string;
  metrics: HttpMetrics;
  readiness: Readiness;
  /** Takes a turn of a system's rate. */
  takeTurn: TokenService['takeTurn'];
  /** Folder of the built widget; that of this program where not given. */
  widgetFiles?: string;
}

/** Answers of the protocol are data: nothing in them runs, and no page frames them. */
const NOTHING_RUNS = {
  useDefaults: false,
  directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], sandbox: [] },
};

/**
 * The signing origin: an origin of its own, so that no page of the API or the console shares storage, cookies or script with
 * the widget. Bearer tokens only; no cookie is ever set or read.
 */
export function signingGate({
  stations,
  signingUrl,
  metrics,
  readiness,
  takeTurn,
  widgetFiles,
}: SigningGateOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(
    helmet({
      contentSecurityPolicy: NOTHING_RUNS,
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use(measure(metrics));
  app.use(refuseWhileStopping(readiness));
  app.use(healthRoutes());
  // Agents are no pages: they come with an address that works once, and with nothing else.
  app.use(signFileRoutes(stations, takeTurn));
  app.use('/v1', onlyOurOwnPage(signingUrl), noStore);
  app.use(signSessionRoutes(stations, takeTurn, signingUrl));
  app.use(widgetRoutes(stations, widgetFiles));
  app.use(() => {
    throw new TrucError('api.not-found');
  });
  app.use(errorHandler(stations.log));
  return app;
}

/**
 * Only the widget's own page may call: what changes something must say the signing origin as its Origin, and where a browser
 * says how the page stands to us (Fetch Metadata), it must be the same origin.
 */
function onlyOurOwnPage(signingUrl: string): RequestHandler {
  return (request, _response, next) => {
    const origin = request.get('origin');
    const site = request.get('sec-fetch-site');
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const right = origin === undefined ? reads : origin === new URL(signingUrl).origin;
    if (!right || (site !== undefined && site !== 'same-origin'))
      throw new TrucError<SigningErrorCode>('signing.not-same-origin');
    next();
  };
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
