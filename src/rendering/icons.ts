import { type Html, html } from './html.ts';

/** Pictures beside words, never instead of them: 24 × 24, drawn with the colour of the text. */
export const ICONS = {
  overview: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-4H4zM14 8h6V4h-6z"/></svg>`,
  messages: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 3h7l5 5v13H7zM14 3v5h5M10 13h6M10 17h6"/></svg>`,
  agencies: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 21h16M5 21V9l7-5 7 5v12M9 21v-6h6v6M9.5 11h5"/></svg>`,
  people: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="9" cy="8" r="3.500"/><path d="M3 20c0-3.500 2.500-5.500 6-5.500s6 2 6 5.500M15.500 5a3.500 3.500 0 0 1 0 6.500M17.500 15c2.200.7 3.500 2.400 3.500 5"/></svg>`,
  failures: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"/></svg>`,
  ledger: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3v5M12 8H6v4M12 8h6v4M4 12h4v4H4zM16 12h4v4h-4zM10 16h4v4h-4z"/></svg>`,
  audit: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l7 3v5c0 5-3 8.500-7 10-4-1.500-7-5-7-10V6zM9 12l2.200 2.200L15.500 10"/></svg>`,
  clock: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.500"/><path d="M12 7.500V12l3 2"/></svg>`,
  search: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="11" cy="11" r="6.500"/><path d="m16 16 4.500 4.500"/></svg>`,
  info: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.500"/><path d="M12 11v5M12 8v.1"/></svg>`,
  done: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.500"/><path d="m8.500 12 2.500 2.500L15.500 10"/></svg>`,
  alert: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 2.800 20h18.400zM12 10v4.500M12 17.200v.1"/></svg>`,
  settings: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/></svg>`,
  inbox: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 13 6.500 5h11L20 13v6H4zM4 13h4.500l1 2.500h5l1-2.500H20"/></svg>`,
  write: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m4 20 1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500 17.500 10"/></svg>`,
} as const satisfies Readonly<Record<string, Html>>;

export type IconName = keyof typeof ICONS;

/** The mark of the axis: levels of the administration on one line. */
export const MARK: Html = html`<svg viewBox="0 0 32 32" aria-hidden="true"><rect class="mark-ground" width="32" height="32" rx="8"/><path class="mark-line" d="M16 6.500v19M9 11h14M11 16h10M13 21h6"/><circle class="mark-dot" cx="16" cy="6.500" r="2.200"/></svg>`;
