import { at, type ChartText, chart, TONES, TOP, WIDTH } from './chart-frame.ts';
import { html } from './html.ts';

export interface BarsChart extends ChartText {
  /** In the order in which they are drawn. */
  bars: readonly { label: string; value: number }[];
  show(value: number): string;
}

const LEFT = 300;
const ROW = 30;
const ROOM = WIDTH - LEFT - 100;

/** Lying bars, for reasons and verdicts. */
export function barsChart(data: BarsChart): string {
  const { bars, show } = data;
  const most = Math.max(1, ...bars.map((one) => one.value));
  const drawn = bars.map(({ label, value }, i) => {
    const y = TOP + 12 + i * ROW;
    const width = (value / most) * ROOM;
    return html`<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${label}</text><rect x="${LEFT}" y="${y + 3}" width="${at(Math.max(1, width))}" height="${ROW - 10}" fill="${TONES[0]}"/><text x="${at(LEFT + width + 8)}" y="${y + 17}" font-weight="600">${show(value)}</text>`;
  });
  return chart(TOP + 24 + bars.length * ROW + 36, data, html`${drawn}`);
}
