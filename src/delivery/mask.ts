/** Characters of an answer that are kept. */
const HEAD_CHARS = 400;
const MASK = '▒▒▒';

/** Headers of a push that may be told as they are; of any other only the name is. */
const OPEN_HEADERS: readonly string[] = [
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-truc-document',
  'x-content-sha256',
];

/** Names whose values are secrets, as JSON, form or header text writes them. */
const SECRET_VALUE =
  /(["']?[\w-]*(?:pass(?:word|wd)?|secret|token|signature|authorization|cookie|api[-_]?key|session)[\w-]*["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,;&}<]+(?:\s+[^\s,;&}<]{12,})?)/gi;
const BEARER = /\b(bearer|basic)\s+\S+/gi;
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu;
/** Telephone numbers, citizens' numbers, numbers of accounts: nine digits and more, also in groups. */
const LONG_NUMBER = /(?<![\w-])\+?\d(?:[ .-]?\d){8,18}(?![\w-])/g;
/** What looks drawn by lot: tokens, keys, digests. */
const DRAWN = /(?<![\w+/=-])(?=[\w+/=.-]*\d)(?=[\w+/=.-]*[A-Za-z])[\w+/=.-]{24,}/g;

/** Headers of a push as they may be kept: what is not known to be harmless keeps its name alone. */
export function maskedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      OPEN_HEADERS.includes(name.toLowerCase()) ? value : MASK,
    ]),
  );
}

/** An address without what may be secret in it: user information, query and fragment. Empty for what is no address. */
export function maskedUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host, pathname, search } = new URL(url);
  // Some put a token into the path.
  const path = pathname
    .split('/')
    .map((part) => (part.length >= 24 && /\d/.test(part) ? MASK : part))
    .join('/');
  return `${protocol}//${host}${path}${search === '' ? '' : `?${MASK}`}`;
}

/**
 * The beginning of an answer as it may be kept: one line of text, without what looks like a secret, an address of a person or a long
 * number. Bytes that are no UTF-8 text give an empty string.
 */
export function maskedHead(body: Uint8Array): string {
  // More than is kept, so that what is cut off at the end was masked whole.
  const text = new TextDecoder('utf-8', { fatal: false }).decode(body.subarray(0, 4 * HEAD_CHARS));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for is control characters
  if (/[\u0000-\u0008\u000e-\u001a]/.test(text)) return '';
  const masked = text
    .normalize('NFC')
    .replace(/[\s\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim()
    .replace(BEARER, (_, scheme: string) => `${scheme} ${MASK}`)
    .replace(SECRET_VALUE, (_, name: string) => `${name}${MASK}`)
    .replace(EMAIL, MASK)
    .replace(LONG_NUMBER, MASK)
    .replace(DRAWN, MASK);
  return masked.length > HEAD_CHARS ? `${masked.slice(0, HEAD_CHARS)}…` : masked;
}
