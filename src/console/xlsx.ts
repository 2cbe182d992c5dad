import type { Readable } from 'node:stream';
import type { Language } from '../messages/index.ts';
import { xlsx as workbook } from '../rendering/index.ts';
import { cellsOf, type ExportLine, headings } from './exports.ts';

/** The log as a workbook with one sheet, written as it is read. */
export function xlsx(pages: AsyncIterable<ExportLine[]>, lang: Language): Readable {
  const rows = (async function* () {
    for await (const page of pages) yield page.map((one) => cellsOf(one, lang));
  })();
  return workbook([{ name: lang === 'vi' ? 'Nhật ký' : 'Log', head: headings(lang), rows }]);
}
