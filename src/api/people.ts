import { type Request, type RequestHandler, type Response, urlencoded } from 'express';
import {
  grantsAt,
  type Person,
  type PersonBook,
  type Role,
  type RoleGrant,
  type Session,
  type SessionStore,
  sessionEnd,
} from '../agency/index.ts';
import { type Clock, equalBytes, isoTime, newSecret, sha256Hex, TrucError } from '../kernel/index.ts';
import { type Cookie, cookie } from './cookies.ts';
import { sendNotice } from './login-pages.ts';
import { isUpload, readUpload } from './uploads.ts';

/** Who is logged in, as handlers see it. */
export interface PersonCaller {
  person: Pick<Person, 'personId' | 'name' | 'ledgerDoc'>;
  session: Pick<Session, 'createdAt' | 'expiresAt' | 'idToken'>;
  /** Roles in force now. */
  roles: readonly RoleGrant[];
  /** What every form of this session carries as `csrf`, and every script's request as `X-CSRF-Token`. */
  csrf: string;
}

export interface PeopleService {
  /** Begins a session under a new id, and ends the one that the browser had. */
  open(request: Request, response: Response, personId: string, idToken: string | null): Promise<void>;
  /** Who asks; null where nobody is logged in. */
  callerOf(request: Request): Promise<PersonCaller | null>;
  /** Ends the session of this browser. @returns the session that it was */
  close(request: Request, response: Response): Promise<Session | null>;
  /** The axis as browsers see it, without trailing slash. */
  publicUrl: string;
}

export interface PeopleOptions {
  persons: PersonBook;
  sessions: SessionStore;
  publicUrl: string;
  clock: Clock;
}

/** A session that is in use is written down once in this time. */
const TOUCH_MS = 60_000;

export function peopleService({ persons, sessions, publicUrl, clock }: PeopleOptions): PeopleService {
  const own: Cookie = cookie('truc', publicUrl.startsWith('https:'), /^[A-Za-z0-9_-]{43}$/);

  async function alive(request: Request): Promise<Session | null> {
    const id = own.read(request);
    const session = id === null ? null : await sessions.find(sha256Hex(id));
    return session && Date.parse(session.expiresAt) > clock.now() ? session : null;
  }

  async function seen(session: Session): Promise<string> {
    const now = clock.now();
    if (now - Date.parse(session.lastSeenAt) < TOUCH_MS) return session.expiresAt;
    const expiresAt = isoTime(sessionEnd(session.createdAt, now));
    await sessions.touch(session.sessionSha256, { lastSeenAt: isoTime(now), expiresAt });
    return expiresAt;
  }

  const service: PeopleService = {
    publicUrl,
    open: async (request, response, personId, idToken) => {
      const before = own.read(request);
      if (before !== null) await sessions.take(sha256Hex(before));
      const [id, now] = [newSecret(), clock.now()];
      const at = isoTime(now);
      await sessions.add({
        sessionSha256: sha256Hex(id),
        ...{ personId, csrf: newSecret(), idToken, createdAt: at, lastSeenAt: at },
        expiresAt: isoTime(sessionEnd(at, now)),
      });
      own.write(response, id);
    },
    callerOf: async (request) => {
      const session = await alive(request);
      const person = session && (await persons.get(session.personId));
      if (!person || person.lockedSince !== null) return null;
      const { personId, name, ledgerDoc } = person;
      const { createdAt, idToken, csrf } = session;
      return {
        person: { personId, name, ledgerDoc },
        session: { createdAt, expiresAt: await seen(session), idToken },
        roles: grantsAt(person, clock.now()),
        csrf,
      };
    },
    close: async (request, response) => {
      const id = own.read(request);
      own.clear(response);
      return id === null ? null : sessions.take(sha256Hex(id));
    },
  };
  return service;
}

/**
 * Lets only people through who are logged in and have one of the roles, anywhere; without roles, everybody who is logged
 * in. Which agency a handler may show is the handler's to ask, by {@link agenciesOf}. What changes something must come from
 * a page of ours and carry the session's token. The caller is kept for {@link personOf}; nothing is kept by caches.
 */
export function requirePerson(people: PeopleService, ...roles: readonly Role[]): RequestHandler {
  const check = async (request: Request, response: Response): Promise<TrucError | null> => {
    const caller = await people.callerOf(request);
    if (!caller) return new TrucError('api.login-needed');
    if (roles.length > 0 && !hasRole(caller, ...roles)) return new TrucError('api.role-missing', { roles });
    if (!isSafe(request)) {
      if (!isOurOwnPage(request, people.publicUrl)) return new TrucError('api.csrf');
      // Files are read for nobody who is unknown.
      if (isUpload(request)) await readUpload(request, response);
      if (!hasToken(request, caller)) return new TrucError('api.csrf');
    }
    response.locals.person = caller;
    return null;
  };
  return async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    response.vary('Cookie');
    await formOf(request, response);
    const refusal = await check(request, response);
    if (refusal) refuse(request, response, refusal);
    else next();
  };
}

const readForm = urlencoded({ extended: false, limit: '256kb' });

/** Reads the body where it is a form; its fields are then `request.body`. */
function formOf(request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) =>
    readForm(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error))),
  );
}

/** Who is logged in, after {@link requirePerson}. */
export function personOf(response: Response): PersonCaller {
  return response.locals.person as PersonCaller;
}

export function hasRole(caller: PersonCaller, ...roles: readonly Role[]): boolean {
  return caller.roles.some((grant) => roles.includes(grant.role));
}

/** Ids of the agencies in which the caller has one of the roles. */
export function agenciesOf(caller: PersonCaller, ...roles: readonly Role[]): string[] {
  const ids = caller.roles.flatMap(({ role, agencyId }) =>
    roles.includes(role) && agencyId !== null ? [agencyId] : [],
  );
  return [...new Set(ids)];
}

/** Where a browser says where a request comes from, it must be our own origin (Fetch Metadata, RFC 6454). */
export function isOurOwnPage(request: Request, publicUrl: string): boolean {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined ? site !== undefined : origin === new URL(publicUrl).origin;
}

function isSafe({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

function hasToken(request: Request, { csrf }: PersonCaller): boolean {
  const field: unknown = (request.body as Record<string, unknown> | undefined)?.csrf;
  const given = request.get('x-csrf-token') ?? (typeof field === 'string' ? field : '');
  return equalBytes(Buffer.from(given), Buffer.from(csrf));
}

/** A page for whoever reads pages, and a problem for programs; who is not logged in goes to log in and comes back. */
function refuse(request: Request, response: Response, error: TrucError): void {
  if (request.accepts(['json', 'html']) !== 'html') throw error;
  if (error.code === 'api.login-needed' && isSafe(request))
    response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
  else sendNotice(request, response, error);
}
