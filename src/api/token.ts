import { type ErrorRequestHandler, Router, urlencoded } from 'express';
import { z } from 'zod';
import { isTrucError, TrucError } from '../kernel/index.ts';
import { ASSERTION_TYPE } from './assertion.ts';
import type { Issued, TokenService } from './auth.ts';

const TokenRequest = z.object({
  grant_type: z.string(),
  client_id: z.string().max(200).optional(),
  client_secret: z.string().max(500).optional(),
  client_assertion_type: z.literal(ASSERTION_TYPE).optional(),
  client_assertion: z.string().max(4_096).optional(),
  scope: z.string().max(200).optional(),
});

/**
 * POST /oauth/token: OAuth 2.0 client credentials (RFC 6749 §4.4), with the secret in the Basic header or the form, or with an
 * assertion signed by the system's key (`private_key_jwt`, RFC 7523 §2.2).
 */
export function tokenRoutes(tokens: TokenService): Router {
  const router = Router();
  router.post('/oauth/token', urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const form = TokenRequest.safeParse(request.body ?? {});
    if (!form.success || form.data.grant_type !== 'client_credentials')
      throw new TrucError('api.invalid-grant');
    const scopes = form.data.scope ? form.data.scope.split(' ').filter(Boolean) : null;
    const issued = await issuedFor(request.get('authorization'), form.data, scopes, tokens);
    response.set('Cache-Control', 'no-store').json({
      access_token: issued.token,
      token_type: 'Bearer',
      expires_in: issued.expiresIn,
      scope: issued.scopes.join(' '),
    });
  });
  router.use('/oauth/token', asOAuthError);
  return router;
}

/** RFC 6749 §5.2: what OAuth libraries expect instead of a problem; the description has ASCII characters only. */
const OAUTH_ERRORS: Readonly<Record<string, { status: number; error: string; description: string }>> = {
  'api.invalid-client': {
    status: 401,
    error: 'invalid_client',
    description: 'client_id, client_secret or client_assertion is wrong, or the system is disabled',
  },
  'api.invalid-grant': {
    status: 400,
    error: 'unsupported_grant_type',
    description: 'grant_type must be client_credentials, in a form-encoded body',
  },
};

const UNREADABLE = {
  status: 400,
  error: 'invalid_request',
  description: 'the body must be a form of at most 8 KB in UTF-8',
};

const asOAuthError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const known = isTrucError(error) ? OAUTH_ERRORS[error.code] : isHttpError(error) ? UNREADABLE : undefined;
  if (!known) return next(error);
  if (known.status === 401) response.set('WWW-Authenticate', 'Basic realm="truc"');
  response.status(known.status).set('Cache-Control', 'no-store');
  response.json({ error: known.error, error_description: known.description });
};

/** What Express throws for a body that it cannot read. */
function isHttpError(error: unknown): boolean {
  return Error.isError(error) && 'status' in error && Number(error.status) < 500;
}

/** RFC 6749 §2.3: one way to prove who one is in a request, not two. */
function issuedFor(
  header: string | undefined,
  form: z.infer<typeof TokenRequest>,
  scopes: string[] | null,
  tokens: TokenService,
): Promise<Issued> {
  if (form.client_assertion === undefined) {
    const { clientId, secret } = credentials(header, form);
    return tokens.issue(clientId, secret, scopes);
  }
  const twice = header !== undefined || form.client_secret !== undefined;
  if (twice || form.client_assertion_type === undefined) throw new TrucError('api.invalid-client');
  return tokens.issueFor(form.client_assertion, scopes);
}

function credentials(
  header: string | undefined,
  form: z.infer<typeof TokenRequest>,
): { clientId: string; secret: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (basic !== undefined) {
    const [clientId = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s);
    // RFC 6749 §2.3.1: both halves are form-encoded inside the Basic header.
    return { clientId: formDecoded(clientId), secret: formDecoded(secret) };
  }
  if (!form.client_id || !form.client_secret) throw new TrucError('api.invalid-client');
  return { clientId: form.client_id, secret: form.client_secret };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
