import type { Request, Response, Router } from 'express';
import type { Agency } from '../agency/index.ts';
import { setEndpointActive, testEndpoint } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { CONSOLE_WORDS as W } from '../messages/index.ts';
import { bounded, type Html, html, notice } from '../rendering/index.ts';
import { demandActing, fieldsOf, Reason } from './acts.ts';
import { agenciesOf, agenciesPage, agencyPage } from './agencies-page.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { failureText } from './line-state.ts';

/** /console/agencies: agencies, their endpoints and queues. */
export function agencyRoutes(router: Router, desk: ConsoleDesk): void {
  const { stations: x } = desk;

  router.get('/console/agencies', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const text = (value: unknown) => (typeof value === 'string' ? value.trim().slice(0, 200) : '');
    const wanted = { q: text(request.query.q), after: text(request.query.after) || undefined };
    const page = agenciesPage(await agenciesOf(wanted, viewer, desk), lang);
    answer(request, response, 'agencies', page);
  });

  router.get('/console/agencies/:code', (request, response) => show(request, response, desk));

  for (const act of ['pause', 'resume'] as const)
    router.post(`/console/agencies/:code/${act}`, async (request, response) => {
      const { viewer, lang } = around(request, response);
      demandActing(viewer);
      const agency = await within(request, response, desk);
      const reason = Reason.safeParse(fieldsOf(request.body).reason);
      if (!reason.success) return show(request, response, desk, [notice('bad', W.reasonMissing[lang])], 422);
      const by = { person: viewer.ledgerName, reason: reason.data };
      await setEndpointActive(agency.id, act === 'resume', by, x);
      response.redirect(303, `/console/agencies/${encodeURIComponent(agency.code)}?done=${act}d`);
    });

  router.post('/console/agencies/:code/test', async (request, response) => {
    const { viewer, lang } = around(request, response);
    demandActing(viewer);
    const agency = await within(request, response, desk);
    const { outcome, good, durationMs, head } = await testEndpoint(
      agency.id,
      { person: viewer.ledgerName },
      desk.testEndpoint,
      x,
    );
    const text = html`${failureText(outcome, lang)} · ${durationMs} ms${head !== '' && html` · <code>${bounded(head, 400)}</code>`}`;
    await show(request, response, desk, [notice(good ? 'good' : 'bad', W.tested[lang], text)]);
  });
}

const MOST_CERTIFICATES = 100;

/** @throws TrucError `agency.unknown` also for an agency out of reach */
async function within(request: Request, response: Response, { stations: x }: ConsoleDesk): Promise<Agency> {
  const { viewer } = around(request, response);
  const code = request.params.code as string;
  const agency = await x.agencies.resolve(code, x.clock.now());
  if (!agency || (viewer.reach !== null && !viewer.reach.includes(agency.id)))
    throw new TrucError('agency.unknown', { code });
  return agency;
}

async function show(
  request: Request,
  response: Response,
  desk: ConsoleDesk,
  notices: Html[] = [],
  status = 200,
): Promise<void> {
  const { viewer, lang } = around(request, response);
  const { stations: x, log } = desk;
  const agency = await within(request, response, desk);
  const [certificates, endpoint, loads, parent] = await Promise.all([
    x.bindings.ofAgency(agency.id, MOST_CERTIFICATES),
    x.endpoints.of(agency.id),
    log.loads([agency.id], 1),
    agency.parentId === null ? null : x.agencies.get(agency.parentId),
  ]);
  const { done } = request.query;
  if (done === 'paused' || done === 'resumed') notices.push(notice('good', W[done][lang]));
  const view = {
    agency,
    certificates,
    endpoint,
    load: loads[0] ?? null,
    parent,
    viewer,
    now: x.clock.now(),
    notices,
  };
  answer(request, response, 'agencies', agencyPage(view, lang), status);
}
