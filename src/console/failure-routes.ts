import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { newId, TrucError } from '../kernel/index.ts';
import { CONSOLE_WORDS as W } from '../messages/index.ts';
import { notice } from '../rendering/index.ts';
import { demandActing, fieldsOf, Reason } from './acts.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { failuresPage, progressPage, RETYPE_ABOVE, type ReplayForm, replayPage } from './failures-page.ts';
import { type LogView, placeOf, placeText, readView } from './log-query.ts';
import { countsOf, pageOf, searchOf, shown } from './log-read.ts';
import { asOfNow, previewOf, type Replay, replayStep } from './replay.ts';
import type { Viewer } from './viewer.ts';

const PAGE_LINES = 50;

const Count = z.coerce.number().int().min(0);
const Order = z.object({
  view: z.string().max(4_000).default(''),
  batch: z.uuid(),
  asOf: z.iso.datetime(),
  count: Count,
  typed: z.string().default(''),
  after: z.string().max(200).default(''),
  sent: Count.default(0),
  skipped: Count.default(0),
});

/** /console/failures: dead letters and bulk replay. */
export function failureRoutes(router: Router, desk: ConsoleDesk): void {
  router.get('/console/failures', async (request, response) => {
    const { viewer, lang } = around(request, response);
    const read = failed(request.query);
    const search = await searchOf(read, viewer, desk);
    const [{ lines, more }, counts] = await Promise.all([
      pageOf(search.filters, read.view, PAGE_LINES, desk),
      countsOf(search.filters, desk),
    ]);
    const notices =
      search.unknown.length > 0 ? [notice('open', W.badFilter[lang], search.unknown.join(', '))] : [];
    const view = {
      ...{ view: read.view, lines: await shown(lines, desk), more, counts, viewer, notices },
      now: desk.stations.clock.now(),
    };
    answer(request, response, 'failures', failuresPage(view, lang));
  });

  router.get('/console/failures/replay', async (request, response) => {
    const { viewer } = around(request, response);
    demandActing(viewer);
    const { view } = failed(request.query);
    const replay = await replayOf(view, { batch: newId(), asOf: asOfNow(desk) }, viewer, desk);
    await ask(request, response, { view, replay, reason: '', faults: [] }, desk);
  });

  router.post('/console/failures/replay', (request, response) => run(request, response, desk));
}

function failed(query: Readonly<Record<string, unknown>>) {
  const { view, ignored } = readView(query);
  return { view: { ...view, state: 'failed', q: undefined } as LogView, ignored };
}

async function replayOf(
  view: LogView,
  { batch, asOf }: Pick<Replay, 'batch' | 'asOf'>,
  viewer: Viewer,
  desk: ConsoleDesk,
): Promise<Replay> {
  const { filters } = await searchOf({ view, ignored: [] }, viewer, desk);
  const [filter] = filters;
  if (!filter) throw new TrucError('api.invalid-request');
  return { batch, asOf, filter };
}

async function ask(
  request: Request,
  response: Response,
  form: Pick<ReplayForm, 'view' | 'replay' | 'reason' | 'faults'>,
  desk: ConsoleDesk,
): Promise<void> {
  const { viewer, lang } = around(request, response);
  const preview = await previewOf(form.replay, desk);
  const page = replayPage({ ...form, preview, viewer, now: desk.stations.clock.now() }, lang);
  answer(request, response, 'failures', page, form.faults.length > 0 ? 422 : 200);
}

async function run(request: Request, response: Response, desk: ConsoleDesk): Promise<void> {
  const { viewer, lang } = around(request, response);
  demandActing(viewer);
  const fields = fieldsOf(request.body);
  const parsed = Order.safeParse(fields);
  if (!parsed.success) throw new TrucError('api.invalid-request');
  const { count, typed, after, sent, skipped, ...order } = parsed.data;
  const { view } = failed(Object.fromEntries(new URLSearchParams(order.view.replace(/^\?/, ''))));
  const replay = await replayOf(view, order, viewer, desk);
  const reason = Reason.safeParse(fields.reason);
  const given = fields.reason ?? '';
  const begins = after === '';
  const faults: ReplayForm['faults'][number][] = [];
  if (!reason.success) faults.push({ field: 'reason', text: W.reasonMissing[lang] });
  if (begins && count > RETYPE_ABOVE && typed.replace(/\D/g, '') !== String(count))
    faults.push({ field: 'typed', text: W.replayMismatch[lang] });
  // What was promised is what is done: a list that has changed is looked at again.
  const moved = begins && faults.length === 0 && (await previewOf(replay, desk))?.count !== count;
  if (moved) faults.push({ field: 'reason', text: W.replayMoved[lang] });
  if (faults.length > 0 || !reason.success) {
    const fresh = moved ? { ...replay, asOf: asOfNow(desk) } : replay;
    return ask(request, response, { view, replay: fresh, reason: given, faults }, desk);
  }
  const act = { person: viewer.ledgerName, reason: reason.data };
  const step = await replayStep(replay, after === '' ? null : placeOf(after), act, desk);
  const progress = {
    ...{ view, replay, viewer, reason: reason.data, count },
    sent: sent + step.sent,
    skipped: skipped + step.skipped,
    next: step.next === null ? null : placeText(step.next),
  };
  const page = progressPage(progress, lang);
  answer(request, response, 'failures', page);
}
