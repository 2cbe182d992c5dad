import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrucError } from '../kernel/index.ts';

export interface Keys {
  /** Signs checkpoints. Made once; losing it means a new log. */
  ledger: KeyObject;
  /** Signs access tokens. */
  token: KeyObject;
  /** Signs webhooks. */
  webhook: KeyObject;
}

/** The installation's own keys (Ed25519, PKCS#8 PEM, mode 0600), made at the first start. @throws TrucError `app.key-unreadable` */
export function openKeys(dataDir: string): Keys {
  const key = (name: string) => ed25519(join(dataDir, 'keys', `${name}.ed25519.pem`));
  return { ledger: key('ledger'), token: key('token'), webhook: key('webhook') };
}

function ed25519(file: string): KeyObject {
  if (existsSync(file)) return known(file);
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}

function known(file: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    throw new TrucError('app.key-unreadable', { file }, error);
  }
}

/** SubjectPublicKeyInfo of a private key, DER. */
export function publicKeyDer(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** Public key of webhook signatures as receivers' libraries take it: `whpk_` and 32 bytes in base64 (Standard Webhooks). */
export function webhookPublicKey(key: KeyObject): string {
  return `whpk_${publicKeyDer(key).subarray(-32).toString('base64')}`;
}
