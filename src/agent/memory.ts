import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoTime, sha256Hex, systemClock } from '../kernel/index.ts';

/** What the agent remembers between starts: its own key, pages that it was paired with, and what it was asked for. */
export interface AgentMemory {
  key: KeyObject;
  /** X25519, 32 octets. */
  publicKey: Buffer;
  isPaired(origin: string, pageKey: Buffer): boolean;
  pair(origin: string, pageKey: Buffer): void;
  /** One line of JSON for each request: never a PIN, a signature or a document's content. */
  audit(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** @param folder is made where it is not there, for its owner alone */
export function agentMemory(folder: string): AgentMemory {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = keyIn(join(folder, 'agent-key.pem'));
  const pairingFile = join(folder, 'pairings.json');
  const pairings = new Set<string>(
    existsSync(pairingFile) ? JSON.parse(readFileSync(pairingFile, 'utf8')) : [],
  );
  const nameOf = (origin: string, pageKey: Buffer) => `${origin} ${sha256Hex(pageKey)}`;
  return {
    key,
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32),
    isPaired: (origin, pageKey) => pairings.has(nameOf(origin, pageKey)),
    pair: (origin, pageKey) => {
      pairings.add(nameOf(origin, pageKey));
      writeFileSync(`${pairingFile}.new`, `${JSON.stringify([...pairings], null, 1)}\n`, { mode: 0o600 });
      renameSync(`${pairingFile}.new`, pairingFile);
    },
    audit: (event, facts) => {
      const line = JSON.stringify({ at: isoTime(systemClock.now()), event, ...facts });
      appendFileSync(join(folder, 'audit.jsonl'), `${line}\n`, { mode: 0o600 });
    },
  };
}

function keyIn(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync('x25519');
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}
