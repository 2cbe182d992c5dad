import { TrucError } from '../../kernel/index.ts';
import type { VerificationErrorCode } from '../errors.ts';

const BLOCK = /-----BEGIN ([A-Z0-9# ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

export interface PemBlock {
  label: string;
  der: Uint8Array;
}

/**
 * The DER values of a file that is either one DER value or text with any number of PEM blocks (RFC 7468).
 * A DER file is one block with an empty label.
 * @throws TrucError `verification.not-pem` where it is neither.
 */
export function pemOrDer(bytes: Uint8Array): PemBlock[] {
  if (bytes[0] === 0x30) return [{ label: '', der: bytes }];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const blocks: PemBlock[] = [];
  for (const match of text.matchAll(BLOCK))
    blocks.push({ label: match[1] as string, der: Buffer.from(match[2] as string, 'base64') });
  if (blocks.length === 0) {
    const code: VerificationErrorCode = 'verification.not-pem';
    throw new TrucError(code, { size: bytes.length });
  }
  return blocks;
}
