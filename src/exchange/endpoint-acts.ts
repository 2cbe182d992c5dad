import type { Endpoint } from '../agency/index.ts';
import { isoTime, newId, randomBytes, TrucError } from '../kernel/index.ts';
import type { OperatorAct } from './operate.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

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
  const subject = { id: agencyId, ledgerDoc: newId(), ledgerKey: randomBytes(32).toString('base64url') };
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
