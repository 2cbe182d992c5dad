import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { type Bytes, concat } from '../checks/bytes.ts';

/** What a derived key is for (RFC 7292 appendix B.3). */
export const PURPOSE = { cipher: 1, iv: 2, mac: 3 } as const;

const HASHES = {
  '1.3.14.3.2.26': { digest: sha1, name: 'SHA-1' },
  '2.16.840.1.101.3.4.2.1': { digest: sha256, name: 'SHA-256' },
  '2.16.840.1.101.3.4.2.2': { digest: sha384, name: 'SHA-384' },
  '2.16.840.1.101.3.4.2.3': { digest: sha512, name: 'SHA-512' },
} as const;
export type HashOid = keyof typeof HASHES;
export const SHA1: HashOid = '1.3.14.3.2.26';

export function isHashOid(oid: string): oid is HashOid {
  return oid in HASHES;
}

export function webCryptoName(hash: HashOid): string {
  return HASHES[hash].name;
}

export interface Derivation {
  hash: HashOid;
  purpose: (typeof PURPOSE)[keyof typeof PURPOSE];
  password: string;
  salt: Uint8Array;
  iterations: number;
  /** Octets wanted. */
  length: number;
}

/** Key derivation runs in script, and hostile files ask for years of it. */
export const MOST_ITERATIONS = 1_000_000;
/** How often progress is told. */
const STEP = 20_000;

/**
 * A key from a password as RFC 7292 appendix B.2 has it. WebCrypto has no such function, and a call of it for each round would be
 * slower.
 * @param round is called now and then with the rounds done since
 */
export function deriveKey(wanted: Derivation, round: (rounds: number) => void): Bytes {
  const { digest } = HASHES[wanted.hash];
  const { outputLen, blockLen } = digest;
  const diversifier = new Uint8Array(blockLen).fill(wanted.purpose);
  const input = concat(filledTo(blockLen, wanted.salt), filledTo(blockLen, bmpString(wanted.password)));
  const blocks: Uint8Array[] = [];
  for (let have = 0; have < wanted.length; have += outputLen) {
    let block = digest(concat(diversifier, input));
    for (let done = 1; done < wanted.iterations; done++) {
      block = digest(block);
      if (done % STEP === 0) round(STEP);
    }
    blocks.push(block);
    addToEach(input, filledTo(blockLen, block).subarray(0, blockLen));
  }
  return concat(...blocks).slice(0, wanted.length);
}

/** UTF-16, high octet first, with two zero octets behind it (appendix B.1). */
function bmpString(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 2 + 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i));
  return bytes;
}

/** As many copies as fill whole blocks. */
function filledTo(block: number, bytes: Uint8Array): Bytes {
  const length = block * Math.ceil(bytes.length / block);
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] as number);
}

/** Each block of the input becomes (block + addend + 1) mod 2^(8·length). */
function addToEach(input: Bytes, addend: Uint8Array): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let i = addend.length - 1; i >= 0; i--) {
      carry += (input[start + i] as number) + (addend[i] as number);
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
