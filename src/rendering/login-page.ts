import type { Bilingual, Language } from '../messages/index.ts';
import { html } from './html.ts';
import { formPage } from './page.ts';

const WORDS = {
  title: { vi: 'Đăng nhập Trục liên thông văn bản', en: 'Log in to the document exchange axis' },
  provider: { vi: 'Đăng nhập bằng tài khoản công vụ', en: 'Log in with your official account' },
  demo: { vi: 'Người dùng của bản trình diễn', en: 'People of the demo' },
  hint: {
    vi: 'Tên và mật khẩu nằm trong tệp demo/credentials.json của thư mục dữ liệu.',
    en: 'Names and passwords are in demo/credentials.json of the data folder.',
  },
  username: { vi: 'Tên đăng nhập', en: 'User name' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  submit: { vi: 'Đăng nhập', en: 'Log in' },
  wrong: { vi: 'Sai tên đăng nhập hoặc mật khẩu.', en: 'Wrong user name or password.' },
  out: { vi: 'Bạn đã đăng xuất', en: 'You are logged out' },
  outDetail: {
    vi: 'Hãy đóng trình duyệt nếu bạn dùng chung máy.',
    en: 'Close the browser if you share this computer.',
  },
  again: { vi: 'Đăng nhập lại', en: 'Log in again' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** The page on which people of the demo, and people of a provider beside them, log in. */
export function loginPage(view: { lang: Language; next: string; provider: boolean; wrong: boolean }): string {
  const { lang, next, provider, wrong } = view;
  const say = (word: keyof typeof WORDS) => WORDS[word][lang];
  const body = html`<main class="narrow">
<h1>${say('title')}</h1>
${provider && html`<p><a class="button" href="/login/provider?next=${encodeURIComponent(next)}">${say('provider')}</a></p>`}
<h2>${say('demo')}</h2>
<p class="quiet">${say('hint')}</p>
${wrong && html`<p class="box bad" role="alert">${say('wrong')}</p>`}
<form method="post" action="/login/demo">
<input type="hidden" name="next" value="${next}">
<p><label for="username">${say('username')}</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required></p>
<p><label for="password">${say('password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button type="submit">${say('submit')}</button></p>
</form>
</main>`;
  return formPage({ lang, title: say('title'), body });
}

/** What whoever logged out sees. */
export function loggedOutPage({ lang }: { lang: Language }): string {
  const { out, outDetail, again } = WORDS;
  return noticePage({ lang, title: out[lang], detail: outDetail[lang], lines: [], button: again[lang] });
}

/** One notice, with lines that the reader may copy, and one way on. */
export function noticePage(view: {
  lang: Language;
  title: string;
  detail: string;
  lines: readonly string[];
  button?: string;
}): string {
  const { lang, title, detail, lines, button = WORDS.again[lang] } = view;
  const body = html`<main class="narrow">
<h1>${title}</h1>
<p>${detail}</p>
${lines.length > 0 && html`<ul class="plain">${lines.map((line) => html`<li>${line}</li>`)}</ul>`}
<p><a class="button" href="/login">${button}</a></p>
</main>`;
  return formPage({ lang, title, body });
}
