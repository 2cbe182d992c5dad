import type { Subject } from './person.ts';

/** What a login in progress must remember until the provider sends the browser back. */
export interface LoginStart {
  /** Where the browser goes. */
  url: string;
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  verifier: string;
}

/** Who came back. */
export interface LoggedIn extends Subject {
  /** The name that the provider gives, for the page that a stranger sees; null where it gives none. */
  name: string | null;
  idToken: string;
}

/**
 * An OpenID Connect provider, asked over the network.
 * @throws TrucError `agency.provider-away` where it does not answer or answers nonsense, `agency.login-declined` where it
 * or its person says no, `agency.login-invalid` where an answer does not fit the login that was begun
 */
export interface IdentityProvider {
  /** @param redirectUri our callback */
  begin(redirectUri: string): Promise<LoginStart>;
  /** @param callback the whole URL on which the browser came back */
  finish(callback: string, started: Omit<LoginStart, 'url'>): Promise<LoggedIn>;
  /** Where the browser ends the session at the provider; null where the provider offers none. */
  logoutUrl(idToken: string, returnTo: string): Promise<string | null>;
}
