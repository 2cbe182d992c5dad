import type { Endpoint } from '../agency/index.ts';
import { isoTime, isTrucError, newId, systemCode, TrucError } from '../kernel/index.ts';
import type { OperatorAct } from './operate.ts';
import { freshSubject, pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

/** Sends a test message, signed as all webhooks are. Throws what the network says. */
export type EndpointTest = (endpoint: Endpoint, event: object) => Promise<{ status: number; head: string }>;

/** What came of a test message. */
export interface EndpointTested {
  /** `http-204`, `ETIMEDOUT`, `target-denied` and the like. */
  outcome: string;
  good: boolean;
  durationMs: number;
  /** The beginning of the answer, masked. */
  head: string;
}

/**
 * Sends a test message to an agency's endpoint, also to one that is paused; who did it and what came of it is in the ledger on return.
 * @throws TrucError `api.not-found` where the agency has no endpoint
 */
export async function testEndpoint(
  agencyId: string,
  act: Pick<OperatorAct, 'person'>,
  send: EndpointTest,
  x: Stations,
): Promise<EndpointTested> {
  const endpoint = await x.endpoints.of(agencyId);
  if (!endpoint) throw new TrucError('api.not-found');
  const agency = (await x.agencies.get(agencyId))?.code ?? '';
  const began = x.clock.now();
  const answer = await send(endpoint, { type: 'endpoint.test', to: agency, at: isoTime(began) }).catch(
    (error: unknown) => ({ status: 0, head: '', reason: reasonOf(error) }),
  );
  const outcome = 'reason' in answer ? answer.reason : `http-${answer.status}`;
  const good = answer.status >= 200 && answer.status < 300;
  const at = x.clock.now();
  const facts = { agency, by: 'operator', person: act.person, outcome };
  const subject = freshSubject(agencyId);
  const event = pendingEvent(
    subject,
    { type: 'endpoint.tested', actorId: null, recipientId: null, facts, distinct: newId() },
    at,
  );
  await x.events.append([event]);
  await putOnRecord([event], x);
  return { outcome, good, durationMs: Math.max(0, at - began), head: answer.head };
}

function reasonOf(error: unknown): string {
  if (isTrucError(error) && typeof error.facts.reason === 'string') return error.facts.reason;
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return isLate ? 'ETIMEDOUT' : (systemCode(error) ?? 'network-error');
}

/**
 * Stops or starts the pushes to an agency's endpoint; who did it and why is in the ledger on return. What waits stays and can be
 * fetched meanwhile.
 * @throws TrucError `api.not-found` where the agency has no endpoint
 */
export async function setEndpointActive(
  agencyId: string,
  active: boolean,
  act: OperatorAct,
  x: Stations,
): Promise<Endpoint> {
  const before = await x.endpoints.of(agencyId);
  if (!before) throw new TrucError('api.not-found');
  const at = x.clock.now();
  const next = { ...before, active, updatedAt: isoTime(at) };
  const agency = (await x.agencies.get(agencyId))?.code ?? '';
  const facts = { agency, active, by: 'operator', person: act.person, reason: act.reason };
  const subject = freshSubject(agencyId);
  const event = pendingEvent(
    subject,
    { type: 'endpoint.changed', actorId: null, recipientId: null, facts, distinct: newId() },
    at,
  );
  await x.events.append([event]);
  await x.endpoints.put(next);
  await putOnRecord([event], x);
  x.queue.wake([agencyId]);
  return next;
}
