import {
  type Agency,
  type CertificateBinding,
  grantsAt,
  type Person,
  type RoleGrant,
} from '../agency/index.ts';
import type { PageContent } from '../api/index.ts';
import { type Language, PEOPLE_WORDS as P, ROLE_WORDS, CONSOLE_WORDS as W } from '../messages/index.ts';
import {
  badge,
  card,
  dataTable,
  emptyState,
  facts,
  field,
  type Html,
  html,
  local,
  selectField,
} from '../rendering/index.ts';
import { mayChangeLogin, rolesToGive } from './people-reach.ts';
import type { Viewer } from './viewer.ts';

export interface PeopleView {
  viewer: Viewer;
  agency: Agency;
  /** Agencies that the viewer can go to, where they are few. */
  agencies: readonly Agency[];
  people: readonly Person[];
  bindings: readonly CertificateBinding[];
  now: number;
  notices: readonly Html[];
  /** Issuer of the identity provider that is configured; empty where there is none. */
  issuer: string;
}

const PATH = '/console/people';

/** Everybody who has or had a role in an agency, and its own certificates. */
export function peoplePage(view: PeopleView, lang: Language): PageContent {
  const { viewer, agency, people, bindings, now, notices } = view;
  const rows = people.map((person) => [
    html`<a class="title" href="${local(pathOf(person, agency))}">${person.name}</a>`,
    rolesText(person, agency, now, lang),
    person.subject === null
      ? badge('open', P.noLogin[lang])
      : html`<code>${person.subject.sub.slice(0, 60)}</code>`,
    person.lockedSince === null ? badge('good', P.active[lang]) : badge('bad', P.locked[lang]),
  ]);
  const columns = [P.name, P.roles, P.login, P.state].map((title) => ({ title: title[lang] }));
  const table =
    rows.length === 0
      ? emptyState(P.nobody[lang], P.nobodyHint[lang])
      : dataTable(P.people[lang], columns, rows);
  const seals = bindings.filter(({ kind }) => kind === 'agency');
  const mayChange = viewer.mayAct || viewer.reach !== null;
  return {
    title: P.people[lang],
    lead: agency.name,
    crumbs: [{ text: W.overview[lang], href: '/console' }],
    notices: [...notices],
    body: html`<p class="quiet">${P.lead[lang]}</p>${chooser(view, lang)}<div class="stack"><section class="card flush"><h2 class="unseen">${P.people[lang]}</h2>${table}</section>
${mayChange && card(P.add[lang], addForm(view, lang))}
${card(P.agencyCertificates[lang], html`${bindingTable(seals, `${PATH}/certificates`, view, lang)}${mayChange && bindForm(`${PATH}/certificates`, view, null, lang)}`)}</div>`,
  };
}

function chooser({ agencies, agency, viewer }: PeopleView, lang: Language): Html | null {
  if (agencies.length < 2 && viewer.reach !== null) return null;
  return html`<form class="row" method="get" action="/console/people"><div class="field"><label for="agency">${P.choose[lang]}</label><input id="agency" name="agency" value="${agency.code}" list="agencies" autocomplete="off"><datalist id="agencies">${agencies.map(({ code, name }) => html`<option value="${code}">${name}</option>`)}</datalist></div><button class="button" type="submit">${P.show[lang]}</button></form>`;
}

function rolesText(person: Person, agency: Agency, now: number, lang: Language): Html {
  const held = grantsAt(person, now).filter(({ agencyId }) => agencyId === agency.id);
  return held.length === 0
    ? html`<span class="quiet">${P.ended[lang]}</span>`
    : html`${held.map(({ role, title }) => html`<div>${ROLE_WORDS[role][lang]}${title !== null && html` <span class="quiet">– ${title}</span>`}</div>`)}`;
}

function addForm({ viewer, agency, issuer }: PeopleView, lang: Language): Html {
  return html`<form class="form" method="post" action="/console/people">${hidden(viewer, agency)}
${field({ name: 'name', label: P.name[lang] })}
${roleFields(viewer, lang)}
${field({ name: 'sub', label: P.login[lang], hint: P.loginHint[lang] })}
${field({ name: 'issuer', label: P.issuer[lang], value: issuer })}
${field({ name: 'personId', label: P.personId[lang], hint: P.addHint[lang] })}
<div><button class="button main" type="submit">${P.add[lang]}</button></div></form>`;
}

function roleFields(viewer: Viewer, lang: Language): Html {
  const choices = rolesToGive(viewer).map((role) => [role, ROLE_WORDS[role][lang]] as const);
  return html`${selectField('role', P.role[lang], 'specialist', choices)}
${field({ name: 'title', label: P.title[lang], hint: P.titleHint[lang] })}
<div class="pair">${field({ name: 'from', label: P.from[lang], type: 'date' })}${field({ name: 'to', label: P.to[lang], type: 'date', hint: P.toHint[lang] })}</div>`;
}

export interface PersonView extends PeopleView {
  person: Person;
}

/** One person in one agency: login, posts with their times, certificates. */
export function personPage(view: PersonView, lang: Language): PageContent {
  const { viewer, agency, person, bindings, now, notices, issuer } = view;
  const path = `${PATH}/${person.personId}`;
  const own = person.personId === viewer.personId;
  const mayChange = (viewer.mayAct || viewer.reach !== null) && !own;
  const theirs = bindings.filter(({ personId }) => personId === person.personId);
  const grants = person.grants.filter(({ agencyId }) => agencyId === agency.id);
  const locked = person.lockedSince !== null;
  const act = locked ? 'unlock' : 'lock';
  const login = mayChangeLogin(person, viewer)
    ? html`<details class="more"><summary>${P.saveLogin[lang]}</summary><form class="form" method="post" action="${local(`${path}/identify`)}">${hidden(viewer, agency)}
${field({ name: 'sub', label: P.login[lang], value: person.subject?.sub ?? '', hint: P.loginHint[lang] })}
${field({ name: 'issuer', label: P.issuer[lang], value: person.subject?.issuer ?? issuer })}
<div><button class="button" type="submit">${P.saveLogin[lang]}</button></div></form></details>
<form class="form" method="post" action="${local(`${path}/${act}`)}">${hidden(viewer, agency)}${!locked && html`<p class="quiet small">${P.lockHint[lang]}</p>`}<div><button class="button ${locked ? '' : 'danger'}" type="submit">${P[act][lang]}</button></div></form>`
    : (viewer.mayAct || viewer.reach !== null) && html`<p class="quiet small">${P.outOfReach[lang]}</p>`;
  return {
    title: person.name,
    lead: agency.name,
    crumbs: [
      { text: W.overview[lang], href: '/console' },
      { text: P.people[lang], href: `${PATH}?agency=${agency.code}` },
    ],
    notices: [...notices],
    body: html`<div class="stack">
${card(
  P.login[lang],
  html`${facts([
    [
      P.login[lang],
      person.subject &&
        html`<code>${person.subject.sub}</code><span class="under">${person.subject.issuer}</span>`,
    ],
    [P.personId[lang], html`<code>${person.personId}</code>`],
  ])}${login}`,
  { side: locked ? badge('bad', P.locked[lang]) : badge('good', P.active[lang]) },
)}
${card(P.roles[lang], html`${grantTable(grants, path, mayChange, view, now, lang)}${mayChange && html`<details class="more"><summary>${P.giveRole[lang]}</summary><form class="form" method="post" action="${local(`${path}/role`)}">${hidden(viewer, agency)}${roleFields(viewer, lang)}<div><button class="button main" type="submit">${P.giveRole[lang]}</button></div></form></details>`}`)}
${card(P.certificates[lang], html`${bindingTable(theirs, `${path}/certificates`, view, lang)}${mayChange && bindForm(`${path}/certificates`, view, person, lang)}`)}</div>`,
  };
}

function grantTable(
  grants: readonly RoleGrant[],
  path: string,
  mayChange: boolean,
  { viewer, agency }: PeopleView,
  now: number,
  lang: Language,
): Html {
  const columns = [P.role, P.title, P.from, P.to, P.state].map((title) => ({ title: title[lang] }));
  const rows = grants.toReversed().map(({ role, title, validFrom, validTo }) => {
    const open = validTo === null || Date.parse(validTo) > now;
    const end = html`<form method="post" action="${local(`${path}/end-role`)}">${hidden(viewer, agency)}<input type="hidden" name="role" value="${role}"><button class="button slim" type="submit">${P.endRole[lang]}</button></form>`;
    return [
      ROLE_WORDS[role][lang],
      title ?? '',
      dayText(validFrom),
      validTo === null ? '–' : lastDay(validTo),
      html`<div class="row">${period(validFrom, validTo, now, lang)}${open && mayChange && rolesToGive(viewer).includes(role) && end}</div>`,
    ];
  });
  return rows.length === 0 ? emptyState(P.ended[lang], '') : dataTable(P.roles[lang], columns, rows);
}

function bindingTable(
  bindings: readonly CertificateBinding[],
  path: string,
  view: PeopleView,
  lang: Language,
): Html {
  const { viewer, agency, now } = view;
  if (bindings.length === 0) return html`<p class="quiet">${P.noCertificate[lang]}</p>`;
  const columns = [P.digest, P.title, P.from, P.to, P.state].map((title) => ({ title: title[lang] }));
  const rows = bindings.map(({ certificateSha256, title, validFrom, validTo }) => {
    const open = validTo === null || Date.parse(validTo) > now;
    const end = html`<form method="post" action="${local(`${path}/end`)}">${hidden(viewer, agency)}<input type="hidden" name="sha256" value="${certificateSha256}"><input type="hidden" name="validFrom" value="${validFrom}"><button class="button slim" type="submit">${P.unbind[lang]}</button></form>`;
    return [
      html`<code title="${certificateSha256}">${certificateSha256.slice(0, 16)}…</code>`,
      title ?? '',
      dayText(validFrom),
      validTo === null ? '–' : lastDay(validTo),
      html`<div class="row">${period(validFrom, validTo, now, lang)}${open && (viewer.mayAct || viewer.reach !== null) && end}</div>`,
    ];
  });
  return dataTable(P.certificates[lang], columns, rows);
}

function bindForm(
  path: string,
  { viewer, agency, now }: PeopleView,
  person: Person | null,
  lang: Language,
): Html {
  const title = person
    ? (grantsAt(person, now).find(({ agencyId }) => agencyId === agency.id)?.title ?? '')
    : '';
  return html`<details class="more"><summary>${P.bind[lang]}</summary><form class="form" method="post" enctype="multipart/form-data" action="${local(path)}">${hidden(viewer, agency)}
<div class="field"><label for="certificate">${P.certificate[lang]}</label><input id="certificate" name="certificate" type="file" accept=".pem,.crt,.cer,.der" required></div>
${person !== null && field({ name: 'certTitle', label: P.title[lang], value: title, hint: P.titleHint[lang], required: true })}
<div class="pair">${field({ name: 'certFrom', label: P.from[lang], type: 'date' })}${field({ name: 'certTo', label: P.to[lang], type: 'date', hint: P.toHint[lang] })}</div>
<div><button class="button" type="submit">${P.bind[lang]}</button></div></form></details>`;
}

function hidden({ csrf }: Viewer, { code }: Agency): Html {
  return html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="agency" value="${code}">`;
}

function period(from: string, to: string | null, now: number, lang: Language): Html {
  if (to !== null && Date.parse(to) <= now) return badge('none', P.ended[lang]);
  return Date.parse(from) > now ? badge('open', P.later[lang]) : badge('good', P.inForce[lang]);
}

function pathOf({ personId }: Person, { code }: Agency): string {
  return `${PATH}/${personId}?agency=${encodeURIComponent(code)}`;
}

const VIETNAM_MS = 7 * 3_600_000;

function dayText(iso: string): string {
  return new Date(Date.parse(iso) + VIETNAM_MS).toISOString().slice(0, 10).split('-').reverse().join('/');
}

/** Ends are exclusive; people read the last day. */
function lastDay(iso: string): string {
  return dayText(new Date(Date.parse(iso) - 1).toISOString());
}
