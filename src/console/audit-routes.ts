import type { Router } from 'express';
import { ACT_TYPES } from '../document/index.ts';
import { SETTING_WORDS as S, CONSOLE_WORDS as W } from '../messages/index.ts';
import { bounded, dataTable, html } from '../rendering/index.ts';
import { demandWhole } from './acts.ts';
import { auditPage } from './audit-page.ts';
import { answer, around, type ConsoleDesk } from './desk.ts';

const PAGE = 50;
const MOST_PEOPLE = 2_000;

/** /console/audit and /console/settings: for those who see the whole axis. */
export function auditRoutes(router: Router, desk: ConsoleDesk): void {
  const { stations: x, settings } = desk;

  router.get('/console/audit', async (request, response) => {
    const { viewer, lang } = around(request, response);
    demandWhole(viewer);
    const type = ACT_TYPES.find((one) => one === request.query.type) ?? null;
    const asked = Number(request.query.before ?? Number.NaN);
    const before = Number.isSafeInteger(asked) && asked > 0 ? asked : null;
    const query = { types: type ? [type] : ACT_TYPES, limit: PAGE + 1, ...(before ? { before } : {}) };
    const [acts, persons] = await Promise.all([x.events.acts(query), x.persons.list({ limit: MOST_PEOPLE })]);
    const people = new Map(persons.map((one) => [one.ledgerDoc, one.name]));
    const view = { acts: acts.slice(0, PAGE), type, before, more: acts.length > PAGE, people };
    answer(request, response, 'audit', auditPage(view, lang));
  });

  router.get('/console/settings', (request, response) => {
    const { viewer, lang } = around(request, response);
    demandWhole(viewer);
    const columns = [{ title: S.name[lang] }, { title: S.value[lang] }];
    const rows = settings.map(([name, value]) => [
      html`<code>${name}</code>`,
      value === ''
        ? html`<span class="quiet">${S.unset[lang]}</span>`
        : html`<code>${bounded(value, 500)}</code>`,
    ]);
    const page = {
      title: W.settings[lang],
      lead: S.lead[lang],
      crumbs: [{ text: W.overview[lang], href: '/console' }],
      body: html`<section class="card flush"><h2 class="unseen">${W.settings[lang]}</h2>${dataTable(W.settings[lang], columns, rows)}</section>`,
    };
    answer(request, response, 'settings', page);
  });
}
