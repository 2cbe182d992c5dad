import {
  type Agency,
  type AgencyPage,
  type CertificateBinding,
  closedAt,
  type Endpoint,
} from '../agency/index.ts';
import type { PageContent } from '../api/index.ts';
import { type LogLoad, maskedUrl } from '../delivery/index.ts';
import { type Language, LEVEL_WORDS, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  countText,
  dataTable,
  emptyState,
  facts,
  type Html,
  type HtmlValue,
  html,
  ICONS,
  local,
  moment,
  momentText,
  pager,
} from '../rendering/index.ts';
import type { ConsoleDesk } from './desk.ts';
import type { Viewer } from './viewer.ts';

export interface AgencyLine {
  agency: Agency;
  endpoint: Endpoint | null;
  load: LogLoad | null;
}

export interface AgenciesView {
  q: string;
  lines: readonly AgencyLine[];
  next: string | null;
  now: number;
}

const PAGE = 50;

/** Agencies within reach by name or code, with their endpoints and queues. */
export async function agenciesOf(
  { q, after }: { q: string; after: string | undefined },
  viewer: Viewer,
  desk: ConsoleDesk,
): Promise<AgenciesView> {
  const { stations: x, log } = desk;
  const page: AgencyPage =
    viewer.reach === null
      ? await x.agencies.list({ limit: PAGE, ...(q === '' ? {} : { text: q }), ...(after ? { after } : {}) })
      : { agencies: await own(viewer.reach, desk), next: null };
  const ids = page.agencies.map((one) => one.id);
  const loads = new Map(
    (ids.length === 0 ? [] : await log.loads(ids, PAGE)).map((one) => [one.recipientId, one]),
  );
  const endpoints = await Promise.all(ids.map((id) => x.endpoints.of(id)));
  const lines = page.agencies.map((agency, i) => ({
    agency,
    endpoint: endpoints[i] ?? null,
    load: loads.get(agency.id) ?? null,
  }));
  return { q, lines, next: page.next, now: x.clock.now() };
}

async function own(reach: readonly string[], { stations: x }: ConsoleDesk): Promise<Agency[]> {
  const found = await Promise.all(reach.map((id) => x.agencies.get(id)));
  return found.filter((one): one is Agency => one !== null);
}

export function agenciesPage({ q, lines, next, now }: AgenciesView, lang: Language): PageContent {
  const query = (after: string) => `/console/agencies?${new URLSearchParams({ ...(q ? { q } : {}), after })}`;
  return {
    title: W.agencies[lang],
    lead: W.agenciesLead[lang],
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    body: html`<form class="card" method="get" action="/console/agencies" role="search"><div class="search"><div class="box">${ICONS.search}<input id="q" type="search" name="q" value="${q}" aria-label="${W.findAgency[lang]}" placeholder="${W.findAgency[lang]}" maxlength="200" autocomplete="off"></div><button class="button main" type="submit">${W.search[lang]}</button></div></form>
<section class="card flush"><h2 class="unseen">${W.agencies[lang]}</h2>${lines.length === 0 ? emptyState(W.noAgency[lang], W.noAgencyHint[lang], 'agencies') : table(lines, now, lang)}
${next !== null && pager(lang, { first: null, older: query(next), note: '' })}</section>`,
  };
}

function table(lines: readonly AgencyLine[], now: number, lang: Language): Html {
  const columns = [
    { title: W.agency[lang] },
    { title: W.level[lang] },
    { title: W.endpoint[lang] },
    { title: W.waiting[lang], right: true },
    { title: W.failed[lang], right: true },
    { title: W.since[lang] },
  ];
  const rows = lines.map(({ agency, endpoint, load }) => [
    html`<a class="title" href="/console/agencies/${agency.code}">${bounded(agency.name, 160)}</a><span class="under mono">${agency.code}</span>`,
    LEVEL_WORDS[agency.level][lang],
    endpointBadge(endpoint, lang),
    countText(load?.waiting ?? 0, lang),
    load && load.failed > 0
      ? html`<a href="/console/failures?receiver=${agency.code}">${countText(load.failed, lang)}</a>`
      : '0',
    load?.oldestAt ? moment(load.oldestAt, now, lang) : '–',
  ]);
  return dataTable(W.agencies[lang], columns, rows);
}

function endpointBadge(endpoint: Endpoint | null, lang: Language): Html {
  if (!endpoint) return badge('none', W.endpointPull[lang]);
  if (endpoint.push === 'office')
    return endpoint.active ? badge('good', W.endpointOffice[lang]) : badge('none', W.endpointPull[lang]);
  return endpoint.active ? badge('good', W.endpointPush[lang]) : badge('open', W.endpointPaused[lang]);
}

export interface AgencyView extends AgencyLine {
  parent: Agency | null;
  /** Newest first. */
  certificates: readonly CertificateBinding[];
  viewer: Viewer;
  now: number;
  notices?: readonly Html[];
}

/** One agency: what the registry says of it, its endpoint with pause and resume, its queue. */
export function agencyPage(view: AgencyView, lang: Language): PageContent {
  const { agency, load, now, notices = [] } = view;
  const log = (side: 'sender' | 'receiver', state?: string) =>
    local(`/console/messages?${new URLSearchParams({ ...(state ? { state } : {}), [side]: agency.code })}`);
  return {
    title: agency.name,
    lead: html`<code>${agency.code}</code>`,
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.agencies[lang], href: '/console/agencies' },
    ],
    actions: html`<div class="row no-print"><a class="button slim" href="${log('sender')}">${W.sentBy[lang]}</a><a class="button slim" href="${log('receiver')}">${W.sentTo[lang]}</a></div>`,
    notices,
    body: html`<div class="grid halves">
${card(W.endpoint[lang], endpointCard(view, lang))}
${card(
  W.queue[lang],
  facts([
    [W.waiting[lang], html`<a href="${log('receiver', 'open')}">${countText(load?.waiting ?? 0, lang)}</a>`],
    [W.since[lang], load?.oldestAt ? moment(load.oldestAt, now, lang) : '–'],
    [
      W.failed[lang],
      html`<a href="/console/failures?receiver=${agency.code}">${countText(load?.failed ?? 0, lang)}</a>`,
    ],
  ]),
)}
${card(W.facts[lang], agencyFacts(view, lang))}</div>
${card(W.certificates[lang], certificateTable(view, lang), { flush: true })}`,
  };
}

function endpointCard({ endpoint, agency, viewer, now }: AgencyView, lang: Language): Html {
  if (!endpoint) return html`<div class="row">${endpointBadge(null, lang)}</div>`;
  if (endpoint.push === 'office')
    return html`<div class="row">${endpointBadge(endpoint, lang)}</div>${facts([[W.changedAt[lang], moment(endpoint.updatedAt, now, lang)]])}`;
  const act = endpoint.active ? 'pause' : 'resume';
  const test =
    viewer.mayAct &&
    html`<form class="no-print" method="post" action="/console/agencies/${agency.code}/test"><input type="hidden" name="csrf" value="${viewer.csrf}"><button class="button slim" type="submit">${W.test[lang]}</button></form>`;
  return html`<div class="row">${endpointBadge(endpoint, lang)}${test}</div>
${facts([
  [W.address[lang], html`<code>${bounded(maskedUrl(endpoint.url), 300)}</code>`],
  [W.kind[lang], endpoint.push === 'content' ? W.pushContent[lang] : W.pushNotify[lang]],
  [W.ownCa[lang], endpoint.ca === null ? W.publicCa[lang] : W.pinned[lang]],
  [W.changedAt[lang], moment(endpoint.updatedAt, now, lang)],
])}
${
  viewer.mayAct &&
  html`<details class="more no-print"><summary>${W[act][lang]}</summary><form class="form" method="post" action="/console/agencies/${agency.code}/${act}">
<input type="hidden" name="csrf" value="${viewer.csrf}">
<div class="field"><label for="reason">${W.why[lang]}</label><span class="hint" id="reason-hint">${W.retryHint[lang]}</span><input id="reason" name="reason" type="text" minlength="5" maxlength="500" required aria-describedby="reason-hint" autocomplete="off"></div>
<div><button class="${endpoint.active ? 'button danger' : 'button main'}" type="submit">${W[act][lang]}</button></div></form></details>`
}`;
}

/** Less than this is worth a colour. */
const SOON_MS = 60 * 86_400_000;

function certificateTable({ certificates, now }: AgencyView, lang: Language): Html {
  if (certificates.length === 0) return emptyState(W.noCertificates[lang], '', 'agencies');
  const columns = [
    { title: W.holder[lang] },
    { title: W.bound[lang] },
    { title: W.certificateTo[lang] },
    { title: 'SHA-256' },
  ];
  const rows = certificates.map((one): HtmlValue[] => [
    one.kind === 'agency' ? W.seal[lang] : bounded(one.title ?? '', 160),
    html`${moment(one.validFrom, now, lang)}${one.validTo !== null && html` – ${moment(one.validTo, now, lang)}`}`,
    expiry(one.certificateTo, now, lang),
    html`<code>${one.certificateSha256}</code>`,
  ]);
  return dataTable(W.certificates[lang], columns, rows);
}

function expiry(to: string | undefined, now: number, lang: Language): HtmlValue {
  if (to === undefined) return '–';
  const left = Date.parse(to) - now;
  return left < SOON_MS ? html`${badge(left < 0 ? 'bad' : 'open', momentText(to))}` : moment(to, now, lang);
}

function agencyFacts({ agency, parent, now }: AgencyView, lang: Language): Html {
  const closed = closedAt(agency, now);
  return facts([
    [W.code[lang], html`<code>${agency.code}</code>`],
    [W.level[lang], LEVEL_WORDS[agency.level][lang]],
    [
      W.parent[lang],
      parent && html`<a href="/console/agencies/${parent.code}">${bounded(parent.name, 160)}</a>`,
    ],
    [
      W.otherCodes[lang],
      agency.aliases.length === 0 ? null : agency.aliases.map((one) => one.code).join(', '),
    ],
    [
      W.lives[lang],
      html`${moment(agency.validFrom, now, lang)}${agency.validTo !== null && html` – ${moment(agency.validTo, now, lang)}`}`,
    ],
    [W.state[lang], closed === 'locked' ? W.locked[lang] : null],
  ]);
}
