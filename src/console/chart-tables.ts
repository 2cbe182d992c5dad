import { CHART_WORDS as C, fill, type Language, LEVEL_WORDS, LINE_TRANSPORTS } from '../messages/index.ts';
import { barsChart, countText, matrixChart, seriesChart } from '../rendering/index.ts';
import { type ChartData, DAY_STATES, type DayState, levelsIn } from './chart-data.ts';
import { failureText } from './line-state.ts';
import type { LogView } from './log-query.ts';

export const CHARTS = ['days', 'levels', 'reasons'] as const;
export type ChartName = (typeof CHARTS)[number];

/** A number, and the filter whose list it is the length of. */
export interface ChartCell {
  value: number;
  narrows: LogView;
}

/** The one source of a chart's picture, table and files. */
export interface ChartTable {
  name: ChartName;
  title: string;
  /** What the reader sees, in a sentence. */
  finding: string;
  /** Title of the first column, then of each number. */
  columns: readonly string[];
  rows: readonly { label: string; cells: readonly ChartCell[] }[];
}

/** Days, levels or reasons as a table. */
export function chartTable(name: ChartName, data: ChartData, lang: Language): ChartTable {
  const { columns, rows } = TABLES[name](data, lang);
  const finding = data.total === 0 ? C.none[lang] : mostOf(name, columns, rows, lang);
  return { name, title: C[name][lang], finding, columns, rows };
}

type Table = Pick<ChartTable, 'columns' | 'rows'>;

const TABLES: Readonly<Record<ChartName, (data: ChartData, lang: Language) => Table>> = {
  days: ({ days }, lang) => ({
    columns: [C.day[lang], ...DAY_STATES.map((state) => stateWord(state, lang))],
    rows: [...days].map(([day, counts]) => ({
      label: day.split('-').reverse().join('/'),
      cells: DAY_STATES.map((state) => ({ value: counts[state], narrows: { from: day, to: day, state } })),
    })),
  }),
  levels: (data, lang) => {
    const levels = levelsIn(data);
    return {
      columns: [C.axes[lang], ...levels.map((to) => LEVEL_WORDS[to][lang])],
      rows: levels.map((fromLevel) => ({
        label: LEVEL_WORDS[fromLevel][lang],
        cells: levels.map((toLevel) => ({
          value: data.levels.get(`${fromLevel}>${toLevel}`) ?? 0,
          narrows: { fromLevel, toLevel },
        })),
      })),
    };
  },
  reasons: ({ reasons }, lang) => ({
    columns: [C.reason[lang], C.count[lang]],
    rows: reasons.slice(0, 12).map(([reason, value]) => ({
      label: failureText(reason, lang),
      cells: [{ value, narrows: { state: 'failed', reason } }],
    })),
  }),
};

function stateWord(state: DayState, lang: Language): string {
  return state === 'open' ? C.open[lang] : LINE_TRANSPORTS[state][lang];
}

function mostOf(name: ChartName, columns: Table['columns'], rows: Table['rows'], lang: Language): string {
  const all = rows.flatMap(({ label, cells }) =>
    cells.map(({ value }, i) => ({ label, column: columns[i + 1] ?? '', value })),
  );
  const sums =
    name === 'days' ? rows.map(({ label, cells }) => ({ label, column: '', value: total(cells) })) : all;
  const [most] = sums.sort((a, b) => b.value - a.value);
  if (!most) return C.none[lang];
  const key = name === 'levels' ? fill(C.pair[lang], { from: most.label, to: most.column }) : most.label;
  return fill(C.most[lang], { key, value: countText(most.value, lang) });
}

const total = (cells: readonly ChartCell[]) => cells.reduce((sum, { value }) => sum + value, 0);

/** The table as a picture that stands alone. */
export function chartSvg(
  { name, title, finding, columns, rows }: ChartTable,
  source: string,
  lang: Language,
): string {
  const show = (value: number) => countText(value, lang);
  const text = { title, finding, source };
  const heads = columns.slice(1);
  if (name === 'levels')
    return matrixChart({
      ...{ ...text, show, axes: columns[0] ?? '', columns: heads },
      rows: rows.map(({ label }) => label),
      cells: rows.map(({ cells }) => cells.map(({ value }) => value)),
    });
  if (name === 'reasons')
    return barsChart({
      ...text,
      show,
      bars: rows.map(({ label, cells }) => ({ label, value: total(cells) })),
    });
  return seriesChart({
    ...{ ...text, show, least: 1 },
    columns: rows.map(({ label }) => label.slice(0, 5)),
    series: heads.map((label, i) => ({ label, values: rows.map(({ cells }) => cells[i]?.value ?? 0) })),
  });
}
