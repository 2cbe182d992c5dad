import { createHash, createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';

/** SHA-256 of the bytes (a string is taken as UTF-8), 32 bytes. */
export function sha256(data: Uint8Array | string): Buffer {
  return hash('sha256', data, 'buffer');
}

/** SHA-256 as 64 lower-case hexadecimal characters. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

export type DigestName =
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512';

/** Digest of several byte strings as if they were one. */
export function digestOf(name: DigestName, ...parts: Uint8Array[]): Buffer {
  if (parts.length === 1) return hash(name, parts[0] as Uint8Array, 'buffer');
  const state = createHash(name);
  for (const part of parts) state.update(part);
  return state.digest();
}

export interface RunningDigest {
  update(data: Uint8Array): void;
  /** Ends the digest; it cannot be updated afterwards. */
  digest(): Buffer;
}

/** SHA-256 over a stream of chunks. */
export function runningSha256(): RunningDigest {
  const state = createHash('sha256');
  return { update: (data) => void state.update(data), digest: () => state.digest() };
}

/** HMAC-SHA-256, 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array | string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** HKDF-SHA-256 (RFC 5869) without salt; `info` names the purpose. */
export function deriveKey(key: Uint8Array, info: string, length = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), info, length));
}

/** Compares in constant time; different lengths compare as unequal without looking at content. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
