import { freshSubject, pendingEvent, putOnRecord } from '../exchange/index.ts';
import { isoTime, newId, TrucError } from '../kernel/index.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Actor } from './file.ts';
import { checkRole } from './permission.ts';
import { pseudonym, rulesNow, type WorkDesk } from './take.ts';

/** As whom arrivals are taken in that nobody asked for; the person in a step, without a name. */
export const COLLECTOR = 'truc-collector';

export function collectorOf(agencyId: string): Actor {
  return { id: COLLECTOR, name: '', title: '', agencyId, roles: ['clerk'], signer: {} };
}

/** Ids of the agencies whose arrivals are taken in by themselves. */
export async function officesThatCollect(desk: Pick<WorkDesk, 'endpoints'>): Promise<string[]> {
  const endpoints = await desk.endpoints.list();
  return endpoints.filter(({ active, push }) => active && push === 'office').map(({ agencyId }) => agencyId);
}

/** Whether an agency's arrivals are taken in by themselves. */
export async function collectsByItself(
  agencyId: string,
  desk: Pick<WorkDesk, 'endpoints'>,
): Promise<boolean> {
  const endpoint = await desk.endpoints.of(agencyId);
  return endpoint?.active === true && endpoint.push === 'office';
}

/**
 * Has an agency's arrivals taken in by themselves from now on, or no longer; who decided it is in the ledger on return.
 * @throws TrucError `work.role-missing`, `work.has-own-system` where a system of the agency is told of its arrivals
 */
export async function setCollecting(actor: Actor, active: boolean, desk: WorkDesk): Promise<void> {
  checkRole('collect', actor, rulesNow(desk));
  const { agencyId } = actor;
  const before = await desk.endpoints.of(agencyId);
  if (before !== null && before.push !== 'office')
    throw new TrucError<WorkProblemCode>('work.has-own-system', { url: before.url });
  if ((before?.active ?? false) === active) return;
  const now = desk.clock.now();
  const at = isoTime(now);
  const agency = (await desk.agencies.get(agencyId))?.code ?? '';
  const facts = { agency, push: 'office', active, by: 'clerk', person: pseudonym(actor, agencyId, at) };
  const subject = freshSubject(agencyId);
  const happening = { actorId: agencyId, recipientId: null, facts, distinct: newId() };
  const event = pendingEvent(subject, { type: 'endpoint.changed', ...happening }, now);
  await desk.events.append([event]);
  await desk.endpoints.put({ agencyId, url: '', push: 'office', ca: null, active, updatedAt: at });
  await putOnRecord([event], desk);
}
