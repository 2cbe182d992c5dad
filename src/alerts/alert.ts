import { idOf, sha256 } from '../kernel/index.ts';
import type { Measure, Reading, Sample } from './measure.ts';
import { type AlertRule, isAbout, isBeyond } from './rule.ts';

/** Something that is or was beyond a limit. */
export interface Alert {
  /** The same for one rule, one label and one beginning. */
  alertId: string;
  ruleId: string;
  measure: Measure;
  label: string;
  severity: AlertRule['severity'];
  /** `pending`: beyond, not yet for long enough; nobody was told. */
  state: 'pending' | 'firing' | 'resolved';
  /** Last value, and the limit at that time. */
  value: number;
  limit: number;
  /** RFC 3339 UTC. */
  since: string;
  firedAt: string | null;
  /** First of the readings that are within the limit again; null while it is beyond. */
  calmSince: string | null;
  resolvedAt: string | null;
  /** When its news went out last; null before. */
  toldAt: string | null;
  /** Whose case it is: pseudonym and reason. */
  acknowledged: { by: string; reason: string; at: string } | null;
}

/** So long a value must stay within its limit before the alarm is over: one that goes up and down is one alarm. */
const CALM_MS = 5 * 60_000;
/** What still fires and is nobody's case yet is told again. */
const AGAIN_MS = 4 * 3_600_000;

export interface Round {
  /** Alerts that are another than before. */
  changed: Alert[];
  /** What is to be told, together in one message. */
  news: Alert[];
}

/**
 * One round of the rules over what was read. What could not be read says nothing: its alarms stay as they are.
 * @param open alerts that are not resolved
 */
export function judgeRound(rules: readonly AlertRule[], sample: Sample, open: readonly Alert[]): Round {
  const round: Round = { changed: [], news: [] };
  const { at } = sample;
  const note = (before: Alert | null, after: Alert | null) => {
    if (!after) return;
    round.changed.push(after);
    if (isNews(before, after, Date.parse(at))) round.news.push(after);
  };
  for (const rule of rules) {
    const readings = sample.readings.filter((one) => isAbout(rule, one));
    const own = open.filter((one) => one.ruleId === rule.id);
    for (const reading of readings) {
      const before = own.find((one) => one.label === reading.label) ?? null;
      note(before, stepOf(before, rule, reading, at));
    }
    if (!sample.measured.includes(rule.measure)) continue;
    for (const gone of own.filter((one) => !readings.some(({ label }) => label === one.label)))
      note(gone, calmed(gone, at));
  }
  // A rule is no more: its alarms end with it.
  for (const left of open.filter((one) => !rules.some((rule) => rule.id === one.ruleId)))
    round.changed.push({ ...left, state: 'resolved', resolvedAt: at });
  return round;
}

function stepOf(before: Alert | null, rule: AlertRule, reading: Reading, at: string): Alert | null {
  const { value } = reading;
  if (!isBeyond(rule, reading)) return before && calmed({ ...before, value }, at);
  const alert = before ?? begun(rule, reading, at);
  const lasts = Date.parse(at) - Date.parse(alert.since) >= rule.forSeconds * 1_000;
  const fires = alert.state === 'pending' && lasts;
  return {
    ...alert,
    ...{ value, limit: rule.limit, calmSince: null, severity: rule.severity },
    ...(fires ? { state: 'firing' as const, firedAt: at } : {}),
  };
}

function begun({ id, measure, limit, severity }: AlertRule, { label, value }: Reading, at: string): Alert {
  return {
    alertId: idOf(sha256(`${id}|${label}|${at}`)),
    ...{ ruleId: id, measure, label, severity, state: 'pending', value, limit, since: at },
    ...{ firedAt: null, calmSince: null, resolvedAt: null, toldAt: null, acknowledged: null },
  };
}

function calmed(alert: Alert, at: string): Alert {
  // Nobody was told of it: it need not calm down first.
  if (alert.state === 'pending') return { ...alert, state: 'resolved', resolvedAt: at };
  const calmSince = alert.calmSince ?? at;
  const over = Date.parse(at) - Date.parse(calmSince) >= CALM_MS;
  return { ...alert, calmSince, ...(over ? { state: 'resolved' as const, resolvedAt: at } : {}) };
}

function isNews(before: Alert | null, after: Alert, now: number): boolean {
  if (after.state === 'resolved') return before?.toldAt != null;
  if (after.state !== 'firing' || after.calmSince !== null) return false;
  if (after.toldAt === null) return true;
  return after.acknowledged === null && now - Date.parse(after.toldAt) >= AGAIN_MS;
}
