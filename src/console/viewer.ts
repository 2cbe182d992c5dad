import type { Response } from 'express';
import type { AgencyDirectory } from '../agency/index.ts';
import { agenciesOf, hasRole, type PersonCaller, personOf } from '../api/index.ts';
import { type Language, CONSOLE_WORDS as W } from '../messages/index.ts';

/** Roles that have something to see in the console. */
export const CONSOLE_ROLES = ['operator', 'auditor', 'agency-admin'] as const;

/** Who looks at the console, and how far that person may see and act. */
export interface Viewer {
  personId: string;
  name: string;
  /** What the ledger calls the person. */
  ledgerName: string;
  /** Roles with their agencies, in words. */
  role: Readonly<Record<Language, string>>;
  /** Agencies whose traffic the person sees; null for all. */
  reach: readonly string[] | null;
  /** May send again and pause. */
  mayAct: boolean;
  /** May open content and evidence of documents within reach. */
  mayRead: boolean;
  /** What forms carry. */
  csrf: string;
}

/**
 * What the person who is logged in may do here. Operators see and act, and open no content; auditors see everything and the
 * proofs, and change nothing; an agency's administrator sees and opens what that agency sent or has taken.
 */
export function viewerFrom(caller: PersonCaller, names: (agencyId: string) => string): Viewer {
  const whole = hasRole(caller, 'operator', 'auditor');
  const own = agenciesOf(caller, 'agency-admin');
  const role = (lang: Language) =>
    [
      hasRole(caller, 'operator') ? W.operator[lang] : '',
      hasRole(caller, 'auditor') ? W.auditor[lang] : '',
      own.length > 0 ? `${W.agencyAdmin[lang]}: ${own.map(names).join(', ')}` : '',
    ]
      .filter((one) => one !== '')
      .join(' · ');
  return {
    personId: caller.person.personId,
    name: caller.person.name,
    ledgerName: caller.person.ledgerDoc,
    role: { vi: role('vi'), en: role('en') },
    reach: whole ? null : own,
    mayAct: hasRole(caller, 'operator'),
    mayRead: hasRole(caller, 'auditor') || !whole,
    csrf: caller.csrf,
  };
}

/** The viewer of this request, after the guard. */
export async function viewerOf(response: Response, agencies: AgencyDirectory): Promise<Viewer> {
  const caller = personOf(response);
  const own = agenciesOf(caller, 'agency-admin');
  const found = await Promise.all(own.map((id) => agencies.get(id)));
  const names = new Map(found.flatMap((one) => (one ? [[one.id, one.name] as const] : [])));
  return viewerFrom(caller, (id) => names.get(id) ?? id);
}
