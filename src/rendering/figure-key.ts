import { FIGURE_WORDS, fill, keyWords, type Language } from '../messages/index.ts';
import type { ReportName, ReportRow } from '../reporting/index.ts';

/** What a line of a report is of, as people read it: a level, an agency's code, a pair of levels, a percentile. */
export function figureKey(
  name: ReportName,
  { code, key }: Pick<ReportRow, 'code' | 'key'>,
  lang: Language,
): string {
  if (name === 'matrix') {
    const [from = '', to = ''] = key.split('>').map((one) => keyWords(one, lang));
    return fill(FIGURE_WORDS.pair[lang], { from, to });
  }
  const shown = keyWords(key, lang);
  return name === 'latency' ? `${keyWords(code, lang)} – ${shown}` : shown;
}
