import type { Request, Response } from 'express';
import { type Agency, grantsAt, type RateLimiter, type Role } from '../agency/index.ts';
import {
  agenciesOf,
  cookie,
  type Frame,
  type PageContent,
  type PersonCaller,
  personOf,
  preferencesOf,
  sendPage,
} from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Language, WORK_WORDS, type WorkWord } from '../messages/index.ts';
import { type Html, html, type IconName } from '../rendering/index.ts';
import {
  type Actor,
  type PersonRef,
  WORK_ROLES,
  type WorkDesk,
  type WorkProblemCode,
  type WorkRole,
} from '../workflow/index.ts';

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
  /** All agencies in which the reader could work. */
  offices: readonly string[];
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

/**
 * Who asks, in the agency that they chose; null for somebody with posts in several who has not chosen yet.
 * @throws TrucError `api.rate-limited`, `api.role-missing` for somebody without a role in an agency's clerical work,
 * `work.other-office` for a form of a page that was opened in another agency
 */
export async function visitOf(
  request: Request,
  response: Response,
  options: OfficeOptions,
): Promise<Visit | null> {
  const caller = personOf(response);
  const { desk, limiter } = options;
  const wait = await limiter.take(`work:${caller.person.personId}`, PAGES);
  if (wait > 0) throw new TrucError('api.rate-limited', { retryAfter: Math.ceil(wait / 1_000) });
  const { lang } = preferencesOf(request, response);
  const offices = officesOf(caller);
  const [only, ...others] = offices;
  const chosen = others.length === 0 ? only : chosenOffice(request, caller, options);
  if (others.length > 0 && chosen === null) return null;
  const agency = chosen ? await desk.agencies.get(chosen) : null;
  if (!agency) throw new TrucError('api.role-missing', { roles: [...WORK_ROLES] });
  demandSameOffice(request, agency);
  const own = caller.roles.filter(({ agencyId }) => agencyId === agency.id);
  const roles = own.map(({ role }) => role).filter(isWorkRole);
  const { personId, name } = caller.person;
  const title = own.find(({ role, title: held }) => isWorkRole(role) && held !== null)?.title ?? '';
  const officer = { id: personId, name, title, agencyId: agency.id, roles, signer: { personId } };
  return { request, response, caller, officer, agency, offices, lang, desk, options };
}

/** Ids of the agencies in whose clerical work somebody has a role now, in one order. */
export function officesOf(caller: PersonCaller): string[] {
  return agenciesOf(caller, ...WORK_ROLES).sort();
}

/** Who chose, and where they work. */
function officeCookie({ publicUrl }: Pick<OfficeOptions, 'publicUrl'>) {
  return cookie('truc-office', publicUrl.startsWith('https:'), /^[0-9a-f-]{36}\.[0-9a-f-]{36}$/);
}

/** Another person at the same browser chooses anew, and an agency in which the role has ended is no choice. */
export function chosenOffice(
  request: Request,
  caller: PersonCaller,
  options: Pick<OfficeOptions, 'publicUrl'>,
): string | null {
  const [personId, agencyId = ''] = officeCookie(options).read(request)?.split('.') ?? [];
  return personId === caller.person.personId && officesOf(caller).includes(agencyId) ? agencyId : null;
}

export function chooseOffice(
  response: Response,
  { person }: PersonCaller,
  agencyId: string,
  options: Pick<OfficeOptions, 'publicUrl'>,
): void {
  officeCookie(options).write(response, `${person.personId}.${agencyId}`);
}

/** A form says in which agency its page was opened: in another window somebody may have gone to another one since. */
function demandSameOffice(request: Request, agency: Agency): void {
  const given: unknown = (request.body as Record<string, unknown> | undefined)?.office;
  if (typeof given === 'string' && given !== agency.id)
    throw new TrucError<WorkProblemCode>('work.other-office', { agency: agency.name });
}

/** What every form of the portal carries: the session's token, and the agency of the page. */
export function formFields({ caller, agency }: Pick<Visit, 'caller' | 'agency'>): Html {
  return html`<input type="hidden" name="csrf" value="${caller.csrf}"><input type="hidden" name="office" value="${agency.id}">`;
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

const OFFICES = { word: 'office', href: '/work/offices', icon: 'agencies' } as const;

/** Frame of the portal's pages; also where nothing is known of the reader but the request. */
export function frameOf(request: Request, response: Response, visit: Visit | null): Frame {
  const { lang } = preferencesOf(request, response);
  const path = request.path;
  const current = [...NAV, OFFICES].filter(
    ({ href }) => path === href || (href !== '/work' && path.startsWith(`${href}/`)),
  );
  const several = visit !== null && visit.offices.length > 1;
  const items = several ? [...NAV, OFFICES] : NAV;
  const nav = items.map(({ word, href, icon }) => ({
    text: WORK_WORDS[word][lang],
    href,
    icon,
    current: current.some((one) => one.href === href),
  }));
  const name = WORK_WORDS.area[lang];
  const area = { name: several ? `${name}: ${visit.agency.name}` : name, href: '/work' };
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
