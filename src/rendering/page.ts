import { sha256Hex } from '../kernel/index.ts';
import type { Language } from '../messages/index.ts';
import { type Html, html, htmlText } from './html.ts';
import { FORM_STYLESHEET, STYLESHEET } from './stylesheet.ts';

/** What a page may do: nothing runs, nothing is fetched, one style sheet by its hash, and forms go to us or nowhere. */
function directives(style: string, forms: "'none'" | "'self'"): string[] {
  const hash = Buffer.from(sha256Hex(style), 'hex').toString('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    'img-src data:',
    "base-uri 'none'",
    `form-action ${forms}`,
  ];
}

const DIRECTIVES = directives(STYLESHEET, "'none'");
const FORM_DIRECTIVES = directives(FORM_STYLESHEET, "'self'");

/** Content-Security-Policy of every page of {@link page}: nothing runs, nothing is fetched, one style sheet by its hash. */
export const PAGE_POLICY = [...DIRECTIVES, "frame-ancestors 'none'", 'sandbox'].join('; ');

/** A whole page that stands alone: it carries its policy with it, so that a file opened from a disk has it too. */
export function page(options: PageOptions): string {
  return wholePage(options, STYLESHEET, DIRECTIVES);
}

/** Content-Security-Policy of the pages of {@link formPage}. */
export const FORM_PAGE_POLICY = [...FORM_DIRECTIVES, "frame-ancestors 'none'"].join('; ');

/** A whole page with a form that comes back to us. */
export function formPage(options: PageOptions): string {
  return wholePage(options, FORM_STYLESHEET, FORM_DIRECTIVES);
}

interface PageOptions {
  lang: Language;
  title: string;
  body: Html;
}

function wholePage({ lang, title, body }: PageOptions, style: string, allowed: readonly string[]): string {
  // What only a header may say is left out (CSP Level 3, §3.3).
  const policy = allowed.join('; ');
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>`;
  return `<!doctype html>
<html lang="${lang}">
<head>
${htmlText(head)}
<style>${style}</style>
</head>
<body>
${htmlText(body)}
</body>
</html>
`;
}
