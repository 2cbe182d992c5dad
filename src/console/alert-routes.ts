import type { Request, Response, Router } from 'express';
import { acknowledgeAlert, previewOf, samplesFrom } from '../alerts/index.ts';
import { isTrucError, TrucError } from '../kernel/index.ts';
import { ALERT_WORDS as A, CONSOLE_WORDS as W } from '../messages/index.ts';
import { type Html, notice } from '../rendering/index.ts';
import { demandActing, demandWhole, fieldsOf, Reason } from './acts.ts';
import { alertsPage, previewPage } from './alerts-page.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';

const PAST = 50;
const MOST_SAMPLES = 5_000;

/** /console/alerts: for those who see the whole axis. */
export function alertRoutes(router: Router, desk: ConsoleDesk): void {
  const { alerts, stations } = desk;
  router.use('/console/alerts', (request, response, next) => {
    demandWhole(around(request, response).viewer);
    next();
  });

  router.get('/console/alerts', (request, response) => show(request, response, desk));

  router.get('/console/alerts/preview', async (request, response) => {
    const { lang } = around(request, response);
    const known = alerts.rules.find((one) => one.id === request.query.rule);
    if (!known) throw new TrucError('api.not-found');
    const number = (value: unknown, least: number, fallback: number) => {
      const given =
        typeof value === 'string' && value.trim() !== '' ? Number(value.replace(',', '.')) : Number.NaN;
      return Number.isFinite(given) && given >= least ? given : fallback;
    };
    const limit = number(request.query.limit, -1e15, known.limit);
    const forSeconds = Math.min(86_400, Math.floor(number(request.query.for, 0, known.forSeconds)));
    const rule = { ...known, limit, forSeconds };
    const now = stations.clock.now();
    const samples = await alerts.book.samples(samplesFrom(now), MOST_SAMPLES);
    const view = { rule, alarms: previewOf(rule, samples), samples: samples.length, now };
    answer(request, response, 'alerts', previewPage(view, lang));
  });

  router.post('/console/alerts/:id/acknowledge', async (request, response) => {
    const { viewer, lang } = around(request, response);
    demandActing(viewer);
    const reason = Reason.safeParse(fieldsOf(request.body).reason);
    if (!reason.success) return show(request, response, desk, [notice('bad', W.reasonMissing[lang])], 422);
    const act = { person: viewer.ledgerName, reason: reason.data };
    try {
      await acknowledgeAlert(request.params.id as string, act, { book: alerts.book, stations });
    } catch (error) {
      if (!isTrucError(error, 'alerts.not-firing')) throw error;
      return show(request, response, desk, [notice('open', A.gone[lang])], 409);
    }
    response.redirect(303, '/console/alerts?done=taken');
  });
}

async function show(
  request: Request,
  response: Response,
  { alerts, stations }: ConsoleDesk,
  notices: Html[] = [],
  status = 200,
): Promise<void> {
  const { viewer, lang } = around(request, response);
  const [open, listed] = await Promise.all([alerts.book.open(), alerts.book.list(PAST)]);
  if (request.query.done === 'taken') notices.push(notice('good', A.taken[lang]));
  const view = {
    open: [...open].sort((a, b) => (a.severity < b.severity ? -1 : 1)),
    past: listed.filter((one) => one.state === 'resolved'),
    ...{ rules: alerts.rules, told: alerts.told, viewer, now: stations.clock.now(), notices },
  };
  answer(request, response, 'alerts', alertsPage(view, lang), status);
}
