import type { Request, Response } from 'express';
import { type Agency, grantsAt, type RateLimiter, type Role } from '../agency/index.ts';
import {
  type Frame,
  type PageContent,
  type PersonCaller,
  personOf,
  preferencesOf,
  sendPage,
} from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Language, WORK_WORDS, type WorkWord } from '../messages/index.ts';
import type { IconName } from '../rendering/index.ts';
import { type Actor, type PersonRef, WORK_ROLES, type WorkDesk, type WorkRole } from '../workflow/index.ts';

/** What the pages are made with. */
export interface OfficeOptions {
  desk: WorkDesk;
  /** The signing origin. */
  signingUrl: string;
  /** The axis as browsers see it. */
  publicUrl: string;
  limiter: RateLimiter;
}

/** Who reads a page, where they work, and how they want it. */
export interface Visit {
  request: Request;
  response: Response;
  caller: PersonCaller;
  officer: Actor;
  agency: Agency;
  lang: Language;
  desk: WorkDesk;
  options: OfficeOptions;
}

/** An official of an agency, for choosing. */
export interface Official extends PersonRef {
  roles: readonly WorkRole[];
}

const isWorkRole = (role: Role): role is WorkRole => (WORK_ROLES as readonly string[]).includes(role);

/** Pages and steps of one person: nobody reads faster, and a letter takes a processor's time to set. */
const PAGES = { count: 300, perMs: 60_000 };

/** @throws TrucError `api.rate-limited`, `api.role-missing` for somebody without a role in an agency's clerical work */
export async function visitOf(request: Request, response: Response, options: OfficeOptions): Promise<Visit> {
  const caller = personOf(response);
  const { desk, limiter } = options;
  const wait = await limiter.take(`work:${caller.person.personId}`, PAGES);
  if (wait > 0) throw new TrucError('api.rate-limited', { retryAfter: Math.ceil(wait / 1_000) });
  const { lang } = preferencesOf(request, response);
  const first = caller.roles.find(({ role, agencyId }) => isWorkRole(role) && agencyId !== null);
  const agency = first?.agencyId ? await desk.agencies.get(first.agencyId) : null;
  if (!agency) throw new TrucError('api.role-missing', { roles: [...WORK_ROLES] });
  const own = caller.roles.filter(({ agencyId }) => agencyId === agency.id);
  const roles = own.map(({ role }) => role).filter(isWorkRole);
  const { personId, name } = caller.person;
  const title = own.find((grant) => grant.title !== null)?.title ?? '';
  const officer = { id: personId, name, title, agencyId: agency.id, roles, signer: { personId } };
  return { request, response, caller, officer, agency, lang, desk, options };
}

const MOST_OFFICIALS = 500;

/** Everybody who works in an agency now. */
export async function officialsOf(agencyId: string, desk: WorkDesk): Promise<Official[]> {
  const now = desk.clock.now();
  const people = await desk.persons.list({ agencyId, limit: MOST_OFFICIALS });
  return people.flatMap((person) => {
    const grants = grantsAt(person, now).filter((grant) => grant.agencyId === agencyId);
    const roles = grants.map(({ role }) => role).filter(isWorkRole);
    const title = grants.find((grant) => grant.title !== null)?.title ?? '';
    return roles.length === 0 ? [] : [{ id: person.personId, name: person.name, title, roles }];
  });
}

/** A word of the portal in the reader's language. */
export function say(word: WorkWord, { lang }: Pick<Visit, 'lang'>): string {
  return WORK_WORDS[word][lang];
}

const NAV: readonly { word: WorkWord; href: string; icon: IconName }[] = [
  { word: 'tasks', href: '/work', icon: 'overview' },
  { word: 'outgoing', href: '/work/outgoing', icon: 'write' },
  { word: 'incoming', href: '/work/incoming', icon: 'inbox' },
  { word: 'registerOutgoing', href: '/work/registers/outgoing', icon: 'ledger' },
  { word: 'registerIncoming', href: '/work/registers/incoming', icon: 'ledger' },
  { word: 'delegations', href: '/work/delegations', icon: 'audit' },
];

/** Frame of the portal's pages; also where nothing is known of the reader but the request. */
export function frameOf(request: Request, response: Response, visit: Visit | null): Frame {
  const { lang } = preferencesOf(request, response);
  const path = request.path;
  const current = NAV.filter(
    ({ href }) => path === href || (href !== '/work' && path.startsWith(`${href}/`)),
  );
  const nav = NAV.map(({ word, href, icon }) => ({
    text: WORK_WORDS[word][lang],
    href,
    icon,
    current: current.some((one) => one.href === href),
  }));
  const area = { name: WORK_WORDS.area[lang], href: '/work' };
  if (visit === null) return { area, nav, person: null };
  const { caller, officer, agency } = visit;
  const role =
    officer.title === '' ? officer.roles.map((one) => WORK_WORDS[one][lang]).join(', ') : officer.title;
  const signOut = { action: '/logout', csrf: caller.csrf };
  return { area, nav, person: { name: officer.name, role: `${role}, ${agency.name}`, signOut } };
}

/** Answers with a page of the portal. */
export function show(visit: Visit, content: PageContent): void {
  const { request, response } = visit;
  sendPage(request, response, frameOf(request, response, visit), content);
}
