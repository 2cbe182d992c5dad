import type { Session } from './session.ts';

/**
 * Sessions of people. Durable on return, since another node may get the next request; reads see the last completed write.
 * Expiry is the caller's to judge: what is expired is found until it is removed.
 */
export interface SessionStore {
  add(session: Session): Promise<void>;
  find(sessionSha256: string): Promise<Session | null>;
  /** Notes that a session was seen. One that is gone stays gone. */
  touch(sessionSha256: string, seen: Pick<Session, 'lastSeenAt' | 'expiresAt'>): Promise<void>;
  /** Ends a session. @returns what it was, to one caller only */
  take(sessionSha256: string): Promise<Session | null>;
  /** All of one person, oldest first. */
  ofPerson(personId: string): Promise<Session[]>;
  /** Ends all of one person. @returns how many there were */
  removeOfPerson(personId: string): Promise<number>;
  /** Removes what expired before a time (RFC 3339 UTC). @returns how many went */
  removeExpired(before: string): Promise<number>;
}
