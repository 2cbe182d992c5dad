import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { documentInput, type ReportInput, reportPdf } from '../../src/rendering/index.ts';
import { type FileReport, verifyFile } from '../../src/verification/index.ts';
import { HOSTILE_TEXTS, hostileReport } from '../builders/hostile.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { many, type ReportKind, sampleReports, submission } from '../builders/reports.ts';
import { requiredTool } from '../required-tool.ts';

let reports: Record<ReportKind, ReportInput>;
let passed: FileReport;
let folder: string;
beforeAll(async () => {
  reports = await sampleReports();
  passed = verifyFile(await issuedLetter(), await pdfContext());
  folder = mkdtempSync(join(tmpdir(), 'truc-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a poppler tool says of a PDF; null where poppler is missing. */
function poppler(
  tool: 'pdftotext' | 'pdfinfo' | 'pdffonts',
  pdf: Buffer,
  ...options: string[]
): string | null {
  if (requiredTool(tool, 'the report as PDF read by poppler') === null) return null;
  const file = join(folder, 'report.pdf');
  writeFileSync(file, pdf);
  const output = tool === 'pdftotext' ? ['-'] : [];
  const { stdout, stderr } = spawnSync(tool, [...options, file, ...output], { encoding: 'utf8' });
  // Complaints about the file's syntax.
  expect(stderr).toBe('');
  return stdout;
}

const words = (pdf: Buffer) => poppler('pdftotext', pdf, '-layout')?.replace(/\s+/g, ' ') ?? null;

test('the same report gives the same bytes, another report others', async () => {
  const first = await reportPdf(reports.passed, 'vi');
  expect((await reportPdf(structuredClone(reports.passed), 'vi')).equals(first)).toBe(true);
  expect((await reportPdf(reports.passed, 'en')).equals(first)).toBe(false);
  expect((await reportPdf(reports.mismatch, 'vi')).equals(first)).toBe(false);
});

test('its Vietnamese text can be read, searched and copied', async () => {
  const text = words(await reportPdf(reports.passed, 'vi'));
  if (text === null) return;
  for (const part of [
    'Báo cáo kiểm tra chữ ký số',
    'Đủ điều kiện kỹ thuật để có giá trị như bản gốc văn bản giấy',
    'Với tư cách cá nhân: Chủ tịch, Ủy ban nhân dân tỉnh Thử Nghiệm (H98).',
    'Điều 4 Quyết định số 28/2018/QĐ-TTg',
    'bản 3: đóng số, ngày ban hành hoặc hình con dấu',
    'Chi tiết kỹ thuật: Chữ ký 2',
  ])
    expect(text).toContain(part);
});

test('in English, of a file that failed: what it is and what to do', async () => {
  const text = words(await reportPdf(reports.failed, 'en'));
  if (text === null) return;
  for (const part of [
    'Not valid',
    'The certificate names Nguyễn Văn Thử',
    'Do not use this file.',
    'HASH_FAILURE',
  ])
    expect(text).toContain(part);
});

test('every page has the digest of the judged file and its number', async () => {
  const text = poppler('pdftotext', await reportPdf(reports.many, 'vi'), '-layout');
  if (text === null) return;
  const pages = text.split('\f').filter((page) => page.trim() !== '');
  expect(pages.length).toBeGreaterThan(3);
  for (const [i, page] of pages.entries()) {
    expect(page).toContain(reports.many.files[0]?.report.sha256);
    expect(page).toContain(`Trang ${i + 1}/${pages.length}`);
  }
});

test('it is tagged, has title, language, the time of the check and embedded subset fonts that map to Unicode', async () => {
  const pdf = await reportPdf(reports.passed, 'vi');
  const info = poppler('pdfinfo', pdf, '-isodates');
  if (info === null) return;
  expect(info).toMatch(/^Title: +Báo cáo kiểm tra chữ ký số: Hợp lệ$/m);
  expect(info).toMatch(/^CreationDate: +2026-03-16T04:00:00Z$/m);
  expect(info).toMatch(/^Tagged: +yes$/m);
  expect(info).toMatch(/^Page size: .*\(A4\)$/m);
  expect(pdf.toString('latin1')).toContain('/Lang (vi-VN)');
  const structure = poppler('pdfinfo', pdf, '-struct-text') ?? '';
  expect(structure).toMatch(/Document\s+H1 \(block\)\s+"Báo cáo kiểm tra chữ ký số"/);
  expect(structure).toMatch(/H3 \(block\)\s+"Chữ ký 1: Hợp lệ"/);
  const fonts = (poppler('pdffonts', pdf) ?? '').trim().split('\n').slice(2);
  expect(fonts).toHaveLength(2);
  for (const font of fonts) expect(font).toMatch(/CID TrueType +Identity-H +yes +yes +yes/);
});

test('very many signatures: a bounded number of pages', async () => {
  const pdf = await reportPdf(documentInput(submission(many(passed, 25_000)), null), 'vi');
  expect(pdf.length).toBeLessThan(2_000_000);
  const text = words(pdf);
  if (text !== null) expect(text).toContain('Còn 24900 chữ ký không in ở đây');
});

describe.each(HOSTILE_TEXTS)('names that hold %s', (_, text) => {
  test('give a sound PDF of bounded size in which they are text', async () => {
    const stored = submission(hostileReport(passed, text));
    const attachments = stored.attachments.map((one) => ({ ...one, name: text }));
    const hostile = { ...stored, attachments, declaredSigner: { fullName: text, position: text } };
    const pdf = await reportPdf(documentInput(hostile, text.slice(0, 50)), 'vi');
    expect(pdf.length).toBeLessThan(250_000);
    const syntax = pdf.toString('latin1').replace(/stream[\s\S]*?endstream/g, '');
    expect(syntax).not.toMatch(/JavaScript|OpenAction|\/URI|\/Launch/);
    const info = poppler('pdfinfo', pdf);
    if (info === null) return;
    expect(info).toMatch(/^JavaScript: +no$/m);
    expect(words(pdf)).toContain('Chữ ký xác nhận 2');
    expect(words(pdf)).not.toMatch(/[\p{Cf}\p{Cs}]/u);
  });
});
