import type { Request, Response } from 'express';
import type { TrucError } from '../kernel/index.ts';
import { type Language, LOGIN_WORDS, PAGE_WORDS } from '../messages/index.ts';
import { card, field, type HtmlValue, html, local, notice } from '../rendering/index.ts';
import { sendPage } from './pages.ts';
import { preferencesOf } from './preferences.ts';
import { problemOf } from './problem.ts';

interface LoginView {
  /** Path of ours where the person wanted to go. */
  next: string;
  /** Whether an identity provider is there too. */
  provider: boolean;
  /** Whether people of the demo are. */
  demo: boolean;
  /** Whether a certificate is a way in. */
  certificate: boolean;
  /** What was typed and is wrong; null at first. */
  wrong: { username: string } | null;
}

/** The ways to log in, where there is another than the provider's. */
export function sendLogin(
  request: Request,
  response: Response,
  { next, provider, demo, certificate, wrong }: LoginView,
): void {
  const { lang } = preferencesOf(request, response);
  const say = (word: keyof typeof LOGIN_WORDS) => LOGIN_WORDS[word][lang];
  const onward = `/login/provider?next=${encodeURIComponent(next)}`;
  const form = html`<p class="quiet">${say('hint')}</p>
<form class="form" method="post" action="/login/demo">
<input type="hidden" name="next" value="${next}">
${field({ name: 'username', label: say('username'), value: wrong?.username ?? '', required: true, autocomplete: 'username' })}
${field({ name: 'password', label: say('password'), type: 'password', required: true, autocomplete: 'current-password' })}
<p><button class="button main" type="submit">${say('title')}</button></p>
</form>`;
  const problem = problemOf('api.login-wrong', {}, lang);
  send(request, response, wrong === null ? 200 : 401, {
    title: say('title'),
    body: html`${wrong !== null && notice('bad', problem.title)}
${provider && html`<p><a class="button main" href="${local(onward)}">${say('provider')}</a></p>`}
${certificate && html`<p><a class="button main" href="${local(`/login/by-certificate?next=${encodeURIComponent(next)}`)}">${say('certificate')}</a></p><p class="quiet">${say('certificateHint')}</p>`}
${demo && card(say('demo'), form)}`,
  });
}

/** What whoever logged out sees. */
export function sendLoggedOut(request: Request, response: Response): void {
  const { lang } = preferencesOf(request, response);
  send(request, response, 200, {
    title: LOGIN_WORDS.out[lang],
    body: way(LOGIN_WORDS.outDetail[lang], [], lang),
  });
}

/** A problem as a page of one notice. @param lines what the reader may copy */
export function sendNotice(
  request: Request,
  response: Response,
  error: TrucError,
  lines: readonly string[] = [],
): void {
  const { lang } = preferencesOf(request, response);
  const problem = problemOf(error.code as Parameters<typeof problemOf>[0], error.facts, lang);
  send(request, response, problem.status, { title: problem.title, body: way(problem.detail, lines, lang) });
}

function way(text: string, lines: readonly string[], lang: Language): HtmlValue {
  return html`<section class="card"><p>${text}</p>
${lines.length > 0 && html`<p>${lines.map((line) => html`<code>${line}</code><br>`)}</p>`}
<p><a class="button main" href="/login">${LOGIN_WORDS.again[lang]}</a></p></section>`;
}

function send(
  request: Request,
  response: Response,
  status: number,
  { title, body }: { title: string; body: HtmlValue },
): void {
  const { lang } = preferencesOf(request, response);
  const area = { name: PAGE_WORDS.product[lang], href: '/login' };
  sendPage(request, response, { area }, { title, body: html`${body}`, narrow: true }, status);
}
