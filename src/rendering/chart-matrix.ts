import { at, type ChartText, chart, INK, QUIET, TOP, WIDTH } from './chart-frame.ts';
import { html } from './html.ts';
import { SHADES, shadeOf, WHITE_FROM } from './level-matrix.ts';

export interface MatrixChart extends ChartText {
  rows: readonly string[];
  columns: readonly string[];
  /** Row by row. */
  cells: readonly (readonly number[])[];
  /** What rows and columns are: "from / to". */
  axes: string;
  show(value: number): string;
}

const LEFT = 190;
const CELL = 60;
const HEAD = TOP + 52;

/** Who sends how much to whom: a number in every cell, darker where it is more. */
export function matrixChart(data: MatrixChart): string {
  const { rows, columns, cells, axes, show } = data;
  const most = Math.max(1, ...cells.flat());
  const width = Math.min(150, (WIDTH - LEFT - 24) / Math.max(1, columns.length));
  const heads = columns.map(
    (label, i) =>
      html`<text x="${at(LEFT + width * (i + 0.5))}" y="${HEAD - 10}" text-anchor="middle" font-weight="600">${label}</text>`,
  );
  const body = rows.map((label, row) => {
    const y = HEAD + row * CELL;
    const boxes = columns.map((column, i) => {
      const value = cells[row]?.[i] ?? 0;
      const shade = shadeOf(value, most);
      const x = LEFT + i * width;
      return html`<g><title>${label} – ${column}: ${show(value)}</title><rect x="${at(x)}" y="${y}" width="${at(width)}" height="${CELL}" fill="${SHADES[shade] as string}" stroke="#ffffff" stroke-width="2"/><text x="${at(x + width / 2)}" y="${y + CELL / 2 + 5}" text-anchor="middle" font-size="15" font-weight="600" fill="${shade >= WHITE_FROM ? '#ffffff' : INK}">${show(value)}</text></g>`;
    });
    return html`<text x="${LEFT - 12}" y="${y + CELL / 2 + 5}" text-anchor="end" font-weight="600">${label}</text>${boxes}`;
  });
  const axis = html`<text x="${LEFT - 12}" y="${HEAD - 10}" text-anchor="end" fill="${QUIET}">${axes}</text>`;
  return chart(HEAD + rows.length * CELL + 44, data, html`${axis}${heads}${body}`);
}
