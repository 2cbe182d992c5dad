import { SignerError } from '../errors.ts';
import { signedFacts } from './attributes.ts';
import { type Bytes, concat, equal, fromBase64, hex, sha256 } from './bytes.ts';
import { checkIncrement } from './increment.ts';

/** What the axis prepared for one PDF, as far as the checks look at it (docs/spec/signing.md §3). */
export interface Prepared {
  sha256: string;
  size: number;
  tail: string;
  byteRange: readonly number[] | null;
  toBeSigned: string;
  code: string;
}

export interface CheckInput {
  /** The bytes on screen. */
  shown: Bytes;
  /** SHA-256 of the session's document. */
  expectedSha256: string;
  prepared: Prepared;
  /** The certificate that the official chose, DER. */
  certificate: Bytes;
}

export interface Checked {
  /** The displayed bytes with the update behind them: what will be signed. */
  bytes: Bytes;
  toBeSigned: Bytes;
  /** Computed here, not taken from the answer. */
  code: string;
}

/**
 * The six checks before any key is touched: what will be signed is the document on screen, with nothing in the update
 * that acts or hides, for the certificate that was chosen.
 * @throws SignerError with the code of the first check that fails
 */
export async function checkPrepared(input: CheckInput): Promise<Checked> {
  const { shown, prepared } = input;
  if (hex(await sha256(shown)) !== input.expectedSha256) throw new SignerError('E_DOC_HASH');
  if (prepared.sha256 !== input.expectedSha256 || prepared.size !== shown.length)
    throw new SignerError('E_NOT_INCREMENT');
  const tail = decode(prepared.tail, 'E_NOT_INCREMENT');
  const gap = checkIncrement(tail, shown.length, prepared.byteRange);
  const toBeSigned = decode(prepared.toBeSigned, 'E_ATTRIBUTES');
  const facts = signedFacts(toBeSigned);
  if (!facts) throw new SignerError('E_ATTRIBUTES');
  const bytes = concat(shown, tail);
  const digest = await sha256(bytes.subarray(0, gap.from), bytes.subarray(gap.to));
  if (!equal(facts.messageDigest, digest)) throw new SignerError('E_DIGEST');
  if (!equal(facts.certHash, await sha256(input.certificate))) throw new SignerError('E_CERT_MISMATCH');
  const code = sixDigits(await sha256(toBeSigned));
  if (prepared.code !== code) throw new SignerError('E_CODE');
  return { bytes, toBeSigned, code };
}

function decode(base64: string, code: 'E_NOT_INCREMENT' | 'E_ATTRIBUTES'): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw new SignerError(code);
  }
}

/** Six digits that a person can compare on two screens: the first 32 bits of a digest, modulo a million. */
export function sixDigits(digest: Bytes): string {
  const number = new DataView(digest.buffer).getUint32(0) % 1_000_000;
  return String(number).padStart(6, '0');
}
