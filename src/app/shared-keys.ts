import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { randomBytes, TrucError } from '../kernel/index.ts';
import type { Keys } from './secrets.ts';

/** Where sealed keys lie that all nodes of an installation share. The keys are never replaced, only what seals them. */
export interface SealedKeys {
  find(name: string): Promise<Buffer | null>;
  keep(name: string, sealed: Buffer): Promise<Buffer>;
  /** Puts one sealing in the place of another. @returns false when another one is there */
  swap(name: string, before: Buffer, after: Buffer): Promise<boolean>;
}

const NAMES = ['ledger', 'token', 'webhook'] as const;

const IV = 12;
const TAG = 16;

/**
 * The keys of an installation of many nodes: made by the first node that starts, sealed under the master key.
 * @param masterKey 32 bytes
 * @throws TrucError `app.key-unreadable` when the master key is not the one that sealed them
 */
export async function openSharedKeys(shelf: SealedKeys, masterKey: Buffer): Promise<Keys> {
  const key = async (name: string) => {
    const there = (await shelf.find(name)) ?? (await shelf.keep(name, seal(name, newKey(), masterKey)));
    return unseal(name, there, masterKey);
  };
  return { ledger: await key('ledger'), token: await key('token'), webhook: await key('webhook') };
}

/**
 * Seals the keys anew. Broken off, it goes on when it is done again with the same two keys.
 * @returns the names of those that were not sealed under the new master key yet
 * @throws TrucError `app.key-unreadable` when neither master key opens one
 */
export async function resealKeys(shelf: SealedKeys, from: Buffer, to: Buffer): Promise<string[]> {
  const done: string[] = [];
  for (const name of NAMES) {
    const sealed = await shelf.find(name);
    if (!sealed || opens(name, sealed, to)) continue;
    const key = unseal(name, sealed, from);
    // Who was faster had the same two keys, or the next start will say that it had not.
    if (await shelf.swap(name, sealed, seal(name, key, to))) done.push(name);
  }
  return done;
}

function opens(name: string, sealed: Buffer, masterKey: Buffer): boolean {
  try {
    return unseal(name, sealed, masterKey) !== null;
  } catch {
    return false;
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** AES-256-GCM over PKCS#8: 12 bytes IV, the text, 16 bytes tag; the key's name is bound to it. */
export function seal(name: string, key: KeyObject, masterKey: Buffer): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(Buffer.from(`truc key ${name}`));
  const text = cipher.update(key.export({ type: 'pkcs8', format: 'der' }));
  return Buffer.concat([iv, text, cipher.final(), cipher.getAuthTag()]);
}

/** @throws TrucError `app.key-unreadable` when the master key is not the one that sealed it */
export function unseal(name: string, sealed: Buffer, masterKey: Buffer): KeyObject {
  try {
    const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(0, IV), {
      authTagLength: TAG,
    })
      .setAAD(Buffer.from(`truc key ${name}`))
      .setAuthTag(sealed.subarray(-TAG));
    const der = Buffer.concat([decipher.update(sealed.subarray(IV, -TAG)), decipher.final()]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new TrucError('app.key-unreadable', { file: `${name} (TRUC_MASTER_KEY)` }, error);
  }
}
