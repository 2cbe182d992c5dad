import { PDFDocument, PDFHexString } from '@cantoo/pdf-lib';
import { sha256Hex } from '../kernel/index.ts';
import { letterFontkit, tinos } from '../lab/index.ts';
import type { Language } from '../messages/index.ts';
import { ReportSheet } from './pdf-sheet.ts';
import { qrModules } from './qr.ts';
import { reportView } from './report-build.ts';
import {
  type Fact,
  type FileView,
  type LawView,
  type Point,
  type ReportInput,
  type ReportView,
  type SignatureView,
  say,
  word,
} from './report-view.ts';

/**
 * The verification report as a PDF in one language: A4, tagged, with embedded fonts, and the digest of what was judged on every
 * page. It says what the page says. The same report gives the same bytes; its dates are those of the check.
 */
export async function reportPdf(input: ReportInput, lang: Language): Promise<Buffer> {
  const view = reportView(input, lang);
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.registerFontkit(letterFontkit);
  const sheet = new ReportSheet(pdf, {
    regular: await pdf.embedFont(tinos('regular'), { subset: true, customName: 'TRUCRP+Tinos' }),
    bold: await pdf.embedFont(tinos('bold'), { subset: true, customName: 'TRUCRB+Tinos-Bold' }),
  });
  body(sheet, view);
  sheet.finish((n, of) => [view.digest, say('page', lang, { n, of })]);
  metadata(pdf, view, input.validatedAt);
  return Buffer.from(await pdf.save({ useObjectStreams: false, addDefaultPage: false }));
}

function metadata(pdf: PDFDocument, view: ReportView, validatedAt: string): void {
  pdf.setTitle(`${view.title}: ${view.verdict}`, { showInWindowTitleBar: true });
  pdf.setLanguage(view.lang === 'vi' ? 'vi-VN' : 'en');
  pdf.setProducer('Trục');
  const judged = Date.parse(validatedAt);
  if (!Number.isNaN(judged)) {
    pdf.setCreationDate(new Date(judged));
    pdf.setModificationDate(new Date(judged));
  }
  const id = PDFHexString.of(sha256Hex(JSON.stringify(view)).slice(0, 32));
  pdf.context.trailerInfo.ID = pdf.context.obj([id, id]);
}

function body(sheet: ReportSheet, view: ReportView): void {
  const { lang } = view;
  sheet.heading(1, view.title);
  sheet.paragraph(view.checked, SMALL);
  if (view.documentId !== null) sheet.paragraph(`${word('document', lang)}: ${view.documentId}`, SMALL);
  sheet.heading(2, word('result', lang));
  sheet.paragraph(view.verdict, { size: 14, font: 'bold', tone: view.tone });
  sheet.paragraph(view.meaning);
  law(sheet, view.law, lang);
  if (view.paper !== null)
    sheet.code(qrModules(view.paper.url), [
      { text: word('paperTitle', lang), style: { font: 'bold' } },
      { text: word('paperText', lang) },
      { text: view.paper.code, style: { size: 13, font: 'bold' } },
      { text: view.paper.url, style: SMALL },
    ]);
  for (const file of view.files) fileSection(sheet, file, lang);
  if (view.more !== null) sheet.paragraph(view.more);
  sheet.rule();
  sheet.paragraph(word('footer', lang), SMALL);
}

const SMALL = { size: 9 } as const;
const TECHNICAL = 8.5;

function law(sheet: ReportSheet, view: LawView, lang: Language): void {
  sheet.heading(2, word('law', lang));
  sheet.paragraph(view.verdict, { size: 12, font: 'bold', tone: view.tone });
  sheet.paragraph(view.why);
  for (const reason of view.reasons) sheet.paragraph(`– ${reason}`);
  if (view.declared !== null) sheet.paragraph(`${word('declared', lang)}: ${view.declared}.`);
  for (const note of view.notes) sheet.paragraph(`! ${note}`);
  sheet.paragraph(word('lawSource', lang), SMALL);
}

function fileSection(sheet: ReportSheet, file: FileView, lang: Language): void {
  sheet.rule();
  sheet.heading(2, file.name === '' ? file.role : `${file.role}: ${file.name}`);
  sheet.paragraph(file.verdict, { font: 'bold', tone: file.tone });
  sheet.paragraph(file.meaning);
  for (const note of file.notes) sheet.paragraph(`! ${note}`);
  for (const one of file.signatures) signature(sheet, one, lang);
  technical(sheet, file.technical, `${word('technical', lang)}: ${file.name || file.role}`);
}

function signature(sheet: ReportSheet, view: SignatureView, lang: Language): void {
  sheet.rule();
  sheet.heading(3, `${view.title}: ${view.verdict}`, view.tone);
  if (view.about !== null) sheet.paragraph(view.about);
  for (const one of view.points) point(sheet, one);
  if (view.advice !== null) sheet.row(word('advice', lang), [{ text: view.advice, style: { font: 'bold' } }]);
  technical(sheet, view.technical, `${word('technical', lang)}: ${view.title}`);
}

function point(sheet: ReportSheet, { question, tone, answer, more, notes }: Point): void {
  sheet.row(question, [
    { text: answer, style: { font: 'bold', tone } },
    ...more.map((text) => ({ text })),
    ...notes.map((text) => ({ text: `! ${text}`, style: { tone: 'open' } as const })),
  ]);
}

function technical(sheet: ReportSheet, facts: readonly Fact[], title: string): void {
  sheet.space(4);
  sheet.paragraph(title, { size: 9.5, font: 'bold' });
  for (const { label, value } of facts) sheet.row(label, [{ text: value }], TECHNICAL);
}
