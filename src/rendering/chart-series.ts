import {
  at,
  type ChartText,
  chart,
  DASHES,
  INK,
  LINE,
  QUIET,
  TONES,
  TOP,
  ticks,
  WIDTH,
} from './chart-frame.ts';
import { type Html, html } from './html.ts';

export interface SeriesChart extends ChartText {
  columns: readonly string[];
  /** One for each column; null leaves a gap. At most seven. */
  series: readonly { label: string; values: readonly (number | null)[] }[];
  /** The axis goes to it at least. */
  least: number;
  /** A value as people read it. */
  show(value: number): string;
}

const LEFT = 84;
const RIGHT = WIDTH - 24;
const PLOT = 250;
const BOTTOM = TOP + 16 + PLOT;
const LABELS_MOST = 13;

/** Values over months: bars for one series, lines for several. */
export function seriesChart(data: SeriesChart): string {
  const { columns, series, show } = data;
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const steps = ticks(Math.max(data.least, ...values));
  const top = steps.at(-1) as number;
  const y = (value: number) => BOTTOM - (value / top) * PLOT;
  const width = (RIGHT - LEFT) / Math.max(1, columns.length);
  const x = (i: number) => LEFT + width * (i + 0.5);
  const grid = steps.map(
    (
      step,
    ) => html`<line x1="${LEFT}" x2="${RIGHT}" y1="${at(y(step))}" y2="${at(y(step))}" stroke="${step === 0 ? INK : LINE}"/>
<text x="${LEFT - 8}" y="${at(y(step) + 4)}" text-anchor="end" fill="${QUIET}">${show(step)}</text>`,
  );
  const every = Math.ceil(columns.length / LABELS_MOST);
  const months = columns.map((column, i) =>
    i % every === 0
      ? html`<text x="${at(x(i))}" y="${BOTTOM + 20}" text-anchor="middle" fill="${QUIET}">${column}</text>`
      : null,
  );
  const [only] = series;
  const drawn =
    series.length === 1 && only
      ? bars(only.values, { x, y, width, show })
      : series.map((one, i) => lineOf(one.values, i, { x, y }));
  const keys = series.length > 1 ? series.map(({ label }, i) => keyOf(label, i)) : [];
  const height = BOTTOM + 44 + Math.ceil(keys.length / 2) * 22 + 22;
  return chart(height, data, html`${grid}${months}${drawn}${keys}`);
}

interface Scale {
  x(i: number): number;
  y(value: number): number;
}

function bars(
  values: readonly (number | null)[],
  { x, y, width, show }: Scale & { width: number; show(value: number): string },
): Html[] {
  const bar = Math.min(56, width * 0.6);
  return values.flatMap((value, i) => {
    if (value === null) return [];
    const rect = html`<rect x="${at(x(i) - bar / 2)}" y="${at(y(value))}" width="${at(bar)}" height="${at(BOTTOM - y(value))}" fill="${TONES[0]}"><title>${show(value)}</title></rect>`;
    const text = html`<text x="${at(x(i))}" y="${at(y(value) - 6)}" text-anchor="middle" font-weight="600">${show(value)}</text>`;
    return values.length <= LABELS_MOST ? [rect, text] : [rect];
  });
}

function lineOf(values: readonly (number | null)[], no: number, { x, y }: Scale): Html {
  let path = '';
  let pen = 'M';
  for (const [i, value] of values.entries()) {
    if (value !== null) path += `${pen}${at(x(i))} ${at(y(value))}`;
    pen = value === null ? 'M' : 'L';
  }
  const marks = values.map((value, i) => (value === null ? null : mark(no, x(i), y(value))));
  return html`<path d="${path}" fill="none" stroke="${tone(no)}" stroke-width="2" stroke-dasharray="${dash(no)}"/>${marks}`;
}

/** A shape of its own for each line. */
function mark(no: number, x: number, y: number): Html {
  const shapes = [
    'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
    'M-4 -4h8v8h-8z',
    'M0 -5l5 9h-10z',
    'M0 -5l5 5l-5 5l-5 -5z',
    'M-5 -4h10l-5 9z',
    'M-4 -1h3v-3h2v3h3v2h-3v3h-2v-3h-3z',
    'M-4 -2h8v4h-8z',
  ];
  return html`<path transform="translate(${at(x)} ${at(y)})" d="${shapes[no % shapes.length] as string}" fill="${tone(no)}" stroke="#ffffff"/>`;
}

function keyOf(label: string, no: number): Html {
  const x = LEFT + (no % 2) * ((RIGHT - LEFT) / 2);
  const y = BOTTOM + 48 + Math.floor(no / 2) * 22;
  return html`<line x1="${at(x)}" x2="${at(x + 32)}" y1="${y - 4}" y2="${y - 4}" stroke="${tone(no)}" stroke-width="2" stroke-dasharray="${dash(no)}"/>${mark(no, x + 16, y - 4)}<text x="${at(x + 40)}" y="${y}">${label}</text>`;
}

function tone(no: number): string {
  return TONES[no % TONES.length] as string;
}

function dash(no: number): string {
  return DASHES[no % DASHES.length] || 'none';
}
