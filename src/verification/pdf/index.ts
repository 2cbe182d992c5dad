export { changesOf } from './changes.ts';
export type { PdfCode } from './codes.ts';
export { PdfFile } from './file.ts';
export * from './objects.ts';
export type { Revision } from './revisions.ts';
export { verifyPdf } from './verify-pdf.ts';
