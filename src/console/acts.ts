import { z } from 'zod';
import { TrucError } from '../kernel/index.ts';
import type { Viewer } from './viewer.ts';

/** A reason that somebody later can read something from. */
export const Reason = z.string().trim().min(5).max(500);

/** @throws TrucError `api.role-missing` for those who only look */
export function demandActing(viewer: Viewer): void {
  if (!viewer.mayAct) throw new TrucError('api.role-missing', { roles: ['operator'] });
}

/** What concerns the whole axis is not an agency's to see. @throws TrucError `api.role-missing` */
export function demandWhole(viewer: Viewer): void {
  if (viewer.reach !== null) throw new TrucError('api.role-missing', { roles: ['operator', 'auditor'] });
}

/** The fields of a form; what is not text is not there. */
export function fieldsOf(body: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((one): one is [string, string] => typeof one[1] === 'string'));
}
