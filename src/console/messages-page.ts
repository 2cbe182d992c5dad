import type { Agency, SavedView } from '../agency/index.ts';
import type { PageContent } from '../api/index.ts';
import type { LogCounts } from '../delivery/index.ts';
import {
  BUSINESS_WORDS,
  CHART_WORDS as C,
  KIND_WORDS,
  type Language,
  LEVEL_WORDS,
  LINE_TRANSPORTS,
  LINE_URGENCIES,
  STOPPED_WORDS as S,
  VIEW_WORDS as V,
  CONSOLE_WORDS as W,
} from '../messages/index.ts';
import {
  badge,
  bounded,
  type Column,
  countText,
  dataTable,
  emptyState,
  field,
  type Html,
  type HtmlValue,
  html,
  ICONS,
  local,
  momentText,
  notice,
  pager,
  selectField,
  sizeText,
} from '../rendering/index.ts';
import { businessText, failureText, lineState, stateText } from './line-state.ts';
import { type LogField, type LogView, placeText, viewPath } from './log-query.ts';
import { type LogSearch, MOST_COUNTED, type ShownLine } from './log-read.ts';
import { isOfStopped, type Stopped } from './stopped.ts';
import { stoppedCard, stoppedList } from './stopped-page.ts';
import type { Viewer } from './viewer.ts';
import { savedViews, type VIEW_NOTES } from './views.ts';

const PATH = '/console/messages';

export interface MessagesView {
  view: LogView;
  search: LogSearch;
  lines: readonly ShownLine[];
  more: boolean;
  counts: LogCounts | null;
  /** What the view means and has no deliveries; null where it can mean none. */
  stopped: Stopped | null;
  saved: readonly SavedView[];
  viewer: Viewer;
  /** What became of a view that was to be saved. */
  note: (typeof VIEW_NOTES)[number] | null;
}

/** The delivery log: search, filters, figures, lines, pages, exports. */
export function messagesPage(shownView: MessagesView, lang: Language): PageContent {
  const { view, search } = shownView;
  const notices: Html[] = [];
  if (search.unknown.length > 0)
    notices.push(notice('open', W.badFilter[lang], search.unknown.map((name) => `${name}=…`).join(', ')));
  if (shownView.note === 'saved') notices.push(notice('good', V.done[lang]));
  else if (shownView.note !== null) notices.push(notice('bad', V[shownView.note][lang]));
  return {
    title: W.messages[lang],
    lead: W.messagesLead[lang],
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    actions: exportLinks(view, lang),
    notices,
    body: html`${savedViews(shownView.saved, view, shownView.viewer, lang)}
${searchForm(view, lang)}
${foundNote(search, view, lang)}
${isOfStopped(view) ? stoppedList(shownView.stopped, view, lang) : logList(shownView, lang)}
<details class="more small no-print" id="keys"><summary>${W.keys[lang]}</summary><p>${W.keysHint[lang]}</p></details>`,
  };
}

function logList(shownView: MessagesView, lang: Language): Html {
  const { view, lines, counts } = shownView;
  return html`${stoppedCard(shownView.stopped, view, lang)}
<a class="button" id="news" href="${local(viewPath(PATH, view, { after: undefined }))}" data-words="${W.newRows[lang]}" hidden></a>
<section class="card flush" data-newest="${lines[0] && view.after === undefined && view.sort !== 'oldest' ? placeText(lines[0].line) : ''}">
<h2 class="unseen">${W.messages[lang]}</h2>
${lines.length === 0 ? emptyState(W.nothing[lang], W.nothingHint[lang]) : table(shownView, lang)}
${pager(lang, {
  first: view.after === undefined ? null : viewPath(PATH, view, { after: undefined }),
  older: shownView.more ? olderPath(shownView) : null,
  note: countNote(counts, lang),
})}</section>`;
}

function olderPath({ view, lines }: MessagesView): string {
  const last = lines.at(-1)?.line;
  return viewPath(PATH, view, { after: last ? placeText(last) : undefined });
}

function countNote(counts: LogCounts | null, lang: Language): string {
  if (!counts) return '';
  const count = countText(counts.total, lang);
  return `${counts.more ? `${W.more[lang]} ` : ''}${count} ${W.lines[lang]}`;
}

function exportLinks(view: LogView, lang: Language): Html {
  const link = (ending: string, text: string) =>
    html`<a class="button slim" href="${local(viewPath(`${PATH}.${ending}`, view, { after: undefined }))}" download>${text}</a>`;
  return html`<div class="row no-print"><span class="quiet small">${W.exports[lang]}</span><a class="button slim" href="${local(viewPath('/console/charts', view, { after: undefined, sort: undefined }))}">${C.title[lang]}</a>${link('csv', 'CSV')}${link('xlsx', 'XLSX')}${link('ndjson', 'NDJSON')}</div>`;
}

function searchForm(view: LogView, lang: Language): Html {
  const chosen = (Object.keys(view) as LogField[]).filter((name) => !['q', 'sort', 'after'].includes(name));
  const all = ['', W.all[lang]] as const;
  const words = (list: Readonly<Record<string, { vi: string; en: string }>>) =>
    Object.entries(list).map(([value, word]) => [value, word[lang]] as const);
  const fields = html`<div class="fields">
${field({ name: 'from', label: W.from[lang], type: 'date', value: (view.from ?? '').slice(0, 10) })}
${field({ name: 'to', label: W.to[lang], type: 'date', value: (view.to ?? '').slice(0, 10) })}
${selectField('state', W.state[lang], view.state ?? '', [all, ...words({ ...LINE_TRANSPORTS, held: S.held, refused: S.refused })])}
${selectField('business', W.business[lang], view.business ?? '', [all, ['none', W.businessNone[lang]], ...businessChoices(lang)])}
${field({ name: 'sender', label: W.sender[lang], value: view.sender ?? '' })}
${field({ name: 'receiver', label: W.receiver[lang], value: view.receiver ?? '' })}
${selectField('fromLevel', W.fromLevel[lang], view.fromLevel ?? '', [all, ...words(LEVEL_WORDS)])}
${selectField('toLevel', W.toLevel[lang], view.toLevel ?? '', [all, ...words(LEVEL_WORDS)])}
${selectField('urgency', W.urgency[lang], view.urgency ?? '', [all, ...LINE_URGENCIES.map((word, i) => [String(i), word[lang]] as const)])}
${selectField('overdue', W.overdue[lang], view.overdue ?? '', [all, ['1', W.overdueOnly[lang]]])}
${field({ name: 'reason', label: W.reason[lang], value: view.reason ?? '' })}
${selectField('kind', W.kind[lang], view.kind ?? 'document', words(KIND_WORDS))}
${selectField('sort', W.order[lang], view.sort ?? 'newest', [
  ['newest', W.newest[lang]],
  ['oldest', W.oldest[lang]],
])}
<button class="button main" type="submit">${W.apply[lang]}</button></div>`;
  return html`<form class="card filters" method="get" action="/console/messages" role="search">
<div class="search"><div class="box">${ICONS.search}<input id="q" type="search" name="q" value="${view.q ?? ''}" aria-label="${W.searchLabel[lang]}" placeholder="${W.searchHint[lang]}" maxlength="500" autocomplete="off" spellcheck="false"></div><button class="button main" type="submit">${W.search[lang]}</button></div>
${chosen.length > 0 ? html`<details open><summary>${W.filters[lang]} (${chosen.length})</summary>${fields}</details>` : html`<details><summary>${W.filters[lang]}</summary>${fields}</details>`}
</form>
${chips(view, chosen, lang)}`;
}

function businessChoices(lang: Language) {
  return Object.entries(BUSINESS_WORDS)
    .filter(([code]) => code <= '06')
    .map(([code, word]) => [code, `${code} ${word[lang]}`] as const);
}

/** Each condition that is set, and how to take it away. */
function chips(view: LogView, chosen: readonly LogField[], lang: Language): Html | null {
  if (chosen.length === 0) return null;
  return html`<div class="chips no-print">${chosen.map(
    (name) =>
      html`<a class="chip set" href="${local(viewPath(PATH, view, { [name]: undefined, after: undefined }))}"><span>${chipText(name, view[name] ?? '', lang)}</span><span aria-hidden="true">×</span></a>`,
  )}<a class="chip" href="${local(viewPath(PATH, view.q === undefined ? {} : { q: view.q }))}">${W.clear[lang]}</a></div>`;
}

function chipText(name: LogField, value: string, lang: Language): string {
  const words: Partial<Record<LogField, Readonly<Record<string, { vi: string; en: string }>>>> = {
    state: { ...LINE_TRANSPORTS, held: S.held, refused: S.refused, open: { vi: 'Chưa xong', en: 'Open' } },
    business: { ...BUSINESS_WORDS, none: W.businessNone },
    fromLevel: LEVEL_WORDS,
    toLevel: LEVEL_WORDS,
    urgency: Object.fromEntries(LINE_URGENCIES.map((word, i) => [String(i), word])),
    overdue: { 1: W.overdueOnly },
    kind: KIND_WORDS,
  };
  const title = name in W ? W[name as keyof typeof W][lang] : name;
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  const text = day ? `${day[3]}/${day[2]}/${day[1]}` : (words[name]?.[value]?.[lang] ?? value);
  return `${title}: ${text}`;
}

function foundNote({ found }: LogSearch, view: LogView, lang: Language): Html | null {
  if (!found) return null;
  if (found.by.length === 0)
    return html`<p class="quiet" role="status">${W.notFound[lang]} “${bounded(view.q ?? '', 80)}”.</p>`;
  const by = found.by.map((one) => W[one][lang]).join(', ');
  const links = (
    agency: Agency,
  ) => html`<a class="chip" href="${local(viewPath(PATH, view, { q: undefined, sender: agency.code, after: undefined }))}">${W.sender[lang]}: ${agency.name}</a>
<a class="chip" href="${local(viewPath(PATH, view, { q: undefined, receiver: agency.code, after: undefined }))}">${W.receiver[lang]}: ${agency.name}</a>`;
  return html`<div class="chips" role="status"><span class="quiet">${W.found[lang]}: ${by}</span>${found.agencies.slice(0, 4).map(links)}</div>`;
}

function table({ view, lines, counts }: MessagesView, lang: Language): Html {
  const newest = view.sort !== 'oldest';
  const columns: Column[] = [
    {
      title: W.time[lang],
      sort: {
        href: viewPath(PATH, view, { sort: newest ? 'oldest' : undefined, after: undefined }),
        now: newest ? 'descending' : 'ascending',
      },
    },
    { title: W.document[lang] },
    { title: W.sender[lang] },
    { title: W.receiver[lang] },
    { title: W.state[lang] },
    { title: W.size[lang], right: true },
  ];
  return html`${facets(view, counts, lang)}${dataTable(
    W.messages[lang],
    columns,
    lines.map((one) => row(one, lang)),
  )}`;
}

function facets(view: LogView, counts: LogCounts | null, lang: Language): Html | null {
  if (!counts || counts.more || counts.total > MOST_COUNTED || view.state !== undefined) return null;
  const some = Object.entries(counts.states).filter(([, count]) => count > 0);
  if (some.length < 2) return null;
  return html`<div class="chips facets">${some.map(
    ([state, count]) =>
      html`<a class="chip" href="${local(viewPath(PATH, view, { state, after: undefined }))}">${LINE_TRANSPORTS[state as keyof typeof LINE_TRANSPORTS][lang]} <b>${countText(count, lang)}</b></a>`,
  )}</div>`;
}

function row({ line, document, sender, recipient }: ShownLine, lang: Language): HtmlValue[] {
  const [time = '', day = ''] = momentText(line.createdAt).split(' ');
  const urgent =
    line.priority > 0 && html`<span class="badge open">${LINE_URGENCIES[line.priority]?.[lang] ?? ''}</span>`;
  return [
    html`<time datetime="${line.createdAt}">${time}<span class="under">${day}</span></time>`,
    html`<a class="title" href="/console/messages/${line.documentId}#d-${line.deliveryId}">${bounded(document?.codeNumber ?? line.documentId, 120)}</a> ${urgent}<span class="under"><span class="clip">${bounded(document?.subject || W.noSubject[lang], 240)}</span></span>`,
    agencyCell(sender, line.senderCode),
    agencyCell(recipient, line.recipientCode),
    html`${badge(lineState(line).mood, stateText(line, lang))}${line.business !== null && html`<span class="under">${businessText(line.business, lang)}</span>`}${
      line.failure !== null &&
      line.state !== 'done' &&
      html`<span class="under">${failureText(line.failure, lang)}</span>`
    }`,
    sizeText(line.size, lang),
  ];
}

function agencyCell(agency: Agency | null, code: string): Html {
  return html`${bounded(agency?.name ?? code, 160)}<span class="under mono">${code}</span>`;
}
