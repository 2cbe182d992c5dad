import { type NextFunction, type Request, type Response, Router } from 'express';
import { type PeopleService, pageErrorHandler, requirePerson } from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { incomingFile, outgoingFile, REGISTERS, WORK_ROLES } from '../workflow/index.ts';
import { dropAnnex, sendAnnex, takeAnnex } from './annex-card.ts';
import { batchPage, batchTicket } from './batch-page.ts';
import { delegationsPage, recordDelegation, withdraw } from './delegation-page.ts';
import { draftPage, saveEdit, saveNewDraft } from './draft-form.ts';
import { incomingPage } from './incoming-page.ts';
import { INCOMING_STEPS, sendFile, sendReport } from './incoming-steps.ts';
import { collect, listPage, switchCollecting } from './list-page.ts';
import { frameOf, type OfficeOptions, type Visit, visitOf } from './office.ts';
import { goToOffice, officesPage } from './office-page.ts';
import { outgoingPage } from './outgoing-page.ts';
import { OUTGOING_STEPS, sendEvidence, sendPdf, sendPreview, sendTicket } from './outgoing-steps.ts';
import { registerPage } from './register-page.ts';
import { SIGN_SCRIPT, SIGN_SCRIPT_PATH, signPage } from './sign-page.ts';
import { tasksPage } from './tasks-page.ts';

type Handler = (visit: Visit, id: string) => Promise<void>;

/** /work: the officials' pages. All work without script but the signing itself. */
export function portalRoutes(options: OfficeOptions, people: PeopleService): Router {
  const router = Router();
  const { desk } = options;
  const officials = requirePerson(people, ...WORK_ROLES);
  const visited = (handler: Handler) => async (request: Request, response: Response) => {
    const visit = await visitOf(request, response, options);
    if (visit === null) return response.redirect(303, '/work/offices');
    response.locals.visit = visit;
    await handler(visit, String(request.params.id ?? ''));
  };
  const get = (path: string, handler: Handler) => router.get(path, officials, visited(handler));
  const post = (path: string, handler: Handler) => router.post(path, officials, visited(handler));

  router.get(SIGN_SCRIPT_PATH, (_request, response) => {
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .type('text/javascript')
      .send(SIGN_SCRIPT);
  });

  router.get('/work/offices', officials, (request, response) => officesPage(request, response, options));
  router.post('/work/offices', officials, (request, response) => goToOffice(request, response, options));
  get('/work', tasksPage);
  get('/work/outgoing', (visit) => listPage('outgoing', visit));
  get('/work/outgoing/new', (visit) => draftPage(visit, null));
  post('/work/outgoing', saveNewDraft);
  get('/work/outgoing/:id', outgoingPage);
  get('/work/outgoing/:id/pdf', sendPdf);
  get('/work/outgoing/:id/preview', sendPreview);
  get('/work/outgoing/:id/annexes/:n', (visit, id) => sendAnnex(visit, id, String(visit.request.params.n)));
  get('/work/outgoing/:id/edit', (visit, id) => draftPage(visit, id));
  post('/work/outgoing/:id/edit', saveEdit);
  get('/work/outgoing/:id/evidence', async (visit, id) => {
    const { sentAs } = await outgoingFile(id, visit.officer.agencyId, desk);
    if (sentAs === null) throw new TrucError('work.file-unknown', { fileId: id });
    await sendEvidence(visit, sentAs);
  });
  get('/work/outgoing/:id/sign/:act', (visit, id) => signPage(visit, id, visit.request.params.act));
  post('/work/outgoing/:id/ticket/:act', (visit, id) => sendTicket(visit, id, visit.request.params.act));
  post(
    '/work/outgoing/:id/:step',
    stepping('outgoing', { ...OUTGOING_STEPS, annex: takeAnnex, 'drop-annex': dropAnnex }),
  );

  get('/work/batch/:act', (visit) => batchPage(visit, visit.request.params.act));
  post('/work/batch/ticket/:act', (visit) => batchTicket(visit, visit.request.params.act));

  get('/work/incoming', (visit) => listPage('incoming', visit));
  post('/work/incoming/collect', collect);
  post('/work/incoming/collecting', switchCollecting);
  get('/work/incoming/:id', incomingPage);
  get('/work/incoming/:id/report', sendReport);
  get('/work/incoming/:id/files/:n', (visit, id) => sendFile(visit, id, String(visit.request.params.n)));
  get('/work/incoming/:id/evidence', async (visit, id) => {
    await sendEvidence(visit, (await incomingFile(id, visit.officer.agencyId, desk)).documentId);
  });
  post('/work/incoming/:id/:step', stepping('incoming', INCOMING_STEPS));

  for (const register of REGISTERS)
    get(`/work/registers/${register}`, (visit) => registerPage(register, visit));
  get('/work/delegations', delegationsPage);
  post('/work/delegations', recordDelegation);
  post('/work/delegations/:id/withdraw', withdraw);

  router.use('/work', () => {
    throw new TrucError('api.not-found');
  });
  const asPage = pageErrorHandler(desk.log, (request, response) =>
    frameOf(request, response, (response.locals.visit as Visit | undefined) ?? null),
  );
  // The page's script reads problems, people read pages.
  router.use('/work', (error: unknown, request: Request, response: Response, next: NextFunction) =>
    request.accepts(['html', 'json']) === 'json' ? next(error) : asPage(error, request, response, next),
  );
  return router;
}

function stepping(
  kind: 'outgoing' | 'incoming',
  steps: Readonly<Record<string, (visit: Visit, fileId: string) => Promise<unknown>>>,
): Handler {
  return async (visit, id) => {
    const name = String(visit.request.params.step);
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    if (!step) throw new TrucError('api.not-found');
    await step(visit, id);
    visit.response.redirect(303, `/work/${kind}/${encodeURIComponent(id)}`);
  };
}
