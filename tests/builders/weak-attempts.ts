import { ATTEMPTS_KEPT, type AttemptBook, type PushAttempt } from '../../src/delivery/index.ts';
import { byText, slowPort } from './weak-port.ts';

export function weakAttempts(): AttemptBook {
  const latest = (all: PushAttempt[]) => all.sort(byText((one) => one.attemptId)).reverse();
  let kept: PushAttempt[] = [];
  return slowPort<AttemptBook>({
    add: (attempt) => {
      if (kept.some((one) => one.attemptId === attempt.attemptId)) return;
      const twins = latest([...kept.filter((one) => one.deliveryId === attempt.deliveryId), attempt]);
      const others = kept.filter((one) => one.deliveryId !== attempt.deliveryId);
      kept = [...others, ...twins.slice(0, ATTEMPTS_KEPT)];
    },
    ofDocument: (documentId, limit) =>
      latest(kept.filter((one) => one.documentId === documentId)).slice(0, limit),
    forget: (before, limit) => {
      const old = kept.filter((one) => one.at < before).slice(0, limit);
      kept = kept.filter((one) => !old.includes(one));
      return old.length;
    },
  });
}
