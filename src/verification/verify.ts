import { verifyAsic } from './asic/verify-asic.ts';
import { ByteSource } from './byte-source.ts';
import { verifyCmsFile } from './cms/cms-file.ts';
import type { VerificationContext } from './context.ts';
import { withDeclared } from './declared.ts';
import { fileKind, type SignedFileKind } from './file-kind.ts';
import { fileReport } from './file-report.ts';
import { verifyPdf } from './pdf/index.ts';
import type { FileFormat, FileReport } from './report.ts';
import { budgetFor, withinBudget } from './work.ts';
import { verifyXml } from './xml/index.ts';

export interface VerifyOptions {
  /** The signed content of a detached CMS or XML signature. */
  detached?: Uint8Array | ByteSource;
}

/**
 * Judges a file and every signature in it by EN 319 102-1, from local data only. The format is told from the bytes,
 * never from a name. A format whose signatures cannot be judged yet is INDETERMINATE with `format-not-judged`; a file
 * that costs more work than its size allows is INDETERMINATE with `file.limit-exceeded`. Never throws for bad input.
 * @param file in memory, or a file of which a PDF's verdict keeps a few mebioctets in memory; then what its reader throws
 * when it cannot be read is thrown
 */
export function verifyFile(
  file: Buffer | ByteSource,
  context: VerificationContext,
  options: VerifyOptions = {},
): FileReport {
  const bytes = ByteSource.of(file);
  const size = bytes.length + (options.detached?.length ?? 0);
  const kind = fileKind(bytes);
  const report = withinBudget(budgetFor(size), () => judgeFile(kind, bytes, context, options));
  if (!report) return fileReport(FORMATS[kind], bytes, context, [], ['file.limit-exceeded']);
  return withDeclared(report, context.declared);
}

const FORMATS: Readonly<Record<SignedFileKind, FileFormat>> = {
  pdf: 'pdf',
  xml: 'xml',
  cms: 'cms',
  'signed-container': 'asic',
  other: 'none',
};

function judgeFile(
  kind: SignedFileKind,
  bytes: ByteSource,
  context: VerificationContext,
  { detached }: VerifyOptions,
): FileReport {
  if (kind === 'pdf') return verifyPdf(bytes, context);
  if (kind === 'xml') return verifyXml(bytes.slice(0), context, detached && ByteSource.of(detached).slice(0));
  if (kind === 'cms') return verifyCmsFile(bytes.slice(0), context, detached && ByteSource.of(detached));
  if (kind === 'signed-container') return verifyAsic(bytes, context);
  return fileReport('none', bytes, context, [], []);
}
