import { isoTime } from '../kernel/index.ts';
import { ByteSource } from './byte-source.ts';
import { judge, type VerificationCode } from './codes.ts';
import type { VerificationContext } from './context.ts';
import { type FileFormat, type FileReport, indicationOf, type SignatureReport } from './report.ts';

/** A report with the indication that its signatures and its own errors come to. */
export function fileReport(
  format: FileFormat,
  bytes: Uint8Array | ByteSource,
  context: VerificationContext,
  signatures: SignatureReport[],
  codes: readonly VerificationCode[],
): FileReport {
  const bad = signatures.some((one) => one.counterSigns !== undefined && one.indication !== 'TOTAL_PASSED');
  const { indication, errors, warnings } = judge(
    bad ? [...codes, 'file.counter-signature-not-passed'] : codes,
  );
  return {
    format,
    indication: indicationOf(signatures, errors.length > 0 ? indication : null),
    sha256: context.sha256 ?? ByteSource.of(bytes).sha256(),
    size: bytes.length,
    validatedAt: isoTime(context.at),
    policy: context.policy.name,
    signatures,
    errors,
    warnings,
  };
}
