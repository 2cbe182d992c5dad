export { PAGE_POLICY } from './page.ts';
export { reportPage } from './report-html.ts';
export { reportPdf } from './report-pdf.ts';
export { documentInput, filesInput, type ReportInput } from './report-view.ts';
