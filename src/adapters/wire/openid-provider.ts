import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { IdentityProvider } from '../../agency/index.ts';
import { isTrucError, systemCode, TrucError } from '../../kernel/index.ts';

export interface OpenidProviderOptions {
  /** Issuer identifier; its metadata lie at `/.well-known/openid-configuration` beneath it (OpenID Connect Discovery 1.0 §4). */
  issuer: string;
  clientId: string;
  clientSecret: string;
  timeoutSeconds?: number;
}

/**
 * Code flow with PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 9700). The provider's metadata are asked for at
 * the first login and kept; where it was away, the next login asks again. Plain HTTP is spoken on loopback only.
 */
export function openidProvider({
  issuer,
  clientId,
  clientSecret,
  timeoutSeconds = 10,
}: OpenidProviderOptions): IdentityProvider {
  const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  let asked: Promise<Configuration> | null = null;
  const configuration = () => {
    asked ??= discovery(new URL(issuer), clientId, undefined, authentication(clientSecret), {
      execute,
      timeout: timeoutSeconds,
    }).catch((error: unknown) => {
      asked = null;
      throw new TrucError('agency.provider-away', {}, error);
    });
    return asked;
  };

  return {
    begin: async (redirectUri) => {
      const config = await configuration();
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, state, nonce, verifier };
    },
    finish: async (callback, { state, nonce, verifier }) => {
      const config = await configuration();
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      };
      const tokens = await authorizationCodeGrant(config, new URL(callback), checks).catch(failed);
      const claims = tokens.claims();
      if (!claims || tokens.id_token === undefined) throw new TrucError('agency.login-invalid');
      const { name } = claims;
      return {
        issuer: claims.iss,
        sub: claims.sub,
        name: typeof name === 'string' ? name : null,
        idToken: tokens.id_token,
      };
    },
    logoutUrl: async (idToken, returnTo) => {
      const config = await configuration();
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
      return buildEndSessionUrl(config, parameters).href;
    },
  };
}

/** By the header unless the provider takes the form only (OpenID Connect Discovery 1.0 §3: the header is the default). */
function authentication(clientSecret: string): ClientAuth {
  const [basic, post] = [ClientSecretBasic(clientSecret), ClientSecretPost(clientSecret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** What the library throws, by whose fault it is. */
function failed(error: unknown): never {
  if (isTrucError(error)) throw error;
  if (error instanceof AuthorizationResponseError)
    throw new TrucError('agency.login-declined', { reason: error.error }, error);
  const ours = error instanceof ResponseBodyError && error.error === 'invalid_grant';
  const away = error instanceof ResponseBodyError || isSilence(error);
  throw new TrucError(away && !ours ? 'agency.provider-away' : 'agency.login-invalid', {}, error);
}

/** No connection, no answer in time, or one that no provider gives. */
function isSilence(error: unknown): boolean {
  const silent = ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'];
  if (!Error.isError(error)) return false;
  return (
    silent.includes(systemCode(error) ?? '') || error.message === 'fetch failed' || isSilence(error.cause)
  );
}
