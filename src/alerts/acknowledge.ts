import {
  freshSubject,
  type OperatorAct,
  pendingEvent,
  putOnRecord,
  type Stations,
} from '../exchange/index.ts';
import { isoTime, TrucError } from '../kernel/index.ts';
import type { AlertBook } from './alert-book.ts';
import type { AlertErrorCode } from './errors.ts';

/**
 * Takes an alarm as one's case: it is not told again until it is over. Who and why is in the ledger on return.
 * @throws TrucError `alerts.not-firing` where it is over, unknown, or somebody's case already
 */
export async function acknowledgeAlert(
  alertId: string,
  act: Pick<OperatorAct, 'person' | 'reason'>,
  { book, stations: x }: { book: AlertBook; stations: Stations },
): Promise<void> {
  const now = x.clock.now();
  const alert = (await book.open()).find((one) => one.alertId === alertId);
  const { person = '', reason = '' } = act;
  const taken = alert && (await book.acknowledge(alertId, { by: person, reason, at: isoTime(now) }));
  if (!taken) throw new TrucError<AlertErrorCode>('alerts.not-firing', { alertId });
  const facts = { rule: alert.ruleId, label: alert.label, by: 'operator', person, reason };
  const subject = freshSubject(alertId);
  const event = pendingEvent(
    subject,
    { type: 'alert.acknowledged', actorId: null, recipientId: null, facts, distinct: '' },
    now,
  );
  await x.events.append([event]);
  await putOnRecord([event], x);
}
