import { sha256Hex } from '../kernel/index.ts';
import type { Language } from '../messages/index.ts';
import { type Html, html, htmlText } from './html.ts';
import { STYLESHEET } from './stylesheet.ts';

const STYLE_HASH = Buffer.from(sha256Hex(STYLESHEET), 'hex').toString('base64');

const DIRECTIVES = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
];

/** Content-Security-Policy of every page of {@link page}: nothing runs, nothing is fetched, one style sheet by its hash. */
export const PAGE_POLICY = [...DIRECTIVES, "frame-ancestors 'none'", 'sandbox'].join('; ');

/** A whole page that stands alone: it carries its policy with it, so that a file opened from a disk has it too. */
export function page(options: { lang: Language; title: string; body: Html }): string {
  const { lang, title, body } = options;
  // What only a header may say is left out (CSP Level 3, §3.3).
  const policy = DIRECTIVES.join('; ');
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
<style>${STYLESHEET}</style>
</head>
<body>
${htmlText(body)}
</body>
</html>
`;
}
