import type { Frame } from '../api/index.ts';
import { type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import type { IconName, NavItem } from '../rendering/index.ts';
import type { Viewer } from './viewer.ts';

export type Place =
  | 'overview'
  | 'messages'
  | 'agencies'
  | 'people'
  | 'failures'
  | 'alerts'
  | 'ledger'
  | 'audit'
  | 'settings';

const PATHS: readonly (readonly [Place, string])[] = [
  ['overview', '/console'],
  ['messages', '/console/messages'],
  ['agencies', '/console/agencies'],
  ['people', '/console/people'],
  ['failures', '/console/failures'],
  ['alerts', '/console/alerts'],
  ['ledger', '/console/ledger'],
  ['audit', '/console/audit'],
  ['settings', '/console/settings'],
];

/** Pages about the whole axis: agencies' administrators have nothing to see there. */
const OF_THE_WHOLE: readonly Place[] = ['alerts', 'audit', 'settings'];

const ICON: Partial<Record<Place, IconName>> = { alerts: 'clock' };

/** The frame of every page of the console. @param viewer null where nobody is known, on pages that say so */
export function frameFor(viewer: Viewer | null, current: Place | null, lang: Language): Frame {
  const area = { name: W.area[lang], href: '/console' };
  if (!viewer) return { area };
  const nav: NavItem[] = PATHS.filter(
    ([place]) => viewer.reach === null || !OF_THE_WHOLE.includes(place),
  ).map(([place, href]) => ({
    text: W[place][lang],
    href,
    icon: ICON[place] ?? (place as IconName),
    current: place === current,
  }));
  const person = {
    name: viewer.name,
    role: viewer.role[lang],
    signOut: { action: '/logout', csrf: viewer.csrf },
  };
  return { area, nav, person };
}
