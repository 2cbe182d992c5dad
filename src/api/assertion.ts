import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { ClientBook, ClientSystem, RateLimiter } from '../agency/index.ts';
import { type Clock, sha256Hex, TrucError } from '../kernel/index.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256'];
const LONGEST_SECONDS = 300;
/** Clocks of other systems are so far from ours. */
const APART_SECONDS = 30;
const MOST_JTI = 200;

export interface AssertionOptions {
  clients: Pick<ClientBook, 'find'>;
  /** The axis as callers name it; its token endpoint is taken too. */
  audience: string;
  clock: Clock;
  /** Remembers assertions: each counts once. */
  limiter: RateLimiter;
}

/**
 * The system that proves with its key who it is: `private_key_jwt`, RFC 7523 §3. The key is one of those registered for it; the
 * assertion lives five minutes at most and counts once.
 * @param assertion JWT in compact form
 * @throws TrucError `api.invalid-client` whatever is wrong with it; the cause says what
 */
export async function clientOfAssertion(assertion: string, options: AssertionOptions): Promise<ClientSystem> {
  try {
    const client = await claimant(assertion, options.clients);
    const jti = await verified(assertion, client, options);
    const name = sha256Hex(`${client.clientId}|${jti}`);
    const perMs = 2 * (LONGEST_SECONDS + APART_SECONDS) * 1_000;
    const wait = await options.limiter.take(`assertion:${name}`, { count: 1, perMs });
    if (wait > 0) throw new TrucError('api.invalid-client', { cause: 'used-before' });
    return client;
  } catch (error) {
    throw new TrucError('api.invalid-client', {}, error);
  }
}

/** Whoever the assertion says that it is; nothing is believed yet. */
async function claimant(assertion: string, clients: Pick<ClientBook, 'find'>): Promise<ClientSystem> {
  const { sub, iss } = decodeJwt(assertion);
  const client = sub !== undefined && iss === sub ? await clients.find(sub) : null;
  if (!client?.keys?.length) throw new TrucError('api.invalid-client', { cause: 'no-key' });
  return client;
}

/** @returns the assertion's `jti` */
async function verified(
  assertion: string,
  { clientId, keys = [] }: ClientSystem,
  { audience, clock }: AssertionOptions,
): Promise<string> {
  const now = clock.now();
  const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys: [...keys] }), {
    ...{ issuer: clientId, subject: clientId, audience: [audience, `${audience}/oauth/token`] },
    ...{ algorithms: ALGORITHMS, requiredClaims: ['exp', 'jti'] },
    ...{ currentDate: new Date(now), clockTolerance: APART_SECONDS },
  });
  const { exp = 0, jti = '' } = payload;
  if (exp - now / 1_000 > LONGEST_SECONDS + APART_SECONDS)
    throw new TrucError('api.invalid-client', { cause: 'too-long' });
  if (jti === '' || jti.length > MOST_JTI) throw new TrucError('api.invalid-client', { cause: 'jti' });
  return jti;
}
