import { isIP } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { DeliveryLog } from '../delivery/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { WorkDesk } from '../workflow/index.ts';
import { agencyRoutes } from './agencies.ts';
import type { TokenService } from './auth.ts';
import type { BodyBudget } from './body.ts';
import { conformanceRoutes } from './conformance.ts';
import { deliveryRoutes } from './deliveries.ts';
import { docsRoutes } from './docs.ts';
import { documentRoutes } from './documents.ts';
import { endpointRoutes } from './endpoints.ts';
import { figureRoutes } from './figures.ts';
import { healthRoutes, operationsRoutes, type Readiness } from './health.ts';
import { inboxRoutes } from './inbox.ts';
import { ledgerRoutes } from './ledger.ts';
import { type LoginOptions, loginRoutes } from './login.ts';
import { type HttpMetrics, measure } from './metrics.ts';
import { assetRoutes } from './page-assets.ts';
import { paperCodeRoutes } from './paper-code.ts';
import { errorHandler } from './problem.ts';
import { publicationRoutes } from './publications.ts';
import { resultRoutes } from './results.ts';
import { retentionRoutes } from './retention.ts';
import { signDocumentRoutes } from './sign-documents.ts';
import { statusRoutes } from './statuses.ts';
import { refuseWhileStopping } from './stopping.ts';
import { tokenRoutes } from './token.ts';
import { verificationRoutes } from './verifications.ts';
import { verifyRoutes } from './verify.ts';
import { workRoutes } from './work.ts';

export interface GateOptions {
  stations: WorkDesk;
  tokens: TokenService;
  /** Where anybody's look-ups find documents. */
  log: DeliveryLog;
  budget: BodyBudget;
  publicUrl: string;
  /** The signing origin. */
  signingUrl: string;
  /** Last part of the ledger origin. */
  shard: string;
  vkey: string;
  /** Public key of webhook signatures, `whpk_` form of the Standard Webhooks specification. */
  webhookKey: string;
  leaseSeconds: number;
  /** Ends long polls when the process drains. */
  stopping: AbortSignal;
  metrics: HttpMetrics;
  readiness: Readiness;
  /** How people log in; pages of people are behind `requirePerson(login.people, …)`. */
  login: LoginOptions;
  /** Pages of rooms that come after this one, which lie on the same origin. */
  pages: readonly RequestHandler[];
  /** Whether /figures is open to everybody. */
  publicFigures: boolean;
  /** Addresses of proxies whose word on the caller's address counts. */
  trustedProxies: readonly string[];
}

/** What agencies send is never a page of ours: nothing in an answer runs, should a browser show it. /docs has its own policy. */
const NOTHING_RUNS = {
  useDefaults: false,
  directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], sandbox: [] },
};

/** The public gate. */
export function publicGate(options: GateOptions): Express {
  const { stations, tokens } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', options.trustedProxies.filter(isAddress));
  app.use(helmet({ contentSecurityPolicy: NOTHING_RUNS }));
  app.use(measure(options.metrics));
  app.use(refuseWhileStopping(options.readiness));
  app.use(healthRoutes());
  app.use(assetRoutes());
  app.head('/v1/{*rest}', refuseHead);
  app.use(tokenRoutes(tokens));
  app.use(documentRoutes(stations, tokens, options.budget, options.publicUrl));
  app.use(
    inboxRoutes(stations, tokens, {
      leaseSeconds: options.leaseSeconds,
      stopping: options.stopping,
    }),
  );
  app.use(deliveryRoutes(stations, tokens));
  app.use(retentionRoutes(stations, tokens));
  app.use(statusRoutes(stations, tokens, options.budget));
  app.use(agencyRoutes(stations, tokens));
  app.use(endpointRoutes(stations, tokens, options.webhookKey));
  app.use(conformanceRoutes(stations, tokens, options.budget));
  app.use(verificationRoutes(stations, tokens, options.budget));
  app.use(signDocumentRoutes(stations, tokens, options.budget, options.signingUrl));
  app.use(workRoutes(stations, tokens, options.signingUrl));
  app.use(loginRoutes(options.login));
  for (const area of options.pages) app.use(area);
  const { people } = options.login;
  app.use(publicationRoutes(stations, tokens));
  app.use(figureRoutes({ desk: stations, tokens, people, open: options.publicFigures }));
  const { limiter } = options.login;
  app.use(verifyRoutes({ stations, log: options.log, limiter }));
  app.use(resultRoutes(stations, options.log, tokens));
  app.use(paperCodeRoutes(stations, tokens, options.publicUrl));
  app.use(ledgerRoutes(stations, options.shard, options.vkey));
  app.use(docsRoutes(options.publicUrl, options.signingUrl));

  app.use(() => {
    throw new TrucError('api.not-found');
  });
  app.use(errorHandler(stations.log));
  return app;
}

/** The gate of operators and probes: /metrics, /readyz and /healthz in plain HTTP, on loopback unless set otherwise. */
export function operationsGate(readiness: Readiness, registry: Registry): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(healthRoutes());
  app.use(operationsRoutes(readiness, registry));
  return app;
}

/** Proxies may be named by what they are called; only addresses say whose word counts. */
function isAddress(proxy: string): boolean {
  return isIP(proxy.split('/')[0] ?? '') !== 0;
}

/** Express answers HEAD by running GET, which leases and marks as fetched what nobody then has. */
const refuseHead: RequestHandler = () => {
  throw new TrucError('api.method-not-allowed');
};
