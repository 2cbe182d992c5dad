import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Keys {
  /** Signs checkpoints. Made once; losing it means a new log. */
  ledger: KeyObject;
  /** Signs access tokens. */
  token: KeyObject;
}

/** The installation's own keys, made at the first start (mode 0600). */
export function openKeys(dataDir: string): Keys {
  return {
    ledger: ed25519(join(dataDir, 'keys', 'ledger.ed25519.pem')),
    token: ed25519(join(dataDir, 'keys', 'token.ed25519.pem')),
  };
}

function ed25519(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}
