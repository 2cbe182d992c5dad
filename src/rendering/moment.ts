import { vietnamDateTime } from '../kernel/index.ts';
import type { Language } from '../messages/index.ts';
import { type Html, html } from './html.ts';

/** `08:04:09 05/02/2026`, Vietnam time. @param iso RFC 3339 */
export function momentText(iso: string): string {
  const [date = '', time = ''] = vietnamDateTime(Date.parse(iso)).split(' ');
  return `${time} ${date.split('/').reverse().join('/')}`;
}

/**
 * A time for people: absolute in Vietnam time, how long ago when pointed at.
 * @param iso RFC 3339
 * @param now milliseconds since 1970 UTC
 */
export function moment(iso: string, now: number, lang: Language): Html {
  return html`<time datetime="${iso}" title="${ago(Date.parse(iso), now, lang)}">${momentText(iso)}</time>`;
}

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "5 phút trước", "sau 2 giờ". */
export function ago(at: number, now: number, lang: Language): string {
  const seconds = Math.round((at - now) / 1000);
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(lang, { numeric: 'always' }).format(Math.trunc(seconds / size), unit);
}

/** `1.234`, `135 KB`, `2,5 MB`: numbers as the language writes them. */
export function sizeText(bytes: number, lang: Language): string {
  const [unit, size] =
    bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1e3 ? ['KB', 1e3] : ['B', 1];
  return `${new Intl.NumberFormat(lang, { maximumFractionDigits: bytes >= 1e6 ? 1 : 0 }).format(bytes / (size as number))} ${unit}`;
}

/** A whole number with the language's separators. */
export function countText(count: number, lang: Language): string {
  return new Intl.NumberFormat(lang).format(count);
}

/** A duration of milliseconds in its two largest units: `2 giờ 5 phút`. */
export function durationText(ms: number, lang: Language): string {
  const words = { vi: ['ngày', 'giờ', 'phút', 'giây'], en: ['d', 'h', 'min', 's'] }[lang];
  const sizes = [86_400, 3_600, 60, 1];
  let left = Math.max(0, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [i, size] of sizes.entries()) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${words[i]}`);
  }
  return parts.slice(0, 2).join(' ') || `0 ${words[3]}`;
}
