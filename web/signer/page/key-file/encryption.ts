import { type AlgorithmIdentifier, PBES2Params, PBKDF2Params } from 'pkijs';
import type { Bytes } from '../checks/bytes.ts';
import { SignerError } from '../errors.ts';
import { MOST_ITERATIONS } from './kdf.ts';

/** Rounds of key derivation done since the last call, and how many there are. */
export type Rounds = (done: number, all: number) => void;

const PBES2 = '1.2.840.113549.1.5.13';
/** AES in CBC mode with keys of so many bits. */
const AES: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 128,
  '2.16.840.1.101.3.4.1.22': 192,
  '2.16.840.1.101.3.4.1.42': 256,
};
const PRF: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
};

/** Content of an OCTET STRING, in one piece or many. */
export function octets(value: unknown): Bytes {
  return new Uint8Array((value as { getValue(): ArrayBuffer }).getValue());
}

/** What is no PKCS #12 throws somewhere in its reader. */
export function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new SignerError('E_KEY_FILE');
  }
}

/**
 * Decrypts what the password protects: PBES2 by WebCrypto, what came before it by a chunk of its own.
 * @throws SignerError `E_KEY_FILE_LEGACY` for ciphers that nobody here knows, `E_KEY_FILE`
 */
export async function decryptWithPassword(
  { algorithmId, algorithmParams }: AlgorithmIdentifier,
  bytes: Bytes,
  password: string,
  rounds: Rounds,
): Promise<Bytes> {
  const plain =
    algorithmId === PBES2
      ? await pbes2(
          parsed(() => new PBES2Params({ schema: algorithmParams })),
          bytes,
          password,
        )
      : await legacy(algorithmId, algorithmParams, bytes, password, rounds);
  if (!plain) throw new SignerError('E_KEY_FILE_LEGACY');
  return plain;
}

/** RFC 8018 §6.2. The MAC was right, so what fails here is the cipher and not the password. */
async function pbes2(params: PBES2Params, bytes: Bytes, password: string): Promise<Bytes | null> {
  const derivation = parsed(() => new PBKDF2Params({ schema: params.keyDerivationFunc.algorithmParams }));
  const length = AES[params.encryptionScheme.algorithmId];
  const hash = derivation.prf ? PRF[derivation.prf.algorithmId] : 'SHA-1';
  if (!length || !hash) return null;
  if (derivation.iterationCount > MOST_ITERATIONS) throw new SignerError('E_KEY_FILE');
  const secret = new TextEncoder().encode(password);
  const from = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const iv = octets(params.encryptionScheme.algorithmParams);
  const salt = octets(derivation.salt);
  const by = { name: 'PBKDF2', hash, salt, iterations: derivation.iterationCount };
  const aes = { name: 'AES-CBC', length };
  const key = await crypto.subtle.deriveKey(by, from, aes, false, ['decrypt']);
  const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, bytes).catch(() => null);
  return plain && new Uint8Array(plain);
}

interface LegacyParameters {
  valueBlock: { value: [unknown, { valueBlock: { valueDec: number } }] };
}

async function legacy(
  algorithm: string,
  parameters: unknown,
  bytes: Bytes,
  password: string,
  rounds: Rounds,
): Promise<Bytes | null> {
  const { salt, iterations } = parsed(() => {
    const [first, second] = (parameters as LegacyParameters).valueBlock.value;
    return { salt: octets(first), iterations: second.valueBlock.valueDec };
  });
  if (!(iterations > 0 && iterations <= MOST_ITERATIONS)) throw new SignerError('E_KEY_FILE');
  const { decryptLegacy } = await import('./legacy-cipher.ts').catch(() => {
    throw new SignerError('E_NETWORK');
  });
  const encryption = { algorithm, salt, iterations };
  return decryptLegacy(encryption, bytes, password, (done) => rounds(done, iterations));
}
