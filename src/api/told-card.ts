import {
  fill,
  type Language,
  monthWords,
  REPORT_TITLES,
  valueWords,
  TOLD_WORDS as W,
} from '../messages/index.ts';
import {
  bounded,
  card,
  countText,
  dataTable,
  figureKey,
  type Html,
  html,
  momentText,
} from '../rendering/index.ts';
import {
  INDICATORS,
  type Publication,
  REPORTS,
  type ReportName,
  type Restatement,
} from '../reporting/index.ts';
import type { Told } from './publications.ts';

const VERSIONS_SHOWN = 12;
const RESTATED_SHOWN = 60;

/** What was told once: the versions of each month, and every figure of theirs that is another one now, with all its values. */
export function toldCard({ publications, restatements }: Told, lang: Language): Html | null {
  if (publications.length === 0) return null;
  const columns = [W.month, W.version, W.reason, W.at, W.index].map((one) => ({ title: one[lang] }));
  const rows = publications.slice(0, VERSIONS_SHOWN).map((one) => versionRow(one, lang));
  return html`${card(W.title[lang], html`<p class="quiet">${W.text[lang]} <a href="/figures/publications.json">JSON</a></p>${dataTable(W.title[lang], columns, rows)}`)}${restatedCard(restatements, lang)}`;
}

function versionRow({ period, version, set, reason, note, at, index }: Publication, lang: Language) {
  const why = note === '' ? W[reason][lang] : `${W[reason][lang]}: ${bounded(note, 300)}`;
  return [
    monthWords(period),
    html`${version}<span class="under">${set}</span>`,
    why,
    at === null ? W.waiting[lang] : momentText(at),
    index === null ? '–' : `#${countText(index, lang)}`,
  ];
}

function restatedCard(restatements: readonly Restatement[], lang: Language): Html | null {
  if (restatements.length === 0) return null;
  const columns = [
    { title: W.figure[lang] },
    { title: W.month[lang] },
    { title: W.values[lang] },
    { title: W.now[lang], right: true },
  ];
  const rows = restatements.slice(0, RESTATED_SHOWN).map((one) => restatedRow(one, lang));
  const more = restatements.length - rows.length;
  return card(
    W.changed[lang],
    html`<p class="quiet">${W.changedText[lang]}</p>${dataTable(W.changed[lang], columns, rows)}${more > 0 && html`<p class="quiet small">${fill(W.more[lang], { n: more })}</p>`}`,
  );
}

function restatedRow({ code, key, period, told, now }: Restatement, lang: Language) {
  const { unit } = INDICATORS[code];
  const show = (value: number | null) => (value === null ? '–' : valueWords(value, unit, lang));
  const name = (Object.keys(REPORTS) as ReportName[]).find((one) =>
    REPORTS[one].codes.some((other) => other === code),
  );
  const title = name === undefined ? code : REPORT_TITLES[name][lang];
  const versions = told.map(({ version, value, reason, note }) => {
    const why = note === '' ? W[reason][lang] : bounded(note, 120);
    return html`<div>${fill(W.nth[lang], { n: version })}: <b>${show(value)}</b> <span class="quiet small">${why}</span></div>`;
  });
  const last = told.at(-1)?.value ?? null;
  const open = last !== now && html`<span class="under">${W.open[lang]}</span>`;
  const shown = name === undefined ? key : figureKey(name, { code, key }, lang);
  return [
    html`${title}<span class="under">${shown}</span>`,
    monthWords(period),
    html`${versions}`,
    html`<b>${show(now)}</b>${open}`,
  ];
}
