import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { canonicalJson, sha256, TrucError } from '../kernel/index.ts';

const MOST_KEYS = 8;
const LEAST_RSA_BITS = 2_048;

/**
 * Public keys with which a system proves who it is: PEM, a JWK or a JWK Set (RFC 7517). Ed25519, EC on P-256 or P-384, RSA of
 * 2,048 bits and more. Each is named by its `kid`, or else by its thumbprint (RFC 7638).
 * @throws TrucError `cli.key-unusable`, also for a private key, which is nobody's business but the system's
 */
export function clientKeys(bytes: Buffer, file: string): JsonWebKey[] {
  const text = bytes.toString('utf8').trim();
  if (/PRIVATE KEY-----/.test(text)) throw unusable(file, 'private');
  const keys = text.startsWith('{') ? keysOfJson(text, file) : [publicKey(text, file)];
  if (keys.length === 0 || keys.length > MOST_KEYS) throw unusable(file, 'count');
  return keys.map((key) => named(key, file));
}

function keysOfJson(text: string, file: string): JsonWebKey[] {
  let value: { keys?: unknown };
  try {
    value = JSON.parse(text) as { keys?: unknown };
  } catch {
    throw unusable(file, 'unreadable');
  }
  return (Array.isArray(value.keys) ? value.keys : [value]) as JsonWebKey[];
}

function publicKey(key: string | { key: JsonWebKey; format: 'jwk' }, file: string): JsonWebKey {
  try {
    return createPublicKey(key).export({ format: 'jwk' });
  } catch {
    throw unusable(file, 'unreadable');
  }
}

/** Written anew: what else stands in the file is not kept. */
function named(given: JsonWebKey, file: string): JsonWebKey {
  if (given.d !== undefined || given.kty === 'oct') throw unusable(file, 'private');
  const key = publicKey({ key: given, format: 'jwk' }, file);
  const bits = Buffer.from(key.n ?? '', 'base64url').length * 8;
  const known =
    (key.kty === 'OKP' && key.crv === 'Ed25519') ||
    (key.kty === 'EC' && ['P-256', 'P-384'].includes(key.crv ?? '')) ||
    (key.kty === 'RSA' && bits >= LEAST_RSA_BITS);
  if (!known) throw unusable(file, 'kind');
  const kid = typeof given.kid === 'string' ? given.kid.slice(0, 200) : null;
  return { ...key, kid: kid ?? thumbprint(key) };
}

/** RFC 7638: a public key as Node writes it has the members that count, and no others. */
function thumbprint(key: JsonWebKey): string {
  return sha256(canonicalJson(key as Record<string, string>)).toString('base64url');
}

function unusable(file: string, cause: 'private' | 'unreadable' | 'kind' | 'count'): TrucError {
  return new TrucError('cli.key-unusable', { file, cause });
}
