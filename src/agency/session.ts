/** How long a session lives without a request, and at most. Milliseconds. */
export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_LONGEST_MS = 10 * 3_600_000;

/** Somebody who is logged in with one browser. */
export interface Session {
  /** SHA-256 of the cookie's value, lower-case hexadecimal: the store alone opens no session. */
  sessionSha256: string;
  personId: string;
  /** What forms of this session carry, 256 random bits in base64url. */
  csrf: string;
  /** The provider's ID token, for the logout there; null where no provider was asked. */
  idToken: string | null;
  /** RFC 3339 UTC. */
  createdAt: string;
  lastSeenAt: string;
  /** RFC 3339 UTC: ends then, unless it is seen before; never after `createdAt` and the longest time. */
  expiresAt: string;
}

/** When a session that is seen now ends. @param createdAt RFC 3339 UTC @param now milliseconds since 1970 UTC */
export function sessionEnd(createdAt: string, now: number): number {
  return Math.min(now + SESSION_IDLE_MS, Date.parse(createdAt) + SESSION_LONGEST_MS);
}
