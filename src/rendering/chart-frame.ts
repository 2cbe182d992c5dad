import { type Html, html, htmlText } from './html.ts';

/** What stands around every chart. */
export interface ChartText {
  title: string;
  /** One sentence: what the reader sees. */
  finding: string;
  /** Where the numbers come from. */
  source: string;
}

/** Colours of lines and bars. Their lightness falls too, and each line has its own dashes and marks, so that grey paper is enough. */
export const TONES = ['#0b4f8a', '#b3541e', '#2f7d4f', '#6d3f8f', '#7a6a00', '#8a1f3d', '#3d4a5c'] as const;
export const DASHES = ['', '8 4', '2 3', '10 3 2 3', '5 5', '1 4', '12 4'] as const;

export const INK = '#1b1f24';
export const QUIET = '#4b5563';
export const LINE = '#d5d9df';
export const CHART_FONT = 'Be Vietnam Pro';
const FONTS = `${CHART_FONT}, Noto Sans, Segoe UI, Arial, sans-serif`;

export const WIDTH = 760;
/** Where the drawing begins: title and finding stand above it. */
export const TOP = 84;

/** An SVG picture that stands alone: its own ground, title and description for those who do not see it, no style sheet, no script. */
export function chart(height: number, { title, finding, source }: ChartText, body: Html): string {
  const lines = wrapped(finding, 100).slice(0, 2);
  return htmlText(html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="${FONTS}" font-size="13" fill="${INK}"><title>${title}</title><desc>${finding}</desc>
<rect x="0" y="0" width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="24" y="34" font-size="18" font-weight="600">${title}</text>
${lines.map((line, i) => html`<text x="24" y="${56 + i * 17}" fill="${QUIET}">${line}</text>`)}
${body}
<text x="24" y="${height - 12}" font-size="11" fill="${QUIET}">${source}</text>
</svg>
`);
}

/** Words on lines of at most so many characters. */
export function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length + 1 > most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Round steps from 0 to at least `most`: 1, 2 or 5 with zeros, four to six of them. */
export function ticks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((one) => one * power >= rough) as number) * power);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** A coordinate with one decimal, so that equal data give equal pictures everywhere. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}
