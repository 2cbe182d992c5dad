import {
  FIGURE_WORDS,
  fill,
  keyWords,
  type Language,
  monthWords,
  REPORT_TITLES,
  valueWords,
} from '../messages/index.ts';
import type { Figures, ReportRow, ReportTable } from '../reporting/index.ts';
import { barsChart } from './chart-bars.ts';
import type { ChartText } from './chart-frame.ts';
import { matrixChart } from './chart-matrix.ts';
import { seriesChart } from './chart-series.ts';
import { figureKey } from './figure-key.ts';
import { levelMatrix, sumOf } from './level-matrix.ts';

const LINES_MOST = 7;
const BARS_MOST = 12;

/** A report as a picture, with one sentence on what it says. */
export function figureChart(
  table: ReportTable,
  source: Pick<Figures, 'log' | 'size'>,
  lang: Language,
): string {
  const show = (value: number) => valueWords(value, table.unit, lang);
  const text = (finding: string): ChartText => ({
    title: REPORT_TITLES[table.name][lang],
    finding: finding || FIGURE_WORDS.none[lang],
    source: fill(FIGURE_WORDS.source[lang], { log: source.log, size: valueWords(source.size, '', lang) }),
  });
  if (table.by === 'pair') return matrixOf(table, text, show, lang);
  if (table.by === 'reason' || table.by === 'verdict') return barsOf(table, text, show, lang);
  const shown = table.rows.toSorted((a, b) => last(b) - last(a)).slice(0, LINES_MOST);
  const label = ({ code, key }: ReportRow) =>
    table.name !== 'latency'
      ? keyWords(key, lang)
      : `${keyWords(code, lang)}${key === '' ? '' : ` – ${keyWords(key, lang)}`}`;
  const sentences = [
    table.rows.length === 1 ? lastSentence(table, table.rows[0] as ReportRow, show, lang) : '',
    shown.length > 1 ? mostSentence(shown[0] as ReportRow, label, show, lang) : '',
    shown.length < table.rows.length
      ? fill(FIGURE_WORDS.others[lang], { shown: shown.length, all: table.rows.length })
      : '',
  ];
  return seriesChart({
    ...text(sentences.filter(Boolean).join(' ')),
    columns: table.periods.map(monthWords),
    series: shown.map((row) => ({ label: label(row), values: row.values })),
    least: table.unit === 'share' ? 10_000 : 1,
    show,
  });
}

type Texts = (finding: string) => ChartText;
type Show = (value: number) => string;

function last({ values }: ReportRow): number {
  return values.at(-1) ?? -1;
}

function lastSentence({ periods }: ReportTable, row: ReportRow, show: Show, lang: Language): string {
  const value = row.values.at(-1) ?? null;
  if (value === null) return '';
  return fill(FIGURE_WORDS.last[lang], { month: monthWords(periods.at(-1) as string), value: show(value) });
}

function mostSentence(row: ReportRow, label: (row: ReportRow) => string, show: Show, lang: Language): string {
  return last(row) < 0 ? '' : fill(FIGURE_WORDS.highest[lang], { key: label(row), value: show(last(row)) });
}

function matrixOf(table: ReportTable, text: Texts, show: Show, lang: Language): string {
  const { levels, cells, most } = levelMatrix(table);
  const key = most && figureKey('matrix', { code: 'matrix.documents', key: most.pair }, lang);
  const names = levels.map((level) => keyWords(level, lang));
  return matrixChart({
    ...text(most ? fill(FIGURE_WORDS.most[lang], { key, value: show(most.value) }) : ''),
    rows: names,
    columns: names,
    cells,
    axes: FIGURE_WORDS.axes[lang],
    show,
  });
}

function barsOf({ rows }: ReportTable, text: Texts, show: Show, lang: Language): string {
  const sorted = rows.map((row) => ({ label: keyWords(row.key, lang), value: sumOf(row) }));
  sorted.sort((a, b) => b.value - a.value);
  const [most] = sorted;
  return barsChart({
    ...text(most ? fill(FIGURE_WORDS.most[lang], { key: most.label, value: show(most.value) }) : ''),
    bars: sorted.slice(0, BARS_MOST),
    show,
  });
}
