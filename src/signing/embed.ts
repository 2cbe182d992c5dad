import { TrucError } from '../kernel/index.ts';
import { type CmsSigner, signCms, type TimestampClient } from './cms.ts';
import type { SigningErrorCode } from './errors.ts';
import { type PreparedPdf, type PrepareInput, prepareSignature } from './prepare.ts';

/**
 * Puts a CMS (or a timestamp token) into a prepared PDF; the prepared bytes are left as they are.
 * @throws TrucError `signing.contents-too-small`, `signing.placeholder-not-found`
 */
export function embedCms(prepared: Pick<PreparedPdf, 'bytes' | 'byteRange'>, cms: Buffer): Buffer {
  const [, open, close] = prepared.byteRange;
  const room = close - open - 2;
  if (cms.length * 2 > room) {
    throw new TrucError<SigningErrorCode>('signing.contents-too-small', {
      needed: cms.length,
      room: room / 2,
    });
  }
  const digits = prepared.bytes.subarray(open + 1, close - 1);
  if (prepared.bytes[open] !== 0x3c || digits.some((byte) => byte !== 0x30)) {
    throw new TrucError<SigningErrorCode>('signing.placeholder-not-found');
  }
  const bytes = Buffer.from(prepared.bytes);
  bytes.write(cms.toString('hex'), open + 1, 'latin1');
  return bytes;
}

export interface SignPdfInput extends PrepareInput {
  signer: CmsSigner;
  /** Level B-T with it, B-B without. */
  timestamp?: TimestampClient;
}

export interface SignedPdf {
  bytes: Buffer;
  cms: Buffer;
  /** SHA-256 of the signed parts. */
  digest: Buffer;
  byteRange: readonly [number, number, number, number];
}

/** Prepares, signs and embeds in one go: PAdES B-B or B-T (EN 319 142-1). */
export async function signPdf(input: SignPdfInput): Promise<SignedPdf> {
  const prepared = prepareSignature(input);
  const cms = await signCms({
    digest: prepared.digest,
    signer: input.signer,
    ...(input.timestamp ? { timestamp: input.timestamp } : {}),
  });
  return { bytes: embedCms(prepared, cms), cms, digest: prepared.digest, byteRange: prepared.byteRange };
}

/** Adds a document timestamp (EN 319 142-1 §5.4.3): proof that everything before existed at the token's time. */
export async function addDocumentTimestamp(input: {
  pdf: Buffer;
  fieldName: string;
  timestamp: TimestampClient;
}): Promise<Buffer> {
  const prepared = prepareSignature({
    pdf: input.pdf,
    fieldName: input.fieldName,
    signedAt: 0,
    purpose: 'document-timestamp',
  });
  return embedCms(prepared, await input.timestamp(prepared.digest));
}
