import type { Request, Response } from 'express';
import {
  FIGURE_WORDS,
  fill,
  type Language,
  monthWords,
  QUARTER_WORDS,
  quarterWords,
  REPORT_NOTES,
  REPORT_TITLES,
  valueWords,
} from '../messages/index.ts';
import {
  card,
  dataTable,
  emptyState,
  figure,
  figureKey,
  type Html,
  heatTable,
  html,
  local,
} from '../rendering/index.ts';
import {
  type Figures,
  monthsOf,
  quarterOf,
  type ReportName,
  type ReportTable,
  reportTable,
} from '../reporting/index.ts';
import { sendPage } from './pages.ts';
import { preferencesOf } from './preferences.ts';
import type { Told } from './publications.ts';
import { toldCard } from './told-card.ts';

/** The four by which the Government measures itself. */
const NATIONAL: readonly ReportName[] = [
  'exchanged',
  'leaders-signing',
  'agencies-processing',
  'units-connected',
];
const MONTHS_SHOWN = 12;

/** /figures: the last month's four figures, and each report as a picture, a table and files. */
export function sendFiguresPage(
  request: Request,
  response: Response,
  figures: Figures,
  names: readonly ReportName[],
  told: Told,
): void {
  const { lang } = preferencesOf(request, response);
  const say = (word: keyof typeof FIGURE_WORDS) => FIGURE_WORDS[word][lang];
  const national = NATIONAL.map((name) => headline(reportTable(figures, name, { by: 'nation' }), lang));
  const source = fill(say('source'), { log: figures.log, size: valueWords(figures.size, '', lang) });
  const body =
    figures.indicators.length === 0
      ? html`<section class="card">${emptyState(say('none'), say('later'))}</section>`
      : html`<div class="figures">${national}</div>
<div class="charts">${names.map((name) => section(name, reportTable(figures, name, {}), lang))}</div>`;
  const files = html`<a href="/figures/indicators.csv">CSV</a> · <a href="/figures/indicators.json">JSON</a>`;
  sendPage(
    request,
    response,
    { area: { name: say('area'), href: '/figures' } },
    {
      title: say('title'),
      lead: say('lead'),
      body: html`${body}${quarters(figures, lang)}${toldCard(told, lang)}${card(say('data'), html`<p>${say('proof')}</p><p class="quiet">${source}. ${files}</p>`)}`,
    },
  );
}

/** The newest first; the one that runs is marked. */
const QUARTERS_SHOWN = 4;

function quarters({ indicators }: Figures, lang: Language): Html | null {
  const months = indicators.map((one) => one.period).sort();
  const newest = months.at(-1);
  if (newest === undefined) return null;
  const found = [...new Set(months.map(quarterOf))].sort().reverse().slice(0, QUARTERS_SHOWN);
  const lines = found.map((quarter) => {
    const last = monthsOf(quarter)?.[2] ?? '';
    const files = (['pdf', 'xlsx'] as const).map(
      (form) =>
        html`<a href="${local(`/figures/quarter/${quarter}.${form}`)}" aria-label="${quarterWords(quarter, lang)} ${form.toUpperCase()}">${form.toUpperCase()}</a> `,
    );
    return html`<li>${quarterWords(quarter, lang)}${newest <= last && html` <span class="quiet small">(${QUARTER_WORDS.running[lang]})</span>`}: ${files}</li>`;
  });
  return card(
    QUARTER_WORDS.link[lang],
    html`<p class="quiet">${QUARTER_WORDS.linkText[lang]}</p><ul class="plain">${lines}</ul>`,
  );
}

function headline(table: ReportTable, lang: Language): Html {
  const [row] = table.rows;
  const value = row?.values.at(-1) ?? null;
  const month = table.periods.at(-1);
  const shown = value === null ? '–' : valueWords(value, table.unit, lang);
  const text = month === undefined ? '' : ` (${monthWords(month)})`;
  return figure(shown, `${REPORT_TITLES[table.name][lang]}${text}`, local(`#${table.name}`));
}

function section(name: ReportName, table: ReportTable, lang: Language): Html {
  const title = REPORT_TITLES[name][lang];
  const months = table.periods.slice(-MONTHS_SHOWN);
  const columns = [
    { title: FIGURE_WORDS.key[lang] },
    ...months.map((month) => ({ title: monthWords(month), right: true })),
  ];
  const rows = table.rows.map(({ code, key, values }) => [
    figureKey(name, { code, key }, lang),
    ...values
      .slice(-MONTHS_SHOWN)
      .map((value) => (value === null ? '–' : valueWords(value, table.unit, lang))),
  ]);
  const files = (['svg', 'png', 'csv', 'json'] as const).map(
    (form) => html`<a href="${local(`/figures/${name}.${form}`)}">${form.toUpperCase()}</a> `,
  );
  const picture = local(`/figures/${name}.svg?lang=${lang}`);
  return html`<div id="${name}">${card(
    title,
    html`<p class="quiet">${REPORT_NOTES[name][lang]}</p>
${
  table.by === 'pair'
    ? heatTable(table, title, lang)
    : html`<div class="chart-box" tabindex="0" role="region" aria-label="${title}"><img class="chart" src="${picture}" alt="${fill(FIGURE_WORDS.alt[lang], { title })}" width="760" loading="lazy"></div>`
}
<details><summary>${FIGURE_WORDS.table[lang]}</summary>${dataTable(title, columns, rows)}</details>`,
    { side: html`<span class="quiet small">${files}</span>` },
  )}</div>`;
}
