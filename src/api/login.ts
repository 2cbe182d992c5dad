import type { KeyObject } from 'node:crypto';
import {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
  urlencoded,
} from 'express';
import { z } from 'zod';
import type { IdentityProvider, PersonBook, RateLimiter } from '../agency/index.ts';
import { type Clock, isTrucError, type Log, TrucError } from '../kernel/index.ts';
import { type CertificateLogin, clientCertificate } from './certificate-login.ts';
import { cookie } from './cookies.ts';
import { sendLoggedOut, sendLogin, sendNotice } from './login-pages.ts';
import { type LoginState, loginStates, pathOfOurs } from './login-state.ts';
import { isOurOwnPage, type PeopleService, personOf, requirePerson } from './people.ts';

/** Who logs in by name and password; only the demo has such people. Null for a wrong pair. */
export type DemoLogin = (username: string, password: string) => Promise<string | null>;

export interface LoginOptions {
  people: PeopleService;
  persons: PersonBook;
  /** Null where none is configured. */
  provider: IdentityProvider | null;
  demoLogin: DemoLogin | null;
  /** Absent where nobody logs in by certificate. */
  certificate?: CertificateLogin | null;
  /** Signs what a login in progress remembers. */
  key: KeyObject;
  limiter: RateLimiter;
  clock: Clock;
  log: Log;
}

const MINUTE_MS = 60_000;
/** From one address: offices share one. */
const LOGINS = { count: 120, perMs: MINUTE_MS };
/** Of one user name: nobody types faster. */
const PASSWORDS = { count: 10, perMs: MINUTE_MS };

const DemoForm = z.object({
  username: z.string().max(100),
  password: z.string().max(200),
  next: z.string().max(2_000).optional(),
});

/** /login and /logout: how people come in and go. */
export function loginRoutes(options: LoginOptions): Router {
  const { people, persons, provider, demoLogin, key, limiter, clock, log, certificate = null } = options;
  const { publicUrl } = people;
  const router = Router();
  const states = loginStates({ key, publicUrl, clock });
  const pending = cookie('truc-login', publicUrl.startsWith('https:'), /^[A-Za-z0-9_.-]{1,3500}$/);
  const ways = {
    provider: provider !== null,
    demo: demoLogin !== null,
    certificate: certificate !== null,
  };
  const redirectUri = `${publicUrl}/login/callback`;

  const limited: RequestHandler = async (request, _response, next) => {
    await takeTurn(limiter, `login:${request.ip}`, LOGINS);
    next();
  };

  router.get('/login', limited, async (request, response) => {
    const next = pathOfOurs(request.query.next);
    if (!provider && !demoLogin && !certificate) throw new TrucError('api.login-not-configured');
    if (!demoLogin && !certificate)
      return response.redirect(303, `/login/provider?next=${encodeURIComponent(next)}`);
    sendLogin(request, response, { ...ways, next, wrong: null });
  });

  router.get('/login/provider', limited, async (request, response) => {
    if (!provider) throw new TrucError('api.login-not-configured');
    const { url, ...started } = await provider.begin(redirectUri);
    const next = pathOfOurs(request.query.next);
    pending.write(response, await states.seal({ ...started, next }), states.seconds);
    noStore(response).redirect(303, url);
  });

  router.get('/login/callback', limited, async (request, response) => {
    if (!provider) throw new TrucError('api.login-not-configured');
    const sealed = pending.read(request);
    const started: LoginState | null = sealed === null ? null : await states.open(sealed);
    pending.clear(response);
    if (!started) throw new TrucError('agency.login-invalid');
    const callback = new URL(request.originalUrl, publicUrl);
    const found = await provider.finish(`${redirectUri}${callback.search}`, started);
    const person = await persons.bySubject(found);
    if (!person || person.lockedSince !== null) {
      const lines = [`issuer: ${found.issuer}`, `sub: ${found.sub}`];
      return sendNotice(request, response, new TrucError('api.login-unknown-person'), lines);
    }
    await people.open(request, response, person.personId, found.idToken);
    noStore(response).redirect(303, started.next);
  });

  router.get('/login/by-certificate', limited, (request, response) => {
    if (!certificate) throw new TrucError('api.not-found');
    const next = encodeURIComponent(pathOfOurs(request.query.next));
    noStore(response).redirect(303, `${certificate.url}?next=${next}`);
  });

  router.get('/login/certificate', limited, async (request, response) => {
    if (!certificate) throw new TrucError('api.not-found');
    const der = clientCertificate(request, certificate);
    await people.open(request, response, await certificate.personOf(der), null);
    // The proxy that asks for certificates may have a port of its own: on with the pages.
    noStore(response).redirect(303, `${publicUrl}${pathOfOurs(request.query.next)}`);
  });

  router.post(
    '/login/demo',
    limited,
    urlencoded({ extended: false, limit: '8kb' }),
    async (request: Request, response: Response) => {
      if (!demoLogin) throw new TrucError('api.not-found');
      if (!isOurOwnPage(request, publicUrl)) throw new TrucError('api.csrf');
      const form = DemoForm.safeParse(request.body ?? {});
      const { username = '', password = '', next: wanted } = form.data ?? {};
      await takeTurn(limiter, `password:${username.toLowerCase()}`, PASSWORDS);
      const next = pathOfOurs(wanted);
      const personId = await demoLogin(username, password);
      const person = personId === null ? null : await persons.get(personId);
      if (!person || person.lockedSince !== null) {
        return sendLogin(request, response, { ...ways, next, wrong: { username } });
      }
      await people.open(request, response, person.personId, null);
      noStore(response).redirect(303, next);
    },
  );

  router.post('/logout', requirePerson(people), async (request: Request, response: Response) => {
    const { idToken } = personOf(response).session;
    await people.close(request, response);
    const away =
      idToken === null || !provider ? null : provider.logoutUrl(idToken, `${publicUrl}/logout/done`);
    // Being logged out here must not wait for a provider that is away.
    const url = await away?.catch(() => null);
    // No redirect: `form-action` of the page that was left would not let it go to another host.
    if (url) response.set('Refresh', `0; url=${url}`);
    sendLoggedOut(request, response);
  });

  router.get('/logout/done', (request, response) => sendLoggedOut(request, response));

  router.use(['/login', '/logout'], asNotice(log));
  return router;
}

async function takeTurn(limiter: RateLimiter, key: string, rate: typeof LOGINS): Promise<void> {
  const wait = await limiter.take(key, rate);
  if (wait > 0) throw new TrucError('api.rate-limited', { retryAfter: Math.ceil(wait / 1_000) });
}

function noStore(response: Response): Response {
  return response.set('Cache-Control', 'no-store');
}

/** Whoever logs in reads pages: a problem on the way is a page that says what to do. */
function asNotice(log: Log) {
  return (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (!isTrucError(error) || response.headersSent || request.accepts(['json', 'html']) !== 'html')
      return next(error);
    if (error.code === 'agency.provider-away')
      log.error({ code: error.code, cause: String(error.cause) }, 'the identity provider is away');
    if (!/^(agency\.(provider-away|login-)|api\.)/.test(error.code)) return next(error);
    const retryAfter = error.code === 'agency.provider-away' ? 30 : error.facts.retryAfter;
    if (typeof retryAfter === 'number') response.set('Retry-After', String(retryAfter));
    sendNotice(request, response, error);
  };
}
