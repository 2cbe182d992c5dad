import { Router } from 'express';
import { type PeopleService, pageErrorHandler, preferencesOf, requirePerson } from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { agencyRoutes } from './agency-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { chartRoutes } from './chart-routes.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { failureRoutes } from './failure-routes.ts';
import { frameFor } from './frame.ts';
import { ledgerPages } from './ledger-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { overviewOf, overviewPage } from './overview-page.ts';
import { peopleRoutes } from './people-routes.ts';
import { CONSOLE_ROLES, type Viewer, viewerOf } from './viewer.ts';
import { viewRoutes } from './views.ts';

/** /console: the administrators' pages. */
export function consoleRoutes(desk: ConsoleDesk, people: PeopleService): Router {
  const router = Router();
  const { stations: x } = desk;
  router.use('/console', requirePerson(people, ...CONSOLE_ROLES), async (_request, response, next) => {
    response.locals.viewer = await viewerOf(response, x.agencies);
    next();
  });

  router.get('/console', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const overview = await overviewOf(viewer, desk);
    answer(request, response, 'overview', overviewPage(overview, lang));
  });
  messageRoutes(router, desk);
  agencyRoutes(router, desk);
  peopleRoutes(router, desk);
  failureRoutes(router, desk);
  alertRoutes(router, desk);
  chartRoutes(router, desk);
  auditRoutes(router, desk);
  viewRoutes(router, desk);
  ledgerPages(router, desk);

  router.use('/console', () => {
    throw new TrucError('api.not-found');
  });
  router.use(
    '/console',
    pageErrorHandler(x.log, (request, response) => {
      const known = response.locals.viewer as Viewer | undefined;
      return frameFor(known ?? null, null, preferencesOf(request, response).lang);
    }),
  );
  return router;
}
