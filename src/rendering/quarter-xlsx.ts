import type { Readable } from 'node:stream';
import {
  type Language,
  monthWords,
  QUARTER_WORDS as Q,
  quarterWords,
  REPORT_NOTES,
  REPORT_TITLES,
  SCOPE_WORDS,
  UNIT_WORDS,
} from '../messages/index.ts';
import { type QuarterReport, REPORTS, type ReportName } from '../reporting/index.ts';
import { figureKey } from './figure-key.ts';
import { type SheetCell, xlsx } from './xlsx.ts';

/** The quarterly report as a workbook: all figures, their definitions, and what they follow from. */
export function quarterXlsx(report: QuarterReport, lang: Language): Readable {
  return xlsx([
    {
      name: `${Q.sheet[lang]} ${quarterWords(report.quarter, lang).replace('/', ' ')}`,
      head: [
        ...[Q.report[lang], Q.code[lang], Q.by[lang], Q.key[lang], Q.unit[lang]],
        ...report.months.map(monthWords),
        Q.whole[lang],
      ],
      rows: once(figureRows(report, lang)),
      widths: [44, 24, 26, 34, 12, 12, 12, 12, 12],
    },
    {
      name: Q.definitions[lang],
      head: [Q.report[lang], Q.code[lang], Q.meaning[lang]],
      rows: once(definitions(lang)),
      widths: [44, 60, 90],
    },
    {
      name: Q.checkpoint[lang],
      head: [Q.proof[lang], ''],
      rows: once(sourceRows(report, lang)),
      widths: [24, 100],
    },
  ]);
}

async function* once(rows: SheetCell[][]): AsyncGenerator<SheetCell[][]> {
  yield rows;
}

function figureRows({ tables }: QuarterReport, lang: Language): SheetCell[][] {
  return tables.flatMap(({ name, by, unit, rows }) =>
    rows.map((row): SheetCell[] => {
      const cell = (value: number | null): SheetCell =>
        value === null || unit !== 'share' ? value : { share: value / 10_000 };
      return [
        ...[REPORT_TITLES[name][lang], row.code, SCOPE_WORDS[by][lang], figureKey(name, row, lang)],
        ...[UNIT_WORDS[unit]?.[lang] ?? unit, ...row.months.map(cell), cell(row.quarter)],
      ];
    }),
  );
}

function definitions(lang: Language): SheetCell[][] {
  return (Object.keys(REPORTS) as ReportName[]).map((name) => {
    return [REPORT_TITLES[name][lang], REPORTS[name].codes.join(', '), REPORT_NOTES[name][lang]];
  });
}

function sourceRows({ source }: QuarterReport, lang: Language): SheetCell[][] {
  return [
    [Q.log[lang], source.log],
    [Q.size[lang], source.size],
    [Q.checkpoint[lang], source.checkpoint],
    [Q.meaning[lang], Q.commands[lang]],
    ['', Q.notAdded[lang]],
  ];
}
