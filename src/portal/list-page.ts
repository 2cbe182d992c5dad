import { TrucError } from '../kernel/index.ts';
import { INCOMING_WORDS, OUTGOING_WORDS } from '../messages/index.ts';
import { emptyState, type Html, html, local, pager } from '../rendering/index.ts';
import {
  collectArrivals,
  collectsByItself,
  INCOMING_STATES,
  OUTGOING_STATES,
  setCollecting,
  type WorkFile,
} from '../workflow/index.ts';
import { text } from './fields.ts';
import { say, show, type Visit } from './office.ts';
import { actForm } from './parts.ts';
import { fileTable } from './tasks-page.ts';

const PAGE = 50;
const MOST_ARRIVALS = 50;

/** /work/outgoing and /work/incoming: all files of the agency, newest first, of one state where one is chosen. */
export async function listPage(kind: WorkFile['kind'], visit: Visit): Promise<void> {
  const { officer, desk, request, lang } = visit;
  const states: readonly string[] = kind === 'outgoing' ? OUTGOING_STATES : INCOMING_STATES;
  const state = states.find((one) => one === request.query.state) ?? null;
  const before = typeof request.query.before === 'string' ? request.query.before.slice(0, 40) : '';
  const query = { agencyId: officer.agencyId, kind, before, limit: PAGE + 1 };
  const files = await desk.work.list({ ...query, ...(state ? { states: [state] } : {}) });
  const shown = files.slice(0, PAGE);
  const base = `/work/${kind}?${state ? `state=${state}&` : ''}`;
  const older = files.length > PAGE ? `${base}before=${shown.at(-1)?.fileId}` : null;
  const words: Readonly<Record<string, { vi: string; en: string }>> =
    kind === 'outgoing' ? OUTGOING_WORDS : INCOMING_WORDS;
  const chips = html`<nav class="chips" aria-label="${say('state', visit)}">
<a class="chip" href="/work/${kind}" aria-current="${String(state === null)}">${lang === 'vi' ? 'Tất cả' : 'All'}</a>
${states.map((one) => html`<a class="chip" href="/work/${kind}?state=${one}" aria-current="${String(one === state)}">${words[one]?.[lang] ?? ''}</a>`)}</nav>`;
  const table =
    shown.length === 0
      ? emptyState(say('nothing', visit), say('nothingHint', visit))
      : html`${fileTable(say(kind, visit), shown, visit)}${(before !== '' || older !== null) && pager(lang, { first: before === '' ? null : base.slice(0, -1), older, note: '' })}`;
  const actions = kind === 'outgoing' ? newButton(visit) : collectButton(visit);
  const body = html`${collectedNotice(visit)}${kind === 'incoming' && (await collectingNote(visit))}${chips}<section class="card flush">${table}</section>`;
  show(visit, { title: say(kind, visit), lead: visit.agency.name, ...(actions ? { actions } : {}), body });
}

function newButton(visit: Visit) {
  return html`<a class="button main" href="${local('/work/outgoing/new')}">${say('newDraft', visit)}</a>`;
}

function collectButton(visit: Visit) {
  if (!visit.officer.roles.includes('clerk')) return null;
  return actForm(visit, 'incoming/collect', { button: say('collect', visit) });
}

function collectedNotice(visit: Visit) {
  const { documents, statuses } = visit.request.query;
  if (typeof documents !== 'string' || typeof statuses !== 'string') return null;
  if (!/^\d{1,4}$/.test(documents) || !/^\d{1,4}$/.test(statuses)) throw new TrucError('api.invalid-request');
  const told = say('collected', visit).replace('{documents}', documents).replace('{statuses}', statuses);
  return html`<div class="notice good" role="status"><div>${told}</div></div>`;
}

/** Whether what comes is taken by itself; clerks can change it. */
async function collectingNote(visit: Visit): Promise<Html> {
  const { officer, desk } = visit;
  const on = await collectsByItself(officer.agencyId, desk);
  const switching =
    officer.roles.includes('clerk') &&
    actForm(visit, 'incoming/collecting', {
      button: say(on ? 'collectOff' : 'collectOn', visit),
      kind: 'slim',
      body: html`<input type="hidden" name="on" value="${on ? '' : 'yes'}">`,
    });
  return html`<div class="row quiet small">${say(on ? 'collecting' : 'notCollecting', visit)}${switching}</div>`;
}

/** POST /work/incoming/collecting. */
export async function switchCollecting(visit: Visit): Promise<void> {
  await setCollecting(visit.officer, text(visit.request, 'on', 3) === 'yes', visit.desk);
  visit.response.redirect(303, '/work/incoming');
}

/** Takes what waits in the agency's inbox. */
export async function collect(visit: Visit): Promise<void> {
  const { officer, desk, response } = visit;
  const { documents, statuses } = await collectArrivals(officer, MOST_ARRIVALS, desk);
  response.redirect(303, `/work/incoming?documents=${documents}&statuses=${statuses}`);
}
