import { isoTime } from '../kernel/index.ts';
import { ByteSource } from './byte-source.ts';
import { judge, type VerificationCode } from './codes.ts';
import type { VerificationContext } from './context.ts';
import { type FileFormat, type FileReport, type SignatureReport, worst } from './report.ts';

/** A report whose indication is the worst of its signatures and its own errors. */
export function fileReport(
  format: FileFormat,
  bytes: Uint8Array | ByteSource,
  context: VerificationContext,
  signatures: SignatureReport[],
  codes: readonly VerificationCode[],
): FileReport {
  const { indication, errors, warnings } = judge(codes);
  const indications = signatures.map((one) => one.indication);
  return {
    format,
    indication: worst(errors.length > 0 ? [...indications, indication] : indications),
    sha256: context.sha256 ?? ByteSource.of(bytes).sha256(),
    size: bytes.length,
    validatedAt: isoTime(context.at),
    policy: context.policy.name,
    signatures,
    errors,
    warnings,
  };
}
