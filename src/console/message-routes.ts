import { pipeline } from 'node:stream/promises';
import type { Request, Response, Router } from 'express';
import { attachmentOf, evidenceOf, receiptOf, retryDelivery } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { CONSOLE_WORDS as W } from '../messages/index.ts';
import { documentInput, type Html, notice, PAGE_POLICY, reportPage } from '../rendering/index.ts';
import { demandActing, fieldsOf, Reason } from './acts.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { csv, ndjson } from './exports.ts';
import { readView } from './log-query.ts';
import { allLines, countsOf, pageOf, searchOf, shown } from './log-read.ts';
import { messagePage } from './message-page.ts';
import { partyOf, storyOf } from './message-read.ts';
import { messagesPage } from './messages-page.ts';
import { allStopped, isOfStopped, stoppedOf } from './stopped.ts';
import { refusalPage } from './stopped-page.ts';
import type { Viewer } from './viewer.ts';
import { VIEW_NOTES } from './views.ts';
import { xlsx } from './xlsx.ts';

const PAGE_LINES = 50;
/** So many new lines are counted for the bar. */
const NEWS = 99;

const id = (request: Request) => request.params.id as string;

/** /console/messages: the delivery log, its exports, and the page of each document. */
export function messageRoutes(router: Router, desk: ConsoleDesk): void {
  logRoutes(router, desk);
  router.get('/console/messages/:id', (request, response) => show(request, response, desk));

  router.post('/console/messages/:id/retry', async (request, response) => {
    const { viewer, lang } = around(request, response);
    demandActing(viewer);
    const { delivery = '', reason: given } = fieldsOf(request.body);
    const reason = Reason.safeParse(given);
    if (!reason.success) return show(request, response, desk, [notice('bad', W.reasonMissing[lang])], 422);
    const { document } = (await partyOf(id(request), viewer, desk)).view;
    const known = await desk.stations.deliveries.get(delivery);
    if (known?.documentId !== document.documentId)
      throw new TrucError('delivery.unknown', { deliveryId: delivery });
    await retryDelivery(delivery, desk.stations, { person: viewer.ledgerName, reason: reason.data });
    response.redirect(303, `/console/messages/${document.documentId}?done=retried#d-${delivery}`);
  });
  fileRoutes(router, desk);
  refusalRoutes(router, desk);
}

async function show(
  request: Request,
  response: Response,
  desk: ConsoleDesk,
  notices: Html[] = [],
  status = 200,
): Promise<void> {
  const { viewer, lang } = around(request, response);
  const story = await storyOf(id(request), viewer, desk);
  if (request.query.done === 'retried') notices.push(notice('good', W.retried[lang]));
  const page = messagePage({ story, viewer, lang, now: desk.stations.clock.now(), notices });
  answer(request, response, 'messages', page, status);
}

function logRoutes(router: Router, desk: ConsoleDesk): void {
  router.get('/console/messages', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const read = readView(request.query);
    const search = await searchOf(read, viewer, desk);
    const asked = { view: read.view, found: search.found };
    const [saved, { lines, more }, counts, stopped] = await Promise.all([
      desk.views.of(viewer.personId),
      pageOf(search.filters, read.view, PAGE_LINES, desk),
      countsOf(search.filters, desk),
      stoppedOf({ ...asked, limit: PAGE_LINES }, viewer, desk),
    ]);
    const content = {
      view: read.view,
      search,
      lines: await shown(lines, desk),
      more,
      counts,
      stopped,
      saved,
      viewer,
    };
    const note = VIEW_NOTES.find((one) => one === request.query.view) ?? null;
    answer(request, response, 'messages', messagesPage({ ...content, note }, lang));
  });

  router.get('/console/messages/news', async (request, response) => {
    const { viewer } = around(request, response);
    const read = readView({ ...request.query, after: request.query.since });
    const { filters } = await searchOf(read, viewer, desk);
    const place = read.view.after;
    const { lines, more } = await pageOf(
      filters,
      { sort: 'oldest', ...(place ? { after: place } : {}) },
      NEWS,
      desk,
    );
    response.json(place === undefined ? { count: 0, more: false } : { count: lines.length, more });
  });

  const types = {
    csv: 'text/csv; charset=utf-8',
    ndjson: 'application/x-ndjson; charset=utf-8',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  } as const;
  for (const [ending, type] of Object.entries(types))
    router.get(`/console/messages.${ending}`, async (request, response) => {
      const { viewer, lang } = around(request, response);
      const read = readView(request.query);
      const { filters, found } = await searchOf(read, viewer, desk);
      const pages = isOfStopped(read.view)
        ? allStopped({ view: read.view, found }, viewer, desk)
        : allLines(filters, read.view, desk);
      response.attachment(`nhat-ky-van-ban.${ending}`).type(type).set('Cache-Control', 'private, no-store');
      const rows = {
        csv: () => csv(pages, lang, request.query.bom !== '0'),
        ndjson: () => ndjson(pages),
        xlsx: () => xlsx(pages, lang),
      };
      await pipeline(rows[ending as keyof typeof types](), response);
    });
}

/** /console/refusals: what is kept of a refused submission. */
function refusalRoutes(router: Router, { stations: x }: ConsoleDesk): void {
  router.get('/console/refusals/:id', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const refusal = await x.refusals.get(id(request));
    if (!refusal || (viewer.reach !== null && !viewer.reach.includes(refusal.senderId)))
      throw new TrucError('api.not-found');
    const [sender, client, [event]] = await Promise.all([
      x.agencies.get(refusal.senderId),
      x.clients.find(refusal.clientId),
      x.events.of(refusal.refusalId),
    ]);
    const system = client?.name || refusal.clientId;
    const index = event?.place?.index ?? null;
    const page = refusalPage({ refusal, sender, system, index, now: x.clock.now() }, lang);
    answer(request, response, 'messages', page);
  });
}

function fileRoutes(router: Router, desk: ConsoleDesk): void {
  const x = desk.stations;
  router.get('/console/messages/:id/report', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const { report } = await storyOf(id(request), viewer, desk);
    if (!report) throw new TrucError('document.destroyed', { documentId: id(request) });
    response.set({ 'Content-Security-Policy': PAGE_POLICY, 'Cache-Control': 'private, no-store' });
    response.type('html').send(reportPage(documentInput(report, id(request)), lang));
  });

  router.get('/console/messages/:id/receipt', async (request, response) => {
    const { caller } = await partyOf(id(request), around(request, response).viewer, desk);
    response.type('application/json').send(await receiptOf(id(request), caller, x));
  });

  router.get('/console/messages/:id/evidence', async (request, response) => {
    const caller = await opened(request, around(request, response).viewer, desk);
    const zip = await evidenceOf(id(request), caller, x);
    response
      .attachment(`${id(request)}.evidence.zip`)
      .type('application/zip')
      .send(zip);
  });

  router.get('/console/messages/:id/files/:n', async (request, response) => {
    const caller = await opened(request, around(request, response).viewer, desk);
    const file = await attachmentOf(id(request), Number(request.params.n), caller, x);
    response.attachment(file.name).type(file.contentType).send(file.bytes);
  });
}

/** @throws TrucError `document.unknown` for whom the content is closed */
async function opened(request: Request, viewer: Viewer, desk: ConsoleDesk) {
  const { caller } = await partyOf(id(request), viewer, desk);
  const { opens } = await storyOf(id(request), viewer, desk);
  if (!opens) throw new TrucError('document.unknown', { documentId: id(request) });
  return caller;
}
