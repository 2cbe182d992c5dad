import { createPublicKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../kernel/index.ts';

const LIFETIME_SECONDS = 10 * 60;

const LoginState = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });
/** What a login in progress remembers, and where the person wanted to go. */
export type LoginState = z.infer<typeof LoginState>;

/**
 * A login in progress lies in the browser's cookie, signed: the store would otherwise grow with everybody who opens the
 * page. Its values are that browser's own; on their own they open nothing.
 */
export function loginStates({ key, publicUrl, clock }: { key: KeyObject; publicUrl: string; clock: Clock }) {
  const publicKey = createPublicKey(key);
  // Another audience than an access token has, so that neither passes for the other.
  const audience = `${publicUrl}/login`;
  return {
    seconds: LIFETIME_SECONDS,
    seal: (state: LoginState): Promise<string> =>
      new SignJWT({ ...state })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'login+jwt' })
        .setAudience(audience)
        .setExpirationTime(Math.floor(clock.now() / 1000) + LIFETIME_SECONDS)
        .sign(key),
    /** Null for what was not sealed here or is too old. */
    open: async (sealed: string): Promise<LoginState | null> => {
      try {
        const { payload } = await jwtVerify(sealed, publicKey, {
          ...{ audience, typ: 'login+jwt', algorithms: ['EdDSA', 'Ed25519'], requiredClaims: ['exp'] },
          currentDate: new Date(clock.now()),
        });
        return LoginState.parse(payload);
      } catch {
        return null;
      }
    },
  };
}

const PROBE = 'http://truc.invalid';

/**
 * A path of ours that a browser may be sent to after the login; `/` for everything else. Control characters and backslashes
 * are what turns a path into another host's address.
 */
export function pathOfOurs(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2_000 || !/^\/[^\\\p{Cc}]*$/u.test(next)) return '/';
  if (!URL.canParse(next, PROBE)) return '/';
  const { origin, pathname, search, hash } = new URL(next, PROBE);
  const around = /^\/(login|logout)(\/|$)/.test(pathname) || pathname.startsWith('//');
  return origin === PROBE && !around ? `${pathname}${search}${hash}` : '/';
}
