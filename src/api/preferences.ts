import type { Request, Response } from 'express';
import { languageOf } from '../messages/index.ts';
import type { Preferences, Scheme } from '../rendering/index.ts';

const LANGS = ['vi', 'en'] as const;
const SCHEMES: readonly Scheme[] = ['auto', 'light', 'dark'];
const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * How the reader wants pages: what the address says (`?lang=`, `?scheme=`), which is kept in a cookie, or else the cookie, or
 * else what the browser asks for. A page of another language has the same address without it.
 */
export function preferencesOf(request: Request, response: Response): Preferences {
  const lang = chosen(request, response, 'lang', LANGS) ?? languageOf(request.get('accept-language'));
  const scheme = chosen(request, response, 'scheme', SCHEMES) ?? 'auto';
  response.vary('Cookie').vary('Accept-Language').set('Content-Language', lang);
  return { lang, scheme };
}

function chosen<Value extends string>(
  request: Request,
  response: Response,
  name: string,
  values: readonly Value[],
): Value | null {
  const known = (wish: unknown) => values.find((value) => value === wish) ?? null;
  const asked = known(request.query[name]);
  if (asked === null) return known(cookieOf(request, `truc_${name}`));
  response.cookie(`truc_${name}`, asked, { maxAge: YEAR_MS, httpOnly: true, sameSite: 'lax', path: '/' });
  return asked;
}

/** The value of a cookie, or null. */
export function cookieOf(request: Request, name: string): string | null {
  for (const one of (request.get('cookie') ?? '').split(';')) {
    const [key, value] = one.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
