import type { Request, Response, Router } from 'express';
import { chartFonts, type PageContent, PICTURE_POLICY } from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { CHART_WORDS as C, fill, type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import { chartPng, countText, csv, type Html, html, local, notice, shadeOf } from '../rendering/index.ts';
import { type ChartData, chartDataOf } from './chart-data.ts';
import { CHARTS, type ChartName, type ChartTable, chartSvg, chartTable } from './chart-tables.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { type LogView, readView, viewPath } from './log-query.ts';
import { searchOf } from './log-read.ts';

const LOG = '/console/messages';

/** /console/charts: the deliveries of a view as pictures, tables and files; the address is the same as the log's. */
export function chartRoutes(router: Router, desk: ConsoleDesk): void {
  router.get('/console/charts', async (request, response) => {
    const { lang } = around(request, response);
    const { view, data, unknown } = await asked(request, response, desk);
    answer(request, response, 'messages', chartsPage({ view, data, unknown }, lang));
  });

  router.get('/console/charts/:file', async (request, response) => {
    const { lang } = around(request, response);
    const [name = '', form = ''] = (request.params.file as string).split('.', 2);
    const known = CHARTS.find((one) => one === name);
    if (!known || !['svg', 'png', 'csv', 'json'].includes(form)) throw new TrucError('api.not-found');
    const { data } = await asked(request, response, desk);
    await send(response, { table: chartTable(known, data, lang), data, form, lang });
  });
}

async function asked(request: Request, response: Response, desk: ConsoleDesk) {
  const { viewer } = around(request, response);
  const read = readView({ ...request.query, after: undefined, sort: undefined });
  const { filters, unknown } = await searchOf(read, viewer, desk);
  return { view: read.view, unknown, data: await chartDataOf(filters, desk) };
}

interface Sent {
  table: ChartTable;
  data: ChartData;
  form: string;
  lang: Language;
}

async function send(response: Response, { table, data, form, lang }: Sent): Promise<void> {
  response.set('Cache-Control', 'private, no-store');
  if (form === 'json') {
    const rows = table.rows.map(({ label, cells }) => ({ label, values: cells.map(({ value }) => value) }));
    response.json({ name: table.name, columns: table.columns, rows, total: data.total, more: data.more });
    return;
  }
  if (form === 'csv') {
    const rows = table.rows.map(({ label, cells }) => [label, ...cells.map(({ value }) => value)]);
    response
      .attachment(`${table.name}.csv`)
      .type('text/csv; charset=utf-8')
      .send(csv([table.columns, ...rows]));
    return;
  }
  const svg = chartSvg(table, sourceText(data, lang), lang);
  response.set('Content-Security-Policy', PICTURE_POLICY);
  if (form === 'svg') response.type('image/svg+xml').send(svg);
  else response.type('image/png').send(await chartPng(svg, chartFonts()));
}

function sourceText({ total, more }: ChartData, lang: Language): string {
  const of = fill((more ? C.ofNewest : C.of)[lang], { n: countText(total, lang) });
  return `${C.source[lang]} · ${of}`;
}

interface ChartsView {
  view: LogView;
  data: ChartData;
  unknown: readonly string[];
}

function chartsPage({ view, data, unknown }: ChartsView, lang: Language): PageContent {
  return {
    title: C.title[lang],
    lead: `${C.lead[lang]} ${sourceText(data, lang)}.`,
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: W.messages[lang], href: viewPath(LOG, view) },
    ],
    notices: unknown.length > 0 ? [notice('open', W.badFilter[lang], unknown.join(', '))] : [],
    body: html`<div class="charts">${CHARTS.map((name) => figureOf(name, view, data, lang))}</div>`,
  };
}

function figureOf(name: ChartName, view: LogView, data: ChartData, lang: Language): Html {
  const table = chartTable(name, data, lang);
  const file = (form: string) => {
    const path = viewPath(`/console/charts/${name}.${form}`, view);
    return local(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  };
  return html`<section class="card"><h2>${table.title}</h2><p class="quiet">${table.finding}</p><div class="chart-box" tabindex="0" role="region" aria-label="${table.title}"><img class="chart" src="${file('svg')}" alt="${table.finding}" width="760" loading="lazy"></div>
${table.rows.length > 0 && html`<details class="more" open><summary>${C.table[lang]}</summary>${tableOf(table, view, lang)}</details>`}
<p class="row small no-print">${['svg', 'png', 'csv', 'json'].map((form) => html`<a href="${file(form)}">${form.toUpperCase()}</a>`)}</p></section>`;
}

/** The same numbers; each leads to its list. The level matrix is shaded as the picture is. */
function tableOf({ name, title, columns, rows }: ChartTable, view: LogView, lang: Language): Html {
  const most = Math.max(1, ...rows.flatMap(({ cells }) => cells.map(({ value }) => value)));
  const head = columns.map(
    (text, i) => html`<th scope="col" class="${i === 0 ? 'left' : 'right'}">${text}</th>`,
  );
  const cell = ({ value, narrows }: ChartTable['rows'][number]['cells'][number]) => {
    const shade = name === 'levels' ? `heat heat-${shadeOf(value, most)}` : 'right';
    const text = countText(value, lang);
    const inside = value === 0 ? text : html`<a href="${local(viewPath(LOG, view, narrows))}">${text}</a>`;
    return html`<td class="${shade}">${inside}</td>`;
  };
  return html`<div class="table"><table class="${name === 'levels' ? 'heats' : 'numbers'}"><caption><span class="unseen">${title}</span></caption><thead><tr>${head}</tr></thead><tbody>${rows.map(
    ({ label, cells }) => html`<tr><th scope="row" class="left">${label}</th>${cells.map(cell)}</tr>`,
  )}</tbody></table></div>`;
}
