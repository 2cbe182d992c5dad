import type { PageContent } from '../api/index.ts';
import type { LogCounts, LogLine, LogLoad } from '../delivery/index.ts';
import { isoTime } from '../kernel/index.ts';
import { type Language, LINE_URGENCIES, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  badge,
  bounded,
  card,
  countText,
  dataTable,
  emptyState,
  facts,
  figure,
  type Html,
  html,
  ICONS,
  local,
  moment,
} from '../rendering/index.ts';
import type { ConsoleDesk } from './desk.ts';
import { filterOf, startOfDay, viewPath } from './log-query.ts';
import { MOST_COUNTED } from './log-read.ts';
import type { Viewer } from './viewer.ts';

export interface Overview {
  today: LogCounts;
  overdue: LogCounts;
  open: LogCounts;
  dead: LogCounts;
  /** The oldest open delivery of each urgency, highest urgency first. */
  oldest: readonly { priority: number; line: LogLine }[];
  failing: readonly { load: LogLoad; name: string; code: string }[];
  /** What is wrong with the ledger's writing, or null. */
  fault: string | null;
  entries: number;
  now: number;
}

export async function overviewOf(viewer: Viewer, { stations: x, log }: ConsoleDesk): Promise<Overview> {
  const now = x.clock.now();
  const all = filterOf({}, viewer.reach, now, x.calendar);
  const open = { ...all, states: ['waiting', 'leased'] as const };
  const [today, overdue, openCounts, dead, loads, entries] = await Promise.all([
    log.counts({ ...all, from: isoTime(startOfDay(now)) }, MOST_COUNTED),
    log.counts(filterOf({ overdue: '1' }, viewer.reach, now, x.calendar), MOST_COUNTED),
    log.counts(open, MOST_COUNTED),
    log.counts({ ...all, states: ['failed'] }, MOST_COUNTED),
    log.loads(viewer.reach, 5),
    x.reader.size(),
  ]);
  const found = await Promise.all(
    ([4, 3, 2, 1, 0] as const).map(async (priority) => ({
      priority,
      line: (await log.page({ ...open, priority, order: 'oldest', limit: 1 }))[0],
    })),
  );
  const failing = await Promise.all(
    loads
      .filter((load) => load.failed > 0)
      .map(async (load) => {
        const agency = await x.agencies.get(load.recipientId);
        return { load, name: agency?.name ?? load.recipientId, code: agency?.code ?? '' };
      }),
  );
  return {
    ...{ today, overdue, open: openCounts, dead, failing, entries, now },
    oldest: found.flatMap(({ priority, line }) => (line ? [{ priority, line }] : [])),
    fault: x.ledger.fault(),
  };
}

const PATH = '/console/messages';

/** What an administrator looks at first: how much, how late, what fails, and the search. */
export function overviewPage(view: Overview, lang: Language): PageContent {
  const day = isoTime(startOfDay(view.now) + 7 * 3_600_000).slice(0, 10);
  const count = ({ total, more }: LogCounts) => `${countText(total, lang)}${more ? '+' : ''}`;
  const of = (n: number) => countText(n, lang);
  const to = (change: Parameters<typeof viewPath>[1]) => local(viewPath(PATH, change));
  const { today, overdue, open, dead } = view;
  return {
    title: W.overview[lang],
    body: html`<form class="card" method="get" action="/console/messages" role="search"><div class="search"><div class="box">${ICONS.search}<input id="q" type="search" name="q" aria-label="${W.searchLabel[lang]}" placeholder="${W.searchHint[lang]}" maxlength="500" autocomplete="off" spellcheck="false"></div><button class="button main" type="submit">${W.search[lang]}</button></div></form>
<div class="figures">
${figure(count(today), W.todayAll[lang], to({ from: day }))}
${figure(of(today.states.done), W.todayDone[lang], to({ from: day, state: 'done' }), 'good')}
${figure(of(today.states.failed), W.todayFailed[lang], to({ from: day, state: 'failed' }), today.states.failed > 0 ? 'bad' : 'none')}
${figure(count(overdue), W.overdueNow[lang], to({ overdue: '1', sort: 'oldest' }), overdue.total > 0 ? 'open' : 'none')}
${figure(count(open), W.openNow[lang], to({ state: 'open', sort: 'oldest' }))}
${figure(count(dead), W.deadNow[lang], local('/console/failures'), dead.total > 0 ? 'bad' : 'none')}
</div>
<div class="grid halves">
${card(W.oldestWaiting[lang], oldest(view, lang), { flush: true })}
${card(W.failing[lang], failing(view, lang), { flush: true })}
</div>
${card(W.health[lang], health(view, lang))}`,
  };
}

function oldest({ oldest: list, now }: Overview, lang: Language): Html {
  if (list.length === 0) return emptyState(W.nothingWaits[lang], '', 'done');
  const columns = [{ title: W.urgency[lang] }, { title: W.receiver[lang] }, { title: W.since[lang] }];
  const rows = list.map(({ priority, line }) => [
    html`<a class="title" href="/console/messages/${line.documentId}#d-${line.deliveryId}">${LINE_URGENCIES[priority]?.[lang] ?? ''}</a>`,
    html`<code>${line.recipientCode}</code>`,
    moment(line.createdAt, now, lang),
  ]);
  return dataTable(W.oldestWaiting[lang], columns, rows);
}

function failing({ failing: list }: Overview, lang: Language): Html {
  if (list.length === 0) return emptyState(W.noFailing[lang], '', 'done');
  const columns = [
    { title: W.agency[lang] },
    { title: W.failed[lang], right: true },
    { title: W.waiting[lang], right: true },
  ];
  const rows = list.map(({ load, name, code }) => [
    html`<a class="title" href="/console/agencies/${code}">${bounded(name, 160)}</a><span class="under mono">${code}</span>`,
    html`<a href="/console/failures?receiver=${code}">${countText(load.failed, lang)}</a>`,
    countText(load.waiting, lang),
  ]);
  return dataTable(W.failing[lang], columns, rows);
}

function health({ fault, entries }: Overview, lang: Language): Html {
  return html`<div class="row">${fault === null ? badge('good', W.healthy[lang]) : badge('bad', `${W.unhealthy[lang]}: ${fault}`)}</div>${facts(
    [[W.ledger[lang], html`<a href="/console/ledger">${countText(entries, lang)} ${W.entries[lang]}</a>`]],
  )}`;
}
