import { spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import yauzl from 'yauzl';
import { quarterPdf, quarterXlsx } from '../../src/rendering/index.ts';
import {
  type Indicator,
  monthsOf,
  type QuarterReport,
  quarterOf,
  quarterReport,
} from '../../src/reporting/index.ts';
import { requiredTool } from '../required-tool.ts';

const pdftotext = requiredTool('pdftotext', 'the text of the quarterly report');
const CHECKPOINT = 'truc.example.gov.vn/ledger/1\n9\nAAAA\n\n— truc.example.gov.vn/ledger/1 BBBB\n';

/** Three months: 100, 200 and 300 documents; on time 1 of 1, 0 of 1 and 1 of 2; a share that is none in the first month. */
const indicators = ['2026-07', '2026-08', '2026-09'].flatMap((period, i): Indicator[] => {
  const one = { period, scope: 'nation', key: '', numerator: null, denominator: null } as const;
  const late = [1, 1, 2][i] as number;
  const met = [1, 0, 1][i] as number;
  return [
    { ...one, code: 'documents.exchanged', value: 100 * (i + 1) },
    { ...one, code: 'documents.exchanged', scope: 'root', key: '=1+1 <b>&"', value: i },
    { ...one, code: 'leaders.signing', value: i === 0 ? null : 6_667, numerator: 2, denominator: 3 },
    {
      ...one,
      code: 'deliveries.on-time',
      value: Math.round((met / late) * 10_000),
      numerator: met,
      denominator: late,
    },
    { ...one, code: 'deliveries.latency.p95', value: 3_600 },
  ];
});
const report = quarterReport(
  { log: 'truc.example.gov.vn/ledger/1', size: 9, checkpoint: CHECKPOINT, indicators },
  '2026-Q3',
) as QuarterReport;

test('a quarter has three months, and a month its quarter', () => {
  expect(monthsOf('2026-Q4')).toEqual(['2026-10', '2026-11', '2026-12']);
  expect(['2026-01', '2026-03', '2026-04', '2026-12'].map(quarterOf)).toEqual(
    ['2026-Q1', '2026-Q1', '2026-Q2', '2026-Q4'], // biome-ignore format: a list
  );
  for (const none of ['2026', '2026-Q0', '2026-Q5', '2026-Q11', ' 2026-Q1', ''])
    expect(monthsOf(none)).toBeNull();
});

test('counts are added, shares of what happens once are made anew, the others stand by the month', () => {
  const rows = Object.fromEntries(
    report.tables.filter((one) => one.by === 'nation').map((one) => [one.name, one.rows[0]?.quarter]),
  );
  expect(rows).toEqual({ exchanged: 600, 'leaders-signing': null, 'on-time': 5_000, latency: null });
});

test('the PDF has every figure, its definitions, the checkpoint and the way to recompute, in both languages', async () => {
  const pdf = await quarterPdf(report, 'vi');
  expect((await quarterPdf(report, 'vi')).equals(pdf)).toBe(true);
  if (pdftotext === null) return;
  const text = (bytes: Buffer) =>
    spawnSync(pdftotext, ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' }).stdout.normalize('NFC');
  const vi = text(pdf);
  for (const said of [
    'quý 3 năm 2026',
    '07/2026',
    '600',
    '66,67 %',
    '50 %',
    '60 phút',
    '=1+1 <b>&"',
    'BBBB',
    'recompute-figures',
  ])
    expect(vi).toContain(said);
  expect(vi).toContain('Lãnh đạo, phó lãnh đạo có ít nhất một chữ ký số hợp lệ');
  expect(text(await quarterPdf(report, 'en'))).toContain('Leaders who sign digitally');
});

test('a quarter without figures says so', async () => {
  const empty = quarterReport({ log: 'l', size: 0, checkpoint: '', indicators }, '2031-Q1') as QuarterReport;
  expect(empty.tables).toEqual([]);
  expect((await quarterPdf(empty, 'vi')).length).toBeGreaterThan(1_000);
});

test('the workbook has numbers as numbers, shares as per cent, and nothing that computes', async () => {
  const parts = await partsOf(await buffer(quarterXlsx(report, 'vi')));
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  expect(sheet).toContain('<c><v>600</v></c>');
  expect(sheet).toContain('<c s="2"><v>0.6667</v></c>');
  expect(sheet).toContain('=1+1 &lt;b&gt;&amp;&quot;');
  expect(sheet).not.toContain('<f>');
  expect(parts.get('xl/worksheets/sheet3.xml')).toContain('truc.example.gov.vn/ledger/1');
  expect([...parts.keys()].sort()).toEqual([
    ...[
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
    ],
    ...[1, 2, 3].map((n) => `xl/worksheets/sheet${n}.xml`),
  ]);
});

async function partsOf(zip: Buffer): Promise<Map<string, string>> {
  const file = await yauzl.fromBufferPromise(zip);
  const parts = new Map<string, string>();
  for await (const entry of file.eachEntry())
    parts.set(entry.fileName, (await buffer(await file.openReadStreamPromise(entry))).toString('utf8'));
  return parts;
}
