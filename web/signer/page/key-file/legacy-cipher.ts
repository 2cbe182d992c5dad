import forge from 'node-forge/lib/forge.js';
import 'node-forge/lib/des.js';
import 'node-forge/lib/rc2.js';
import type { Bytes } from '../checks/bytes.ts';
import { type Derivation, deriveKey, PURPOSE, SHA1 } from './kdf.ts';

/** pbeWithSHAAnd… of RFC 7292 appendix C: what files had before AES. */
const CIPHERS: Readonly<Record<string, { name: '3DES' | 'RC2'; bits: number }>> = {
  '1.2.840.113549.1.12.1.3': { name: '3DES', bits: 192 },
  '1.2.840.113549.1.12.1.4': { name: '3DES', bits: 128 },
  '1.2.840.113549.1.12.1.5': { name: 'RC2', bits: 128 },
  '1.2.840.113549.1.12.1.6': { name: 'RC2', bits: 40 },
};

export interface LegacyEncryption {
  algorithm: string;
  salt: Uint8Array;
  iterations: number;
}

/**
 * Decrypts what a browser's own cryptography does not: 3DES and RC2 in CBC mode.
 * @returns null for other ciphers, and where the padding is wrong
 */
export function decryptLegacy(
  { algorithm, salt, iterations }: LegacyEncryption,
  bytes: Uint8Array,
  password: string,
  round: (rounds: number) => void,
): Bytes | null {
  const cipher = CIPHERS[algorithm];
  if (!cipher) return null;
  const derive = (purpose: Derivation['purpose'], length: number) =>
    deriveKey({ hash: SHA1, purpose, password, salt, iterations, length }, round);
  const key = derive(PURPOSE.cipher, cipher.bits / 8);
  // Two keys of triple DES: the first is the third as well.
  const whole =
    cipher.name === '3DES' && key.length === 16 ? new Uint8Array([...key, ...key.slice(0, 8)]) : key;
  const iv = binary(derive(PURPOSE.iv, 8));
  const plain = decrypt(cipher, binary(whole), iv, binary(bytes));
  return plain === null ? null : Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

function decrypt(
  { name, bits }: { name: string; bits: number },
  key: string,
  iv: string,
  octets: string,
): string | null {
  const secret = forge.util.createBuffer(key);
  const input = forge.util.createBuffer(octets);
  if (name === '3DES') {
    const decipher = forge.cipher.createDecipher('3DES-CBC', secret);
    decipher.start({ iv });
    decipher.update(input);
    return decipher.finish() ? decipher.output.getBytes() : null;
  }
  const decipher = forge.rc2.createDecryptionCipher(secret, bits);
  decipher.start(iv);
  decipher.update(input);
  return decipher.finish() ? decipher.output.getBytes() : null;
}

function binary(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
