import { createPublicKey, type KeyObject } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { jwtVerify, SignJWT } from 'jose';
import type { ClientBook, ClientSystem, RateLimiter, Scope } from '../agency/index.ts';
import type { Caller, Consent } from '../exchange/index.ts';
import { type Clock, equalBytes, isoTime, newId, sha256Hex, TrucError } from '../kernel/index.ts';
import { clientOfAssertion } from './assertion.ts';
import { type RateKind, type Rates, takeTurn } from './rates.ts';

const LIFETIME_SECONDS = 15 * 60;
const CACHE_SIZE = 10_000;

export interface Issued {
  token: string;
  /** Seconds. */
  expiresIn: number;
  scopes: readonly Scope[];
}

export interface TokenService {
  /** @throws TrucError `api.invalid-client` whether the client is unknown, disabled or the secret wrong */
  issue(clientId: string, secret: string, scopes: readonly string[] | null): Promise<Issued>;
  /**
   * For a system that proves itself with its key. @param assertion see {@link clientOfAssertion}
   * @throws TrucError `api.invalid-client`
   */
  issueFor(assertion: string, scopes: readonly string[] | null): Promise<Issued>;
  /** @throws TrucError `api.unauthorized` */
  verify(token: string): Promise<Caller>;
  consents: ConsentTokens;
  /** Takes a turn of the caller's rate. @throws TrucError `api.rate-limited` */
  takeTurn(kind: RateKind, caller: Caller): Promise<void>;
}

/** Consents as they travel: EdDSA JWTs of the axis, for an audience of their own, so that none is ever an access token. */
export interface ConsentTokens {
  sign(consent: Consent): Promise<string>;
  /** Reads one whether or not its time is over. @throws TrucError `exchange.consent-invalid` */
  read(token: string): Promise<Consent>;
}

export interface TokenOptions {
  clients: ClientBook;
  /** Ed25519 private key. */
  key: KeyObject;
  /** Audience and issuer: the public URL of this axis. */
  audience: string;
  clock: Clock;
  limiter: RateLimiter;
  rates: Rates;
}

/**
 * Access tokens (RFC 9068 in spirit): EdDSA JWTs of 15 minutes that name the system. Its agencies are looked up: those of
 * a province's system would make a header that no HTTP server takes.
 */
export function tokenService(options: TokenOptions): TokenService {
  const { clients, key, audience, clock } = options;
  const publicKey = createPublicKey(key);
  const verified = new Map<string, { caller: Caller; expiresAt: number }>();

  async function check(token: string): Promise<{ caller: Caller; expiresAt: number }> {
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        issuer: audience,
        audience,
        algorithms: ['EdDSA', 'Ed25519'],
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
      });
      const client = await clients.find(payload.sub as string);
      if (!client || client.disabledAt !== null) throw new TrucError('api.invalid-client');
      const granted = String(payload.scope ?? '').split(' ');
      const caller: Caller = {
        clientId: client.clientId,
        agencyIds: client.agencyIds,
        scopes: grantedScopes(client, granted),
      };
      return { caller, expiresAt: (payload.exp as number) * 1000 };
    } catch (error) {
      throw new TrucError('api.unauthorized', {}, error);
    }
  }

  async function issueTo(client: ClientSystem, wanted: readonly string[] | null): Promise<Issued> {
    if (client.disabledAt !== null) throw new TrucError('api.invalid-client');
    const scopes = grantedScopes(client, wanted);
    const now = Math.floor(clock.now() / 1000);
    const token = await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setSubject(client.clientId)
      .setIssuer(audience)
      .setAudience(audience)
      .setJti(newId())
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(key);
    return { token, expiresIn: LIFETIME_SECONDS, scopes };
  }

  return {
    issue: async (clientId, secret, wanted) => {
      const client = await clients.find(clientId);
      // The comparison runs for unknown clients too, so that timing does not tell who exists.
      const right = equalBytes(
        Buffer.from(sha256Hex(secret)),
        Buffer.from(client?.secretSha256 ?? sha256Hex(newId())),
      );
      if (!client || !right) throw new TrucError('api.invalid-client');
      return issueTo(client, wanted);
    },
    issueFor: async (assertion, wanted) => issueTo(await clientOfAssertion(assertion, options), wanted),
    verify: async (token) => {
      const id = sha256Hex(token);
      const known = verified.get(id);
      if (known && known.expiresAt > clock.now()) return known.caller;
      const fresh = await check(token);
      if (verified.size >= CACHE_SIZE) verified.clear();
      verified.set(id, fresh);
      return fresh.caller;
    },
    consents: consentTokens(key, publicKey, audience),
    takeTurn: (kind, caller) => takeTurn(options.limiter, options.rates, kind, caller),
  };
}

const MOST_CONSENT = 4_096;

function consentTokens(key: KeyObject, publicKey: KeyObject, issuer: string): ConsentTokens {
  const audience = `${issuer}/v1/results`;
  return {
    sign: ({ consentId, expiresAt, ...rest }) =>
      new SignJWT({ consent: rest })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'consent+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(consentId)
        .setExpirationTime(Math.floor(Date.parse(expiresAt) / 1_000))
        .sign(key),
    read: async (token) => {
      try {
        if (token.length > MOST_CONSENT) throw new TrucError('exchange.consent-invalid');
        // Its end is judged where it is used, so that an expired one is told from a forged one.
        const { payload } = await jwtVerify(token, publicKey, {
          ...{ issuer, audience, typ: 'consent+jwt', algorithms: ['EdDSA', 'Ed25519'] },
          currentDate: new Date(0),
        });
        const expiresAt = isoTime((payload.exp as number) * 1_000);
        return { ...(payload.consent as Consent), consentId: payload.jti as string, expiresAt };
      } catch (error) {
        throw new TrucError('exchange.consent-invalid', {}, error);
      }
    },
  };
}

function grantedScopes(client: ClientSystem, wanted: readonly string[] | null): readonly Scope[] {
  if (wanted === null) return client.scopes;
  return client.scopes.filter((scope) => wanted.includes(scope));
}

/** Lets only requests with a valid bearer token, the scope and a turn of that kind through; the caller is kept for {@link callerOf}. */
export function authenticate(
  tokens: TokenService,
  scope: Scope,
  kind: RateKind = 'requests',
): RequestHandler {
  return async (request, response, next) => {
    const header = request.get('authorization') ?? '';
    const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(header)?.[1];
    if (token === undefined) throw new TrucError('api.unauthorized');
    const caller = await tokens.verify(token);
    if (!caller.scopes.includes(scope)) throw new TrucError('api.forbidden-scope', { scope });
    await tokens.takeTurn(kind, caller);
    response.locals.caller = caller;
    next();
  };
}

/** Who is calling, after {@link authenticate}. */
export function callerOf(response: Response): Caller {
  return response.locals.caller as Caller;
}
