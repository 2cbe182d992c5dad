import { isoTime } from '../kernel/index.ts';
import { type Alert, judgeRound } from './alert.ts';
import type { Sample } from './measure.ts';
import type { AlertRule } from './rule.ts';

/** When a rule would have been an alarm. */
export interface PastAlarm {
  label: string;
  /** RFC 3339 UTC. */
  from: string;
  /** Null where it would still be one. */
  to: string | null;
  /** The value that was farthest beyond the limit. */
  worst: number;
}

/** What a rule would have said of the past, by the very steps that it is judged with now. @param samples oldest first */
export function previewOf(rule: AlertRule, samples: readonly Sample[]): PastAlarm[] {
  let open: Alert[] = [];
  const alarms = new Map<string, PastAlarm>();
  for (const sample of samples) {
    const { changed } = judgeRound([rule], sample, open);
    const kept = open.filter((one) => !changed.some((after) => after.alertId === one.alertId));
    open = [...kept, ...changed.filter((one) => one.state !== 'resolved')];
    for (const one of changed) note(alarms, rule, one);
  }
  return [...alarms.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

function note(alarms: Map<string, PastAlarm>, { when }: AlertRule, alert: Alert): void {
  if (alert.firedAt === null) return;
  const known = alarms.get(alert.alertId);
  const { label, value, firedAt: from, resolvedAt: to } = alert;
  if (!known) alarms.set(alert.alertId, { label, from, to, worst: value });
  else {
    known.to = to;
    known.worst = when === 'above' ? Math.max(known.worst, value) : Math.min(known.worst, value);
  }
}

/** How long samples are kept, and how far a preview looks back. */
export const SAMPLE_DAYS = 14;

/** Time before which samples go. @param now milliseconds since 1970 UTC */
export function samplesFrom(now: number): string {
  return isoTime(now - SAMPLE_DAYS * 86_400_000);
}
