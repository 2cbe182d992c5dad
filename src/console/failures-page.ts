import type { PageContent } from '../api/index.ts';
import type { LogCounts } from '../delivery/index.ts';
import { type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  bounded,
  card,
  countText,
  dataTable,
  emptyState,
  facts,
  field,
  type Html,
  html,
  local,
  moment,
  notice,
  pager,
} from '../rendering/index.ts';
import { failureText } from './line-state.ts';
import { type LogView, placeText, viewPath } from './log-query.ts';
import type { ShownLine } from './log-read.ts';
import { MOST_REPLAYED, type Replay, type ReplayPreview } from './replay.ts';
import type { Viewer } from './viewer.ts';

const PATH = '/console/failures';
/** From so many on, the count is typed again. */
export const RETYPE_ABOVE = 100;

const crumbs = (lang: Language) => [
  { text: W.overview[lang], href: '/console' },
  { text: W.failures[lang], href: PATH },
];

export interface FailuresView {
  view: LogView;
  lines: readonly ShownLine[];
  more: boolean;
  counts: LogCounts | null;
  viewer: Viewer;
  now: number;
  notices: readonly Html[];
}

/** Dead letters, latest error first in each line, and the way to send them again together. */
export function failuresPage(page: FailuresView, lang: Language): PageContent {
  const { view, lines, more, counts, viewer, now } = page;
  const last = lines.at(-1)?.line;
  const replay = local(
    viewPath(`${PATH}/replay`, view, { after: undefined, sort: undefined, state: undefined }),
  );
  return {
    title: W.failures[lang],
    lead: W.failuresLead[lang],
    crumbs: crumbs(lang).slice(0, 1),
    notices: page.notices,
    ...(viewer.mayAct && lines.length > 0
      ? {
          actions: html`<a class="button main" href="${replay}">${W.replayAll[lang]} (${countText(counts?.total ?? lines.length, lang)}${counts?.more ? '+' : ''})</a>`,
        }
      : {}),
    body: html`<form class="card filters" method="get" action="/console/failures"><div class="fields">
${field({ name: 'receiver', label: W.receiver[lang], value: view.receiver ?? '' })}
${field({ name: 'sender', label: W.sender[lang], value: view.sender ?? '' })}
${field({ name: 'reason', label: W.reason[lang], value: view.reason ?? '' })}
${field({ name: 'from', label: W.from[lang], type: 'date', value: (view.from ?? '').slice(0, 10) })}
${field({ name: 'to', label: W.to[lang], type: 'date', value: (view.to ?? '').slice(0, 10) })}
<button class="button" type="submit">${W.apply[lang]}</button></div></form>
<section class="card flush"><h2 class="unseen">${W.failures[lang]}</h2>
${lines.length === 0 ? emptyState(W.noFailures[lang], W.noFailuresHint[lang], 'done') : table(lines, view, now, lang)}
${
  (more || view.after !== undefined) &&
  pager(lang, {
    first: view.after === undefined ? null : viewPath(PATH, view, { after: undefined }),
    older: more && last ? viewPath(PATH, view, { after: placeText(last) }) : null,
    note: '',
  })
}</section>`,
  };
}

function table(lines: readonly ShownLine[], view: LogView, now: number, lang: Language): Html {
  const columns = [
    { title: W.lastError[lang] },
    { title: W.document[lang] },
    { title: W.receiver[lang] },
    { title: W.attempts[lang], right: true },
    { title: W.time[lang] },
  ];
  const rows = lines.map(({ line, document, recipient }) => [
    html`${failureText(line.failure ?? '', lang)}<span class="under">${moment(line.updatedAt, now, lang)}</span>`,
    html`<a class="title" href="/console/messages/${line.documentId}#d-${line.deliveryId}">${bounded(document?.codeNumber ?? line.documentId, 120)}</a><span class="under"><span class="clip">${bounded(document?.subject || W.noSubject[lang], 200)}</span></span>`,
    html`<a href="${local(viewPath(PATH, view, { receiver: line.recipientCode, after: undefined }))}">${bounded(recipient?.name ?? line.recipientCode, 160)}</a><span class="under mono">${line.recipientCode}</span>`,
    countText(line.attempts, lang),
    moment(line.createdAt, now, lang),
  ]);
  return dataTable(W.failures[lang], columns, rows);
}

export interface ReplayForm {
  view: LogView;
  replay: Replay;
  /** Null when there are too many. */
  preview: ReplayPreview | null;
  viewer: Viewer;
  now: number;
  reason: string;
  faults: readonly { field: 'reason' | 'typed'; text: string }[];
}

/** What a bulk replay would do, before it does it. */
export function replayPage(form: ReplayForm, lang: Language): PageContent {
  const { view, replay, preview, viewer, now, reason, faults } = form;
  const fault = (name: string) => faults.find((one) => one.field === name)?.text ?? null;
  const base = { title: W.replayTitle[lang], crumbs: crumbs(lang), narrow: true };
  if (!preview)
    return { ...base, body: notice('bad', W.replayTooMany[lang], `> ${countText(MOST_REPLAYED, lang)}`) };
  if (preview.count === 0)
    return { ...base, body: emptyState(W.noFailures[lang], W.noFailuresHint[lang], 'done') };
  const { count, oldest, newest } = preview;
  return {
    ...base,
    body: html`${card(
      W.replayPreview[lang],
      facts([
        [W.lines[lang], html`<strong>${countText(count, lang)}</strong>`],
        [
          W.replayRange[lang],
          oldest && newest ? html`${moment(oldest, now, lang)} – ${moment(newest, now, lang)}` : null,
        ],
        [W.receiver[lang], view.receiver ?? W.all[lang]],
        [W.reason[lang], view.reason ?? W.all[lang]],
      ]),
    )}
<form class="form card" method="post" action="/console/failures/replay">${hidden(form, viewer)}
<input type="hidden" name="batch" value="${replay.batch}"><input type="hidden" name="asOf" value="${replay.asOf}"><input type="hidden" name="count" value="${count}">
${field({ name: 'reason', label: W.retryReason[lang], hint: W.retryHint[lang], value: reason, fault: fault('reason'), required: true })}
${count > RETYPE_ABOVE && field({ name: 'typed', label: W.replayCount[lang], fault: fault('typed'), required: true })}
<div class="row"><button class="button main" type="submit">${W.replayAll[lang]} (${countText(count, lang)})</button></div></form>`,
  };
}

function hidden({ view }: Pick<ReplayForm, 'view'>, viewer: Viewer): Html {
  return html`<input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="view" value="${viewPath('', view)}">`;
}

export interface ReplayProgress {
  view: LogView;
  replay: Replay;
  viewer: Viewer;
  reason: string;
  count: number;
  sent: number;
  skipped: number;
  /** Null at the end. */
  next: string | null;
}

/** How far a bulk replay has come; without script the reader presses on, with it the page does. */
export function progressPage(progress: ReplayProgress, lang: Language): PageContent {
  const { view, replay, viewer, reason, count, sent, skipped, next } = progress;
  const done = html`<strong>${countText(sent, lang)}</strong> / ${countText(count, lang)}${skipped > 0 && html` · ${countText(skipped, lang)} ${W.replaySkipped[lang]}`}`;
  return {
    title: W.replayTitle[lang],
    crumbs: crumbs(lang),
    narrow: true,
    notices: next === null ? [notice('good', `${W.replayDone[lang]}: ${countText(sent, lang)}`)] : [],
    body: html`${card(
      W.replayProgress[lang],
      html`<progress max="${count}" value="${Math.min(count, sent + skipped)}" aria-label="${W.replayProgress[lang]}"></progress>${facts(
        [
          [W.replayDone[lang], done],
          [W.why[lang], reason],
          [W.replayBatch[lang], html`<code>${replay.batch}</code>`],
        ],
      )}`,
    )}
${
  next === null
    ? html`<p><a class="button" href="/console/failures">${W.failures[lang]}</a></p>`
    : html`<form method="post" action="/console/failures/replay" data-goes-on="yes">${hidden({ view }, viewer)}
<input type="hidden" name="batch" value="${replay.batch}"><input type="hidden" name="asOf" value="${replay.asOf}"><input type="hidden" name="count" value="${count}">
<input type="hidden" name="reason" value="${reason}"><input type="hidden" name="after" value="${next}"><input type="hidden" name="sent" value="${sent}"><input type="hidden" name="skipped" value="${skipped}">
<button class="button main" type="submit">${W.replayGoOn[lang]}</button></form>`
}`,
  };
}
