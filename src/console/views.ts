import type { Router } from 'express';
import { z } from 'zod';
import type { SavedView } from '../agency/index.ts';
import { isoTime } from '../kernel/index.ts';
import { type Language, VIEW_WORDS as V } from '../messages/index.ts';
import { bounded, type Html, html, local } from '../rendering/index.ts';
import { fieldsOf } from './acts.ts';
import { around, type ConsoleDesk } from './desk.ts';
import { type LogView, readView, viewPath } from './log-query.ts';
import type { Viewer } from './viewer.ts';

const PATH = '/console/messages';
const Name = z.string().trim().normalize('NFC').min(1).max(60);

/** What stands in the address about saving. */
export const VIEW_NOTES = ['saved', 'full', 'nameless'] as const;

/** /console/views: saved views of the log, each person's own. */
export function viewRoutes(router: Router, { views, stations }: ConsoleDesk): void {
  router.post('/console/views', async (request, response) => {
    const { viewer } = around(request, response);
    const { name: given, address = '' } = fieldsOf(request.body);
    const view = viewOf(address);
    const name = Name.safeParse(given);
    const back = (note: string) => {
      const path = viewPath(PATH, view);
      response.redirect(303, `${path}${path.includes('?') ? '&' : '?'}view=${note}`);
    };
    if (!name.success) return back('nameless');
    const query = viewPath('', view).replace(/^\?/, '');
    const saved = { personId: viewer.personId, name: name.data, address: query };
    const kept = await views.put({ ...saved, savedAt: isoTime(stations.clock.now()) });
    back(kept ? 'saved' : 'full');
  });

  router.post('/console/views/remove', async (request, response) => {
    const { viewer } = around(request, response);
    const { name = '', address = '' } = fieldsOf(request.body);
    await views.remove(viewer.personId, name);
    response.redirect(303, viewPath(PATH, viewOf(address)));
  });
}

/** A view as its address says; what is not understood is left out, and so is the place in the pages. */
function viewOf(address: string): LogView {
  const { view } = readView(Object.fromEntries(new URLSearchParams(address.slice(0, 4_000))));
  const { after: _, ...rest } = view;
  return rest;
}

/** Saved views as chips, and the form that saves the one on screen. */
export function savedViews(
  saved: readonly SavedView[],
  view: LogView,
  viewer: Viewer,
  lang: Language,
): Html | null {
  const address = viewPath('', view, { after: undefined }).replace(/^\?/, '');
  if (saved.length === 0 && address === '') return null;
  const hidden = html`<input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="address" value="${address}">`;
  return html`<div class="chips no-print">${saved.length > 0 && html`<span class="quiet">${V.saved[lang]}</span>`}${saved.map(
    (one) =>
      html`<span class="row"><a class="${one.address === address ? 'chip set' : 'chip'}" href="${local(one.address === '' ? PATH : `${PATH}?${one.address}`)}">${bounded(one.name, 60)}</a>${
        one.address === address &&
        html`<form method="post" action="/console/views/remove">${hidden}<input type="hidden" name="name" value="${one.name}"><button class="button slim" type="submit">${V.remove[lang]}<span class="unseen"> ${bounded(one.name, 60)}</span></button></form>`
      }</span>`,
  )}${
    address !== '' &&
    !saved.some((one) => one.address === address) &&
    html`<details class="more"><summary>${V.save[lang]}</summary><form class="row" method="post" action="/console/views">${hidden}<label class="unseen" for="view-name">${V.name[lang]}</label><input id="view-name" name="name" type="text" maxlength="60" required placeholder="${V.name[lang]}" autocomplete="off"><button class="button slim" type="submit">${V.button[lang]}</button></form></details>`
  }</div>`;
}
