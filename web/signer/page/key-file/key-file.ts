import type { Bytes } from '../checks/bytes.ts';
import { type ErrorCode, SignerError } from '../errors.ts';
import { type KeyAlgorithmName, readCertificate } from '../providers/certificate.ts';
import type { Signatures } from '../providers/provider.ts';
import { workerUrl } from '../trusted-types.ts';

export type ToWorker = { kind: 'open'; bytes: Bytes; password: string } | { kind: 'unlock' };
export type FromWorker =
  | { kind: 'progress'; part: number }
  | { kind: 'opened'; certificate: Bytes; chain: Bytes[] }
  | { kind: 'unlocked'; key: CryptoKey; algorithm: KeyAlgorithmName }
  | { kind: 'failed'; code: ErrorCode };

/** A certificate from a PKCS #12 file (RFC 7292); its key stays encrypted, in a worker, until `sign` is called. */
export interface KeyFile {
  certificate: Bytes;
  chain: readonly Bytes[];
  holder: string;
  validTo: string;
  /** Decrypts the key and signs each, in order; afterwards file and key are forgotten. */
  sign(toBeSigned: readonly Bytes[]): Promise<Signatures>;
  close(): void;
}

/**
 * Opens the file and reads its certificates; the key is not decrypted.
 * @param progress part of the key derivation that is done, 0 to 1
 * @throws SignerError `E_KEY_FILE` (no such file), `E_KEY_FILE_LEGACY` (an unknown cipher), `E_PIN_WRONG`
 */
export async function openKeyFile(
  bytes: Bytes,
  password: string,
  progress: (part: number) => void,
): Promise<KeyFile> {
  const url = new URL('./key-file.worker.js', import.meta.url).href;
  const worker = new Worker(workerUrl(url) as string, { type: 'module' });
  try {
    const opened = await ask(worker, { kind: 'open', bytes, password }, progress);
    if (opened.kind !== 'opened') throw new SignerError('E_KEY_FILE');
    const { certificate, chain } = opened;
    const { holder = '', validTo = '' } = readCertificate(certificate) ?? {};
    const close = () => worker.terminate();
    return { certificate, chain, holder, validTo, sign: (list) => signAll(worker, list, progress), close };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function ask(worker: Worker, message: ToWorker, progress: (part: number) => void): Promise<FromWorker> {
  const { promise, resolve, reject } = Promise.withResolvers<FromWorker>();
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === 'progress') progress(data.part);
    else if (data.kind === 'failed') reject(new SignerError(data.code));
    else resolve(data);
  };
  worker.onerror = () => reject(new SignerError('E_NETWORK'));
  worker.postMessage(message);
  return promise;
}

async function signAll(
  worker: Worker,
  list: readonly Bytes[],
  progress: (part: number) => void,
): Promise<Signatures> {
  const unlocked = await ask(worker, { kind: 'unlock' }, progress).finally(() => worker.terminate());
  if (unlocked.kind !== 'unlocked') throw new SignerError('E_KEY_FILE');
  const { key, algorithm } = unlocked;
  const values: Bytes[] = [];
  for (const one of list) values.push(new Uint8Array(await crypto.subtle.sign(algorithm, key, one)));
  return { values, encoding: algorithm.name === 'ECDSA' ? 'ieee-p1363' : 'der' };
}
