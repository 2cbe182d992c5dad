import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A fresh UUID v7 (RFC 9562 §5.7): sorts by time of creation. */
export function newId(): string {
  return v7();
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
