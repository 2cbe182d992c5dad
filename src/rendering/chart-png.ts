import { CHART_FONT } from './chart-frame.ts';

/**
 * A chart as a PNG, twice as large, with the fonts given and no others, so that it is the same on every machine.
 * @param fontFiles paths of TrueType files of Be Vietnam Pro
 */
export async function chartPng(svg: string, fontFiles: string[]): Promise<Buffer> {
  // Native, and needed by nobody else: loaded at the first picture.
  const { Resvg } = await import('@resvg/resvg-js');
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: CHART_FONT },
  });
  return picture.render().asPng();
}
