import { pemOrDer } from './asn1/pem.ts';
import { verifyCms } from './cms/verify-cms.ts';
import type { VerificationContext } from './context.ts';
import { withDeclared } from './declared.ts';
import { fileKind } from './file-kind.ts';
import { fileReport } from './file-report.ts';
import { verifyPdf } from './pdf/index.ts';
import type { FileReport } from './report.ts';
import { verifyXml } from './xml/index.ts';

export interface VerifyOptions {
  /** The signed content of a detached CMS signature. */
  detached?: Uint8Array;
}

/**
 * Judges a file and every signature in it by EN 319 102-1, from local data only. The format is told from the bytes,
 * never from a name. A format whose signatures cannot be judged yet is INDETERMINATE with `format-not-judged`.
 * Never throws for bad input.
 */
export function verifyFile(
  bytes: Buffer,
  context: VerificationContext,
  options: VerifyOptions = {},
): FileReport {
  return withDeclared(judgeFile(bytes, context, options), context.declared);
}

function judgeFile(bytes: Buffer, context: VerificationContext, options: VerifyOptions): FileReport {
  const kind = fileKind(bytes);
  if (kind === 'pdf') return verifyPdf(bytes, context);
  if (kind === 'xml') return verifyXml(bytes, context);
  if (kind === 'cms') return verifyCmsFile(bytes, context, options);
  if (kind === 'signed-container') return fileReport('asic', bytes, context, [], ['format-not-judged']);
  return fileReport('none', bytes, context, [], []);
}

function verifyCmsFile(bytes: Buffer, context: VerificationContext, options: VerifyOptions): FileReport {
  const der = bytes[0] === 0x30 ? bytes : (pemOrDer(bytes)[0]?.der ?? bytes);
  const content = options.detached ? { parts: [options.detached] } : ('attached' as const);
  return fileReport('cms', bytes, context, verifyCms(der, content, context), []);
}
