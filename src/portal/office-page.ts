import type { Request, Response } from 'express';
import { type PersonCaller, personOf, preferencesOf, sendPage } from '../api/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Language, WORK_WORDS } from '../messages/index.ts';
import { badge, html } from '../rendering/index.ts';
import { WORK_ROLES } from '../workflow/index.ts';
import { text } from './fields.ts';
import { chooseOffice, chosenOffice, frameOf, type OfficeOptions, officesOf, visitOf } from './office.ts';

/** GET /work/offices: in which of several agencies somebody works now. */
export async function officesPage(
  request: Request,
  response: Response,
  options: OfficeOptions,
): Promise<void> {
  const caller = personOf(response);
  const { lang } = preferencesOf(request, response);
  const visit = await visitOf(request, response, options);
  const now = chosenOffice(request, caller, options);
  const { agencies } = options.desk;
  const lines = await Promise.all(
    officesOf(caller).map(async (id) => {
      const name = (await agencies.get(id))?.name ?? id;
      const here = now === id;
      return html`<section class="card"><header><h2>${name}</h2>${here && badge('good', WORK_WORDS.officeNow[lang])}</header>
<p class="quiet">${rolesIn(caller, id, lang)}</p>
<form method="post" action="/work/offices"><input type="hidden" name="csrf" value="${caller.csrf}"><input type="hidden" name="agency" value="${id}">
<button class="button ${here ? '' : 'main'}" type="submit">${WORK_WORDS.workHere[lang]}</button></form></section>`;
    }),
  );
  const signOut = { action: '/logout', csrf: caller.csrf };
  const known = { nav: [], person: { name: caller.person.name, role: '', signOut } };
  const frame = { ...frameOf(request, response, visit), ...(visit === null ? known : {}) };
  sendPage(request, response, frame, {
    title: WORK_WORDS.office[lang],
    lead: WORK_WORDS.officeLead[lang],
    body: html`<div class="stack">${lines}</div>`,
  });
}

function rolesIn({ roles }: PersonCaller, where: string, lang: Language): string {
  const names = roles.flatMap(({ role, agencyId, title }) => {
    const known = WORK_ROLES.find((one) => one === role);
    return known && agencyId === where ? [title ?? WORK_WORDS[known][lang]] : [];
  });
  return [...new Set(names)].join(', ');
}

/** POST /work/offices. @throws TrucError `api.role-missing` for an agency in which they have no role */
export function goToOffice(request: Request, response: Response, options: OfficeOptions): void {
  const caller = personOf(response);
  const agencyId = text(request, 'agency', 40);
  if (!officesOf(caller).includes(agencyId))
    throw new TrucError('api.role-missing', { roles: [...WORK_ROLES] });
  chooseOffice(response, caller, agencyId, options);
  response.redirect(303, '/work');
}
