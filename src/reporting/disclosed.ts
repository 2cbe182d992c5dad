import type { RecordedEvent } from '../document/index.ts';
import type { Stations } from '../exchange/index.ts';
import { type JsonValue, otherWork } from '../kernel/index.ts';
import { commitFacts, type Disclosure, disclose, parseEntry } from '../ledger/index.ts';
import { type Month, monthOf } from './month.ts';
import { snapshotSubject } from './snapshot.ts';

/** One entry of the log for an auditor: its exact bytes, and the facts that figures are made of, opened. */
export interface DisclosedEntry {
  index: number;
  entry: Buffer;
  /** All commitments of the entry, in the order of their tree; none where nothing is opened. */
  commitments: string[];
  disclosures: Disclosure[];
}

/**
 * What is opened, by type of entry: enough to count, and no more. No document's id, number, digest or text, and officials under
 * their pseudonyms.
 */
const OPENED: Readonly<Record<string, readonly string[]>> = {
  'document.submitted': ['sender', 'businessType'],
  'document.refused': ['code'],
  'document.recalled': [],
  'signature.verified': ['indication', 'legalValue', 'officials'],
  'delivery.queued': ['count', 'recipient:'],
  'delivery.fetched': ['recipient', 'kind'],
  'delivery.acknowledged': ['recipient', 'kind'],
  'registry.snapshot': ['month', 'agencies', 'leaders', 'agencies:', 'leaders:'],
};
const STATUS = ['reporter', 'code'];

const PAGE = 256;
/** Keys of documents whose entries lie close together are asked for once. */
const KEYS_KEPT = 2_000;

/** What reading the ledger with its facts needs. */
export type DisclosingDesk = Pick<Stations, 'reader' | 'events' | 'documents' | 'refusals'>;

/** The log from an index up to a size, entry by entry, as an auditor may see it. */
export async function* disclosedEntries(
  x: DisclosingDesk,
  from: number,
  size: number,
): AsyncGenerator<DisclosedEntry> {
  const keyOf = keysFor(x);
  for await (const { index, entry, event, names } of openedEntries(x, from, size)) {
    const key = event && names.length > 0 ? await keyOf(event, entry) : null;
    yield { index, entry, ...opened(event, names, key) };
  }
}

/** An entry with the facts that may be counted, by name: what an auditor's export opens, without the proof of it. */
export interface CountedEntry {
  index: number;
  entry: Buffer;
  facts: Readonly<Record<string, JsonValue>>;
  /** Facts were there, and the key to them was destroyed with the document. */
  closed: boolean;
}

/**
 * The log as it is counted, from an index up to a size, in slices between which other work has its turn. Nothing is proven anew: what
 * is counted is what the export would open, and whoever recomputes from that proves it.
 */
export async function* countedEntries(
  x: DisclosingDesk,
  from: number,
  size: number,
): AsyncGenerator<CountedEntry> {
  const keyOf = keysFor(x);
  for await (const { index, entry, event, names } of openedEntries(x, from, size)) {
    if (index % PAGE === 0) await otherWork();
    const asked = event !== undefined && names.length > 0;
    const closed = asked && (await keyOf(event, entry)) === null;
    const facts = asked && !closed ? Object.fromEntries(names.map((name) => [name, event.facts[name]])) : {};
    yield { index, entry, facts: facts as CountedEntry['facts'], closed };
  }
}

interface OpenedEntry {
  index: number;
  entry: Buffer;
  event: RecordedEvent | undefined;
  /** Facts that may be opened. */
  names: string[];
}

async function* openedEntries(x: DisclosingDesk, from: number, size: number): AsyncGenerator<OpenedEntry> {
  for (let start = from; start < size; start += PAGE) {
    const count = Math.min(PAGE, size - start);
    const entries = await x.reader.entries(start, count);
    const events = new Map((await x.events.placed(start, count)).map((event) => [event.place?.index, event]));
    for (const [i, entry] of entries.entries()) {
      const event = events.get(start + i);
      yield { index: start + i, entry, event, names: event ? openedNames(event) : [] };
    }
  }
}

function opened(
  event: RecordedEvent | undefined,
  names: readonly string[],
  key: Buffer | null,
): Pick<DisclosedEntry, 'commitments' | 'disclosures'> {
  if (!event || key === null) return { commitments: [], disclosures: [] };
  const { commitments } = commitFacts(key, event.eventId, event.facts);
  return { commitments, disclosures: disclose(key, event.eventId, event.facts, names) };
}

function openedNames({ type, facts }: RecordedEvent): string[] {
  const allowed = type.startsWith('status.')
    ? STATUS
    : Object.hasOwn(OPENED, type)
      ? OPENED[type]
      : undefined;
  return Object.keys(facts).filter((name) =>
    allowed?.some((one) => (one.endsWith(':') ? name.startsWith(one) : name === one)),
  );
}

/** Keys of entries' commitments; null where the key was destroyed with its document. */
function keysFor({ documents, refusals }: DisclosingDesk) {
  const kept = new Map<string, Buffer | null>();
  const look = async ({ subjectId, type }: RecordedEvent, entry: Buffer): Promise<Buffer | null> => {
    if (type === 'registry.snapshot')
      return Buffer.from(snapshotSubject(snapshotMonth(entry)).ledgerKey, 'base64url');
    const found =
      type === 'document.refused' ? await refusals.get(subjectId) : await documents.get(subjectId);
    const held = found ?? (await documents.get(subjectId));
    return held?.ledgerKey ? Buffer.from(held.ledgerKey, 'base64url') : null;
  };
  return async (event: RecordedEvent, entry: Buffer): Promise<Buffer | null> => {
    const known = kept.get(event.subjectId);
    if (known !== undefined) return known;
    if (kept.size >= KEYS_KEPT) kept.clear();
    const key = await look(event, entry);
    kept.set(event.subjectId, key);
    return key;
  };
}

function snapshotMonth(entry: Buffer): Month {
  return monthOf(Date.parse(parseEntry(entry).at));
}

/** First line of an export: which log, and the signed head that the entries lead to. */
export interface ExportHead {
  v: 1;
  kind: 'truc-disclosed-export';
  log: string;
  vkey: string;
  size: number;
  /** Signed note, verbatim. */
  checkpoint: string;
}

/** The auditor's export as NDJSON (docs/figures.md): a head, then a line for each entry. */
export async function* disclosedExport(x: DisclosingDesk & Pick<Stations, 'vkey'>): AsyncGenerator<string> {
  const size = await x.reader.size();
  const checkpoint = await x.reader.checkpoint(size);
  const head: ExportHead = {
    ...{ v: 1, kind: 'truc-disclosed-export', log: x.reader.origin, vkey: x.vkey, size, checkpoint },
  };
  yield `${JSON.stringify(head)}\n`;
  for await (const { entry, commitments, disclosures } of disclosedEntries(x, 0, size)) {
    const opens = disclosures.length > 0 ? { commitments, disclosures } : {};
    yield `${JSON.stringify({ entry: entry.toString('base64'), ...opens })}\n`;
  }
}
