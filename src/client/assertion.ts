import { constants, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { newId, systemClock, TrucError } from '../kernel/index.ts';

/** Enough for one request for a token. */
const LIFETIME_SECONDS = 60;

/**
 * Says who a system is by its private key: a JWT for `private_key_jwt`, RFC 7523 §2.2. A new one for each token.
 * @param audience public URL of the axis
 * @throws TrucError `client.key-unusable` for a key other than Ed25519, EC on P-256 or P-384, RSA
 */
export function clientAssertion(clientId: string, key: KeyObject, audience: string): string {
  const now = Math.floor(systemClock.now() / 1_000);
  const { alg, digest, options } = schemeOf(key);
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: newId(), iat: now };
  const parts = [{ alg }, { ...claims, exp: now + LIFETIME_SECONDS }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign(digest, Buffer.from(signed), { key, ...options });
  return `${signed}.${signature.toString('base64url')}`;
}

interface Scheme {
  alg: string;
  digest: string | null;
  options: Omit<SignKeyObjectInput, 'key'>;
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const RAW = { dsaEncoding: 'ieee-p1363' } as const;

/** RFC 7518 §3, RFC 8037 §3.1. */
function schemeOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): Scheme {
  if (type === 'ed25519') return { alg: 'EdDSA', digest: null, options: {} };
  if (type === 'rsa') return { alg: 'PS256', digest: 'sha256', options: PSS };
  const curve = type === 'ec' ? details?.namedCurve : undefined;
  if (curve === 'prime256v1') return { alg: 'ES256', digest: 'sha256', options: RAW };
  if (curve === 'secp384r1') return { alg: 'ES384', digest: 'sha384', options: RAW };
  throw new TrucError('client.key-unusable', { type: type ?? 'unknown' });
}
