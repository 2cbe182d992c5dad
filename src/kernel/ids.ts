import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A fresh UUID v7 (RFC 9562 §5.7): sorts by time of creation. */
export function newId(): string {
  return v7();
}

/** A text between the ids of `newId` from before a time and those from then on. @param ms milliseconds since 1970 UTC */
export function idsUntil(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** A UUID v8 (RFC 9562 §5.8) made of the first 16 bytes of a digest: the same digest gives the same id. */
export function idOf(digest: Uint8Array): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** `count` bytes from the system's cryptographic random source. */
export function randomBytes(count: number): Buffer {
  return nodeRandomBytes(count);
}

/** A secret of 256 random bits as 43 base64url characters. */
export function newSecret(): string {
  return nodeRandomBytes(32).toString('base64url');
}

/** A number in [0, 1) for jitter; never for anything secret. */
export function randomFraction(): number {
  return nodeRandomBytes(4).readUInt32BE() / 2 ** 32;
}
