import type { Request, Response, Router } from 'express';
import { type Agency, type Person, ROLES, type Role } from '../agency/index.ts';
import { fileOf } from '../api/index.ts';
import {
  bindFile,
  endBinding,
  endRole,
  giveRole,
  identifyPerson,
  lockPerson,
  registerPerson,
  unlockPerson,
} from '../exchange/index.ts';
import { isoTime, parseVietnamTime, TrucError } from '../kernel/index.ts';
import { fieldsOf } from './acts.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';
import { type PeopleView, peoplePage, personPage } from './people-page.ts';
import { administers, demandLogin, demandRole, isShown } from './people-reach.ts';
import type { Viewer } from './viewer.ts';

const MOST_PEOPLE = 500;
const MOST_BINDINGS = 500;
const DAY_MS = 86_400_000;
const ID = /^[0-9a-f-]{36}$/;
const PATH = '/console/people';

type Handler = (act: Act) => Promise<unknown>;

/** What somebody asks for on these pages. */
interface Act {
  request: Request;
  response: Response;
  viewer: Viewer;
  agency: Agency;
  fields: Readonly<Record<string, string>>;
  desk: ConsoleDesk;
}

/** /console/people: who may log in, as what and with which certificate, for the administrators of agencies and the operator. */
export function peopleRoutes(router: Router, desk: ConsoleDesk): void {
  router.get(PATH, async (request, response) => {
    const { lang } = around(request, response);
    const view = await viewOf(await actOf(request, response, desk));
    answer(request, response, 'people', peoplePage(view, lang));
  });
  router.get(`${PATH}/:id`, async (request, response) => {
    const { lang } = around(request, response);
    const act = await actOf(request, response, desk);
    const person = await personIn(act);
    answer(request, response, 'people', personPage({ ...(await viewOf(act)), person }, lang));
  });

  const post = (path: string, handler: Handler, back: (act: Act) => string) =>
    router.post(path, async (request, response) => {
      const act = await actOf(request, response, desk);
      if (!administers(act.viewer))
        throw new TrucError('api.role-missing', { roles: ['operator', 'agency-admin'] });
      await handler(act);
      response.redirect(303, `${back(act)}?agency=${encodeURIComponent(act.agency.code)}`);
    });
  const toList = () => PATH;
  const toPerson = ({ request }: Act) => `${PATH}/${encodeURIComponent(String(request.params.id))}`;
  post(PATH, add, toList);
  post(`${PATH}/certificates`, (act) => bind(act, null), toList);
  post(`${PATH}/certificates/end`, (act) => unbind(act, null), toList);
  for (const [name, handler] of Object.entries(ON_PERSON)) post(`${PATH}/:id/${name}`, handler, toPerson);
}

const ON_PERSON: Readonly<Record<string, Handler>> = {
  role: async (act) => give(await personIn(act), act),
  'end-role': async (act) => {
    const { viewer, agency, fields, desk } = act;
    const [person, role] = [await personIn(act), roleIn(fields)];
    demandRole(person, agency.id, role, viewer);
    const { stations: x } = desk;
    const now = isoTime(x.clock.now());
    return endRole(person.personId, { role, agencyId: agency.id }, now, viewer.ledgerName, x);
  },
  identify: async (act) => {
    const { viewer, fields, desk } = act;
    const person = await personIn(act);
    demandLogin(person, viewer);
    return identifyPerson(person.personId, subjectIn(fields), viewer.ledgerName, desk.stations);
  },
  lock: async (act) => {
    const person = await personIn(act);
    demandLogin(person, act.viewer);
    return lockPerson(person.personId, act.viewer.ledgerName, act.desk.stations);
  },
  unlock: async (act) => {
    const person = await personIn(act);
    demandLogin(person, act.viewer);
    return unlockPerson(person.personId, act.viewer.ledgerName, act.desk.stations);
  },
  certificates: async (act) => bind(act, await personIn(act)),
  'certificates/end': async (act) => unbind(act, await personIn(act)),
};

/** Somebody new with a role, or a role for somebody who is known already. */
async function add(act: Act): Promise<unknown> {
  const { viewer, agency, fields, desk } = act;
  const { stations: x } = desk;
  const { personId = '', name = '' } = fields;
  if (personId.trim() !== '') {
    const person = ID.test(personId.trim()) ? await x.persons.get(personId.trim()) : null;
    if (!person) throw new TrucError('agency.person-unknown', { personId });
    return give(person, act);
  }
  const grant = grantIn(act);
  const fresh = { personId: '', grants: [] } as unknown as Person;
  demandRole(fresh, agency.id, grant.role, viewer);
  if (name.trim() === '' || name.length > 200) throw new TrucError('api.invalid-request');
  return registerPerson({ name, subject: subjectIn(fields), grants: [grant] }, viewer.ledgerName, x);
}

function give(person: Person, act: Act): Promise<Person> {
  const { viewer, agency, desk } = act;
  const grant = grantIn(act);
  demandRole(person, agency.id, grant.role, viewer);
  return giveRole(person.personId, grant, viewer.ledgerName, desk.stations);
}

async function bind(act: Act, person: Person | null): Promise<unknown> {
  const { viewer, agency, fields, desk, response } = act;
  const file = fileOf(response, 'certificate');
  const title = (fields.certTitle ?? '').trim();
  if (file === null || (person !== null && title === '') || title.length > 200)
    throw new TrucError('api.invalid-request');
  if (person?.personId === viewer.personId) throw new TrucError('agency.person-out-of-reach');
  const order = {
    agencyId: agency.id,
    certificate: file.bytes,
    title: person === null ? null : title,
    personId: person?.personId ?? null,
    validFrom: startOf(fields.certFrom),
    validTo: endOf(fields.certTo),
  };
  return bindFile(order, viewer.ledgerName, desk.stations);
}

async function unbind(act: Act, person: Person | null): Promise<unknown> {
  const { viewer, agency, fields, desk } = act;
  const { sha256 = '', validFrom = '' } = fields;
  const which = { agencyId: agency.id, certificateSha256: sha256, validFrom };
  const held = (await desk.stations.bindings.of(sha256)).find(
    (one) => one.agencyId === agency.id && one.validFrom === validFrom,
  );
  if ((held?.personId ?? null) !== (person?.personId ?? null) || person?.personId === viewer.personId)
    throw new TrucError('agency.person-out-of-reach');
  return endBinding(which, viewer.ledgerName, desk.stations);
}

/** Who asks, and in which agency: the named one within reach, else the first. @throws TrucError `agency.unknown` */
async function actOf(request: Request, response: Response, desk: ConsoleDesk): Promise<Act> {
  const { viewer } = around(request, response);
  const fields = fieldsOf(request.body);
  const asked = fields.agency ?? request.query.agency;
  const code = typeof asked === 'string' && asked !== '' ? asked.trim().slice(0, 100) : null;
  const { agencies, clock } = desk.stations;
  const first =
    viewer.reach === null
      ? (await agencies.list({ limit: 1 })).agencies[0]
      : await agencies.get(viewer.reach[0] ?? '');
  const agency = code === null ? first : await agencies.resolve(code, clock.now());
  if (!agency || (viewer.reach !== null && !viewer.reach.includes(agency.id)))
    throw new TrucError('agency.unknown', { code: code ?? '' });
  return { request, response, viewer, agency, fields, desk };
}

async function viewOf({ viewer, agency, desk }: Act): Promise<PeopleView> {
  const { stations: x } = desk;
  const own = viewer.reach === null ? [] : await Promise.all(viewer.reach.map((id) => x.agencies.get(id)));
  return {
    ...{ viewer, agency, now: x.clock.now(), notices: [], issuer: desk.issuer ?? '' },
    agencies: own.filter((one): one is Agency => one !== null),
    people: await x.persons.list({ agencyId: agency.id, limit: MOST_PEOPLE }),
    bindings: await x.bindings.ofAgency(agency.id, MOST_BINDINGS),
  };
}

/** @throws TrucError `agency.person-unknown` also for somebody out of reach */
async function personIn({ request, viewer, desk }: Act): Promise<Person> {
  const personId = String(request.params.id);
  const person = ID.test(personId) ? await desk.stations.persons.get(personId) : null;
  if (!person || !isShown(person, viewer)) throw new TrucError('agency.person-unknown', { personId });
  return person;
}

function roleIn({ role }: Act['fields']): Role {
  const found = ROLES.find((one) => one === role);
  if (!found) throw new TrucError('api.invalid-request');
  return found;
}

function grantIn({ agency, fields, desk }: Act) {
  const title = (fields.title ?? '').trim();
  if (title.length > 200) throw new TrucError('api.invalid-request');
  return {
    role: roleIn(fields),
    agencyId: agency.id,
    title: title === '' ? null : title,
    validFrom: startOf(fields.from) ?? isoTime(desk.stations.clock.now()),
    validTo: endOf(fields.to),
  };
}

function subjectIn({ sub = '', issuer = '' }: Act['fields']) {
  if (sub.trim() === '') return null;
  if (sub.length > 255 || issuer.length > 500 || !URL.canParse(issuer.trim()))
    throw new TrucError('api.invalid-request');
  return { issuer: issuer.trim(), sub: sub.trim() };
}

/** 00:00 in Vietnam of a form's day; null for an empty field. @throws TrucError `api.invalid-request` */
function startOf(day = ''): string | null {
  if (day === '') return null;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? parseVietnamTime(day.replaceAll('-', '/')) : null;
  if (time === null) throw new TrucError('api.invalid-request');
  return isoTime(time);
}

/** The end of a form's day, which is the beginning of the next one. */
function endOf(day?: string): string | null {
  const start = startOf(day);
  return start === null ? null : isoTime(Date.parse(start) + DAY_MS);
}
