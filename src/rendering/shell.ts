import { ImpossibleError } from '../kernel/index.ts';
import { type Language, PAGE_WORDS } from '../messages/index.ts';
import { type Html, html, htmlText, local } from './html.ts';
import { ICONS, type IconName, MARK } from './icons.ts';

/** How the reader wants the pages: `auto` follows the machine. */
export type Scheme = 'auto' | 'light' | 'dark';

export interface Preferences {
  lang: Language;
  scheme: Scheme;
}

export interface NavItem {
  text: string;
  /** Path on this origin. */
  href: string;
  icon: IconName;
  current: boolean;
  /** Shown beside the text where it is not null. */
  tally?: number | null;
}

export interface Person {
  name: string;
  /** What the person is here, in the reader's language: role and agency. */
  role: string;
  signOut: { action: string; csrf: string } | null;
}

/** Addresses of style sheets and scripts on this origin; their names carry their digests. */
export interface Assets {
  styles: readonly string[];
  scripts: readonly string[];
}

export interface ShellOptions extends Preferences {
  title: string;
  /** One sentence under the title. */
  lead?: string | Html;
  /** Which part of the axis this is, with its first page. */
  area: { name: string; href: string };
  /** Path and query of this page: language and appearance switch to the same view. */
  path: string;
  assets: Assets;
  nav?: readonly NavItem[];
  /** From the outermost; the page itself is not among them. */
  crumbs?: readonly { text: string; href: string }[];
  person?: Person | null;
  /** Beside the title. */
  actions?: Html;
  notices?: readonly Html[];
  body: Html;
  /** One column for a form or a message. */
  narrow?: boolean;
}

/**
 * Content-Security-Policy of every page of {@link shellPage}: style, script, fonts and data of this origin alone, nothing
 * inline, no markup from strings (Trusted Types without a policy).
 */
export const SHELL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A whole page of the axis, for people: header, navigation, breadcrumb, title, notices and the body. */
export function shellPage(options: ShellOptions): string {
  const { lang, scheme, title, assets, nav = [] } = options;
  const head = html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title} – ${options.area.name}</title>
${assets.styles.map((one) => html`<link rel="stylesheet" href="${local(one)}">`)}`;
  const body = html`<a class="skip" href="#main">${PAGE_WORDS.skip[lang]}</a>
${top(options)}
<div class="${nav.length > 0 ? 'frame with-side' : 'frame'}">
${nav.length > 0 && side(nav, lang)}
<main id="main" tabindex="-1" class="${options.narrow ? 'narrow' : 'wide'}">
${crumbs(options)}
<div class="page-head"><div><h1>${title}</h1>${options.lead !== undefined && html`<p class="lead">${options.lead}</p>`}</div>${options.actions ?? null}</div>
${options.notices ?? []}
${options.body}
</main>
</div>
${foot(options)}`;
  return `<!doctype html>
<html lang="${lang}" data-scheme="${scheme}">
<head>
${htmlText(head)}
${assets.scripts.map(scriptTag).join('\n')}
</head>
<body>
${htmlText(body)}
</body>
</html>
`;
}

/** The `html` tag makes no scripts at all. @throws ImpossibleError for anything but the name of a file of ours */
function scriptTag(path: string): string {
  if (!/^\/[\w-]+(\/[\w.-]+)+$/.test(path)) throw new ImpossibleError('an address that is not ours');
  return `<script type="module" src="${path}"></script>`;
}

function top(options: ShellOptions): Html {
  const { lang, area, path } = options;
  const to = (value: Language) => local(withQuery(path, 'lang', value));
  return html`<header class="top">
<a class="brand" href="${local(area.href)}">${MARK}<span>Trục</span><span class="area">${area.name}</span></a>
<span class="space"></span>
<nav class="langs" aria-label="${PAGE_WORDS.language[lang]}">
<a href="${to('vi')}" lang="vi" hreflang="vi" aria-current="${String(lang === 'vi')}"><span aria-hidden="true">VI</span><span class="unseen">Tiếng Việt</span></a>
<a href="${to('en')}" lang="en" hreflang="en" aria-current="${String(lang === 'en')}"><span aria-hidden="true">EN</span><span class="unseen">English</span></a>
</nav>
${options.person ? personMenu(options.person, lang) : null}
</header>`;
}

function personMenu({ name, role, signOut }: Person, lang: Language): Html {
  const words = name.match(/\p{L}+/gu) ?? [];
  const initials = [words.at(-2), words.at(-1)].map((word) => [...(word ?? '')][0] ?? '').join('');
  return html`<details class="person">
<summary><span class="initials" aria-hidden="true">${initials.toUpperCase()}</span><span class="name"><span class="unseen">${PAGE_WORDS.account[lang]}: </span>${name}</span></summary>
<div class="sheet"><div><strong>${name}</strong><br><span class="quiet small">${role}</span></div>
${
  signOut !== null &&
  html`<form method="post" action="${local(signOut.action)}"><input type="hidden" name="csrf" value="${signOut.csrf}"><button class="button slim" type="submit">${PAGE_WORDS.signOut[lang]}</button></form>`
}</div>
</details>`;
}

function side(nav: readonly NavItem[], lang: Language): Html {
  return html`<nav class="side" aria-label="${PAGE_WORDS.navigation[lang]}"><ul>
${nav.map(
  ({ text, href, icon, current, tally = null }) =>
    html`<li><a href="${local(href)}" aria-current="${current ? 'page' : 'false'}">${ICONS[icon]}<span>${text}</span>${tally !== null && tally > 0 && html`<span class="tally">${tally}</span>`}</a></li>`,
)}
</ul></nav>`;
}

function crumbs({ crumbs: list = [], lang, title }: ShellOptions): Html | null {
  if (list.length === 0) return null;
  return html`<nav class="crumbs" aria-label="${PAGE_WORDS.crumbs[lang]}"><ol>
${list.map(({ text, href }) => html`<li><a href="${local(href)}">${text}</a></li>`)}
<li aria-current="page">${title}</li>
</ol></nav>`;
}

function foot({ lang, scheme, path }: ShellOptions): Html {
  const choice = (value: Scheme) =>
    html`<a href="${local(withQuery(path, 'scheme', value))}" aria-current="${String(scheme === value)}">${PAGE_WORDS[value][lang]}</a>`;
  return html`<footer class="foot"><span>${PAGE_WORDS.product[lang]} · ${PAGE_WORDS.zone[lang]}</span>
<nav aria-label="${PAGE_WORDS.scheme[lang]}"><span>${PAGE_WORDS.scheme[lang]}:</span>${choice('auto')}${choice('light')}${choice('dark')}</nav></footer>`;
}

/** The same address with one value of its query set. */
export function withQuery(path: string, name: string, value: string): string {
  const [before = '', query = ''] = path.split('?', 2);
  const values = new URLSearchParams(query);
  values.set(name, value);
  return `${before}?${values}`;
}
