import { PDFDocument, PDFHexString } from '@cantoo/pdf-lib';
import { sha256Hex } from '../kernel/index.ts';
import { letterFontkit, tinos } from '../lab/index.ts';
import {
  fill,
  type Language,
  monthWords,
  QUARTER_WORDS,
  quarterWords,
  REPORT_NOTES,
  REPORT_TITLES,
  SCOPE_WORDS,
  valueWords,
} from '../messages/index.ts';
import type { QuarterReport, QuarterRow, QuarterTable } from '../reporting/index.ts';
import { figureKey } from './figure-key.ts';
import { ReportSheet } from './pdf-sheet.ts';

/** More lines of one table than people read; the workbook has all. */
const MOST_ROWS = 40;
const SMALL = { size: 9 } as const;
const [FIRST, OTHER] = [183, 75];
const WIDTHS = [FIRST, OTHER, OTHER, OTHER, OTHER];

/** The quarterly report: A4, tagged, embedded fonts, the checkpoint on its last page. The same figures give the same bytes. */
export async function quarterPdf(report: QuarterReport, lang: Language): Promise<Buffer> {
  const say = (word: keyof typeof QUARTER_WORDS) => QUARTER_WORDS[word][lang];
  const [year = '', n = ''] = report.quarter.split('-Q');
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.registerFontkit(letterFontkit);
  const sheet = new ReportSheet(pdf, {
    regular: await pdf.embedFont(tinos('regular'), { subset: true, customName: 'TRUCQP+Tinos' }),
    bold: await pdf.embedFont(tinos('bold'), { subset: true, customName: 'TRUCQB+Tinos-Bold' }),
  });
  sheet.heading(1, fill(say('title'), { n, year }));
  sheet.paragraph(say('lead'), SMALL);
  if (report.tables.length === 0) sheet.paragraph(say('none'));
  for (const [name, tables] of Map.groupBy(report.tables, (one) => one.name)) {
    sheet.heading(2, REPORT_TITLES[name][lang]);
    sheet.paragraph(REPORT_NOTES[name][lang], SMALL);
    if (tables.every((table) => table.rows.every((row) => row.quarter === null)))
      sheet.paragraph(say('notAdded'), SMALL);
    for (const table of tables) setTable(sheet, report, table, lang);
  }
  sheet.heading(2, say('proof'));
  const { log, size, checkpoint } = report.source;
  sheet.paragraph(fill(say('proofText'), { size: valueWords(size, '', lang), log }));
  sheet.paragraph(say('commands'), { font: 'bold', size: 9 });
  for (const line of checkpoint.trim().split('\n')) sheet.paragraph(line || ' ', SMALL);
  sheet.finish((page, of) => [
    `${quarterWords(report.quarter, lang)} · ${log} · ${valueWords(size, '', lang)}`,
    fill(say('page'), { n: page, of }),
  ]);
  metadata(pdf, report, lang);
  return Buffer.from(await pdf.save({ useObjectStreams: false, addDefaultPage: false }));
}

function setTable(sheet: ReportSheet, { months }: QuarterReport, table: QuarterTable, lang: Language): void {
  const head = [
    `${QUARTER_WORDS.key[lang]} (${SCOPE_WORDS[table.by][lang]})`,
    ...months.map(monthWords),
    QUARTER_WORDS.whole[lang],
  ];
  const rows = table.rows.slice(0, MOST_ROWS).map((row) => cellsOf(row, table, lang));
  sheet.table(WIDTHS, head, rows);
  const left = table.rows.length - rows.length;
  if (left > 0) sheet.paragraph(fill(QUARTER_WORDS.more[lang], { n: left }), SMALL);
}

function cellsOf(row: QuarterRow, { name, unit }: QuarterTable, lang: Language): string[] {
  const show = (value: number | null) => (value === null ? '–' : valueWords(value, unit, lang));
  return [figureKey(name, row, lang), ...row.months.map(show), show(row.quarter)];
}

function metadata(pdf: PDFDocument, report: QuarterReport, lang: Language): void {
  const [year = '', n = ''] = report.quarter.split('-Q');
  pdf.setTitle(fill(QUARTER_WORDS.title[lang], { n, year }), { showInWindowTitleBar: true });
  pdf.setLanguage(lang === 'vi' ? 'vi-VN' : 'en');
  pdf.setProducer('Trục');
  const id = PDFHexString.of(sha256Hex(JSON.stringify([report, lang])).slice(0, 32));
  pdf.context.trailerInfo.ID = pdf.context.obj([id, id]);
}
