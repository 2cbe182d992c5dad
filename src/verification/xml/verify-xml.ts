import type { VerificationContext } from '../context.ts';
import { fileReport } from '../file-report.ts';
import type { FileReport } from '../report.ts';

/** The verdict on an XML file and the XML signatures in it. */
export function verifyXml(bytes: Buffer, context: VerificationContext): FileReport {
  const signed = /<([A-Za-z_][\w.-]*:)?Signature[\s>/]/.test(bytes.toString('latin1'));
  return fileReport('xml', bytes, context, [], signed ? ['format-not-judged'] : []);
}
