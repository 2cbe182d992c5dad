import { VIETNAM_CALENDAR, type WorkingCalendar, workingDaysAfter } from '../document/index.ts';
import type { JsonValue } from '../kernel/index.ts';
import { parseEntry } from '../ledger/index.ts';
import type { CountedEntry } from './disclosed.ts';
import { dayOf, type Month, monthOf } from './month.ts';
import type { CountedAgency, CountedLeader } from './snapshot.ts';

type Counts = Map<string, number>;

/** By agency. */
export type Promptness = Map<string, { onTime: number; late: number }>;

/** What happened in one month, by codes of agencies; which level they have is asked when figures are made. */
export interface MonthTally {
  /** Accepted new documents by sender. */
  exchanged: Counts;
  /** Documents on their way by `sender recipient`. */
  pairs: Counts;
  /** Agencies to which something was brought. */
  receivers: Set<string>;
  /** Agencies that reported a step of processing. */
  processing: Set<string>;
  /** `agency official` of signatures that passed. */
  officials: Set<string>;
  /** Acknowledged deliveries by recipient: in time, late, and seconds from submission. */
  acknowledged: Map<string, { onTime: number; late: number; seconds: Map<number, number> }>;
  /** Documents that recipients reported as registered (03), and as handed on (04), in time and late. */
  registered: Promptness;
  submitted: Promptness;
  refused: Counts;
  recalled: number;
  verdicts: Counts;
}

export interface Snapshot {
  month: Month;
  agencies: readonly CountedAgency[];
  leaders: readonly CountedLeader[];
}

export interface Tally {
  months: Map<Month, MonthTally>;
  snapshots: Map<Month, Snapshot>;
  /** Takes the next entry of the log. */
  add(entry: CountedEntry): void;
}

interface Submission {
  sender: string;
  isNew: boolean;
  at: number;
}

/** Statuses by which an agency says that it works on a document: accepted, assigned, in progress, done (QCVN 102). */
/** Registered on the day of arrival or the next working day (NĐ 30/2020 art. 4.2c), and handed on likewise (art. 23.1). */
const [REGISTERED, SUBMITTED] = ['03', '04'];
const PROCESSING = ['03', '04', '05', '06'];

/** Counts what the entries of the log say, one after the other. Memory grows by some 150 bytes a document. */
export function tally(calendar: WorkingCalendar = VIETNAM_CALENDAR): Tally {
  const months = new Map<Month, MonthTally>();
  const snapshots = new Map<Month, Snapshot>();
  const submissions = new Map<string, Submission>();
  const monthAt = (at: number) => {
    const month = monthOf(at);
    const known = months.get(month) ?? emptyMonth();
    months.set(month, known);
    return known;
  };

  const steps: Readonly<Record<string, (step: Step) => void>> = {
    'document.submitted': ({ doc, at, facts }) => {
      const sender = text(facts.sender);
      const isNew = facts.businessType === 0;
      submissions.set(doc, { sender, isNew, at });
      if (isNew && sender !== '') count(monthAt(at).exchanged, sender);
    },
    'document.refused': ({ doc, at, facts }) => {
      if (!submissions.has(doc)) count(monthAt(at).refused, text(facts.code) || 'unknown');
    },
    'document.recalled': ({ at }) => {
      monthAt(at).recalled++;
    },
    'signature.verified': ({ doc, at, facts }) => {
      if (!submissions.get(doc)?.isNew) return;
      count(monthAt(at).verdicts, text(facts.indication) || 'unknown');
      for (const one of list(facts.officials)) {
        const { agency, official } = one as { agency: string; official: string };
        monthAt(at).officials.add(`${agency} ${official}`);
      }
    },
    'delivery.queued': ({ doc, at, facts }) => {
      const submission = submissions.get(doc);
      if (!submission?.isNew) return;
      for (const name of Object.keys(facts))
        if (name.startsWith('recipient:'))
          count(monthAt(at).pairs, `${submission.sender} ${name.slice('recipient:'.length)}`);
    },
    'delivery.fetched': ({ at, facts }) => {
      if (facts.kind === 'document') monthAt(at).receivers.add(text(facts.recipient));
    },
    'delivery.acknowledged': ({ doc, at, facts }) => {
      const submission = submissions.get(doc);
      if (facts.kind !== 'document') return;
      monthAt(at).receivers.add(text(facts.recipient));
      if (submission) acknowledge(monthAt(at), text(facts.recipient), submission.at, at);
    },
    'registry.snapshot': ({ facts }) => {
      const rows = (name: string) =>
        Object.keys(facts)
          .filter((one) => one.startsWith(`${name}:`))
          .flatMap((one) => list(facts[one]));
      const month = text(facts.month);
      snapshots.set(month, {
        month,
        agencies: rows('agencies') as unknown as CountedAgency[],
        leaders: rows('leaders') as unknown as CountedLeader[],
      });
    },
  };

  return {
    months,
    snapshots,
    add: ({ entry, facts }) => {
      const { type, doc, at } = parseEntry(entry);
      const step = { doc, at: Date.parse(at), facts };
      if (type.startsWith('status.')) reported(monthAt(step.at), step, submissions.get(doc), calendar);
      else if (Object.hasOwn(steps, type)) steps[type]?.(step);
    },
  };
}

interface Step {
  doc: string;
  at: number;
  facts: Readonly<Record<string, JsonValue>>;
}

function emptyMonth(): MonthTally {
  return {
    exchanged: new Map(),
    pairs: new Map(),
    receivers: new Set(),
    processing: new Set(),
    officials: new Set(),
    acknowledged: new Map(),
    registered: new Map(),
    submitted: new Map(),
    refused: new Map(),
    recalled: 0,
    verdicts: new Map(),
  };
}

function reported(
  month: MonthTally,
  { at, facts }: Step,
  submission: Submission | undefined,
  calendar: WorkingCalendar,
): void {
  const [code, reporter] = [text(facts.code), text(facts.reporter)];
  if (PROCESSING.includes(code)) month.processing.add(reporter);
  const prompt = code === REGISTERED ? month.registered : code === SUBMITTED ? month.submitted : null;
  if (prompt === null || !submission?.isNew) return;
  const known = prompt.get(reporter) ?? { onTime: 0, late: 0 };
  if (dayOf(at) <= workingDaysAfter(dayOf(submission.at), 1, calendar)) known.onTime++;
  else known.late++;
  prompt.set(reporter, known);
}

/** In time is on the day of the submission (NĐ 30/2020 art. 21.2). */
function acknowledge(month: MonthTally, recipient: string, submittedAt: number, at: number): void {
  const known = month.acknowledged.get(recipient) ?? { onTime: 0, late: 0, seconds: new Map() };
  if (dayOf(submittedAt) === dayOf(at)) known.onTime++;
  else known.late++;
  count(known.seconds, Math.floor((at - submittedAt) / 1_000));
  month.acknowledged.set(recipient, known);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
