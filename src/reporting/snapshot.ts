import { type Agency, closedAt, grantsAt, type Level, officialPseudonym } from '../agency/index.ts';
import {
  pendingEvent,
  publicSubject,
  recordPending,
  type Stations,
  type Subject,
} from '../exchange/index.ts';
import { isoTime, type JsonValue } from '../kernel/index.ts';
import { type Month, monthOf } from './month.ts';

/** An agency as a month's figures count it: code, level, code of its parent. */
export type CountedAgency = readonly [code: string, level: Level, parent: string | null];
/** A leader or deputy: code of the agency, pseudonym in its year. */
export type CountedLeader = readonly [agency: string, official: string];

const PAGE = 500;
/** Rows of one fact. */
const ROWS = 500;

/** What the ledger calls a month's registry. It follows from the month, as for the content of a quarter: anybody finds it. */
export function snapshotSubject(month: Month): Subject {
  return publicSubject(`registry-${month}`, `registry-month|${month}`);
}

/**
 * Fixes the denominators of this month's figures, once: which agencies live and who leads them, whole, as facts of an entry.
 * A registry without agencies has nothing to fix. Safe to repeat, on all nodes.
 * @returns whether there is a snapshot of this month now
 */
export async function takeSnapshot(x: Stations): Promise<boolean> {
  const now = x.clock.now();
  const month = monthOf(now);
  const subject = snapshotSubject(month);
  const [known] = await x.events.of(subject.id);
  if (known?.place) return true;
  if (known) {
    await recordPending(subject.id, x);
    return true;
  }
  const agencies = await livingAgencies(now, x);
  if (agencies.size === 0) return false;
  const facts = factsOf(month, countedAgencies(agencies), await countedLeaders(agencies, now, x));
  const event = pendingEvent(
    subject,
    { type: 'registry.snapshot', actorId: null, recipientId: null, facts, distinct: '' },
    now,
  );
  await x.events.append([event]);
  // Another node may have been faster: what lies there now is the snapshot.
  await recordPending(subject.id, x);
  return true;
}

async function livingAgencies(now: number, { agencies }: Stations): Promise<Map<string, Agency>> {
  const found = new Map<string, Agency>();
  for (let after: string | undefined; ; ) {
    const page = await agencies.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const agency of page.agencies) {
      const closed = closedAt(agency, now);
      if (closed === null || closed === 'locked') found.set(agency.id, agency);
    }
    if (page.next === null) return found;
    after = page.next;
  }
}

function countedAgencies(agencies: ReadonlyMap<string, Agency>): CountedAgency[] {
  return [...agencies.values()].map(({ code, level, parentId }) => {
    return [code, level, parentId === null ? null : (agencies.get(parentId)?.code ?? null)] as const;
  });
}

async function countedLeaders(
  agencies: ReadonlyMap<string, Agency>,
  now: number,
  { persons }: Stations,
): Promise<CountedLeader[]> {
  const leaders = new Map<string, CountedLeader>();
  const at = isoTime(now);
  for (let after = ''; ; ) {
    const page = await persons.list({ limit: PAGE, after });
    for (const person of page)
      for (const { role, agencyId } of grantsAt(person, now)) {
        const agency = agencyId === null ? undefined : agencies.get(agencyId);
        if (!agency || (role !== 'leader' && role !== 'deputy')) continue;
        const official = officialPseudonym(person.personId, agency.id, at);
        leaders.set(official, [agency.code, official]);
      }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return [...leaders.values()];
    after = last.personId;
  }
}

/** Sorted, so that the facts say nothing but what they say. */
function factsOf(
  month: Month,
  agencies: readonly CountedAgency[],
  leaders: readonly CountedLeader[],
): Record<string, JsonValue> {
  const facts: Record<string, JsonValue> = { month, agencies: agencies.length, leaders: leaders.length };
  const put = (name: string, rows: readonly (readonly JsonValue[])[]) => {
    const sorted = rows.toSorted((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
    for (let from = 0; from < sorted.length; from += ROWS)
      facts[`${name}:${from / ROWS}`] = sorted.slice(from, from + ROWS).map((row) => [...row]);
  };
  put('agencies', agencies);
  put('leaders', leaders);
  return facts;
}
