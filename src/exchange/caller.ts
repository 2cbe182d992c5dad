import type { Scope } from '../agency/index.ts';

/** Who is calling: an authenticated system and the agencies it speaks for. Every look-up is scoped by it. */
export interface Caller {
  clientId: string;
  agencyIds: readonly string[];
  scopes: readonly Scope[];
}

export function speaksFor(caller: Caller, agencyId: string): boolean {
  return caller.agencyIds.includes(agencyId);
}
