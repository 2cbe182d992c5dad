import type { Agency } from '../agency/index.ts';
import type { DocumentRecord, RefusalRecord } from '../document/index.ts';
import { isoTime } from '../kernel/index.ts';
import type { ConsoleDesk } from './desk.ts';
import type { Found } from './find.ts';
import { filterOf, type LogField, type LogView } from './log-query.ts';
import type { Viewer } from './viewer.ts';

/** A submission that was held or refused: the axis has it on record, and no recipient was told. */
export interface StoppedLine {
  at: string;
  state: 'held' | 'refused' | 'refusedHeld';
  sender: Agency | null;
  /** Null for what was refused at once: nothing of its content may be kept. */
  document: DocumentRecord | null;
  /** Null for documents. */
  refusal: RefusalRecord | null;
}

export interface Stopped {
  lines: StoppedLine[];
  /** Where the next page begins; null at the end. */
  next: string | null;
}

/** Whether a view asks for nothing but these. */
export function isOfStopped({ state }: LogView): boolean {
  return state === 'held' || state === 'refused';
}

/** What only a delivery has: who asks for it does not mean these. */
const OF_DELIVERIES: readonly LogField[] = [
  'receiver',
  'toLevel',
  'fromLevel',
  'business',
  'urgency',
  'overdue',
  'reason',
];
/** Held documents are decided within a day, and few are refused after it. */
const MOST_DOCUMENTS = 200;

/**
 * Submissions that a view of the log means and that have no deliveries, newest first.
 * @param found what its search found; null where nothing is searched for
 * @returns null where the view asks for what only deliveries have
 */
export async function stoppedOf(
  { view, found, limit }: { view: LogView; found: Found | null; limit: number },
  viewer: Viewer,
  desk: ConsoleDesk,
): Promise<Stopped | null> {
  const onlyState = isOfStopped(view) ? (view.state as 'held' | 'refused') : null;
  const meant = view.state === undefined || onlyState !== null;
  if (!meant || (view.kind ?? 'document') !== 'document' || OF_DELIVERIES.some((name) => view[name]))
    return null;
  const x = desk.stations;
  const { from, to } = filterOf({ ...view, state: undefined }, viewer.reach, x.clock.now(), x.calendar);
  const senderIds = await sendersOf(view, found, viewer, desk);
  const asked: Asked = { senderIds, from, to, onlyState, documentIds: found?.documentIds ?? [] };
  const after = placeOf(view.after);
  const [documents, refusals] = await Promise.all([
    after ? [] : documentsOf(asked, found, desk),
    refusalsOf({ ...asked, after, limit: limit + 1 }, found, desk),
  ]);
  const lines = [
    ...documents.map((document) => ({ at: document.receivedAt, document, refusal: null })),
    ...refusals.slice(0, limit).map((refusal) => ({ at: refusal.at, document: null, refusal })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  const last = refusals.length > limit ? refusals[limit - 1] : undefined;
  return { lines: await named(lines, desk), next: last ? `${last.at}_${last.refusalId}` : null };
}

interface Asked {
  senderIds: readonly string[] | null;
  from: string | undefined;
  to: string | undefined;
  onlyState: 'held' | 'refused' | null;
  documentIds: readonly string[];
}

/** Null for all: within reach, of the sender of the view, and of the agencies that were found. */
async function sendersOf(
  view: LogView,
  found: Found | null,
  { reach }: Viewer,
  { stations: x }: ConsoleDesk,
): Promise<readonly string[] | null> {
  const wanted: (readonly string[])[] = [];
  if (reach !== null) wanted.push(reach);
  if (view.sender !== undefined)
    wanted.push([(await x.agencies.resolve(view.sender, x.clock.now()))?.id ?? '']);
  if (found && found.agencies.length > 0) wanted.push(found.agencies.map((one) => one.id));
  if (wanted.length === 0) return null;
  return wanted.reduce((a, b) => a.filter((id) => b.includes(id)));
}

const searchesElse = (found: Found | null, ids: readonly string[]) =>
  found !== null && ids.length === 0 && found.agencies.length === 0;

async function documentsOf(asked: Asked, found: Found | null, desk: ConsoleDesk): Promise<DocumentRecord[]> {
  if (searchesElse(found, asked.documentIds)) return [];
  const { senderIds, from, to, onlyState } = asked;
  const all = await stoppedDocuments(asked, desk);
  return all.filter(
    ({ state, receivedAt, key }) =>
      (state === 'held' || state === 'refused') &&
      (onlyState === null || state === onlyState) &&
      (senderIds === null || senderIds.includes(key.senderId)) &&
      (from === undefined || receivedAt >= from) &&
      (to === undefined || receivedAt < to),
  );
}

async function stoppedDocuments(
  { documentIds, senderIds, from, onlyState }: Asked,
  { stations: x }: ConsoleDesk,
): Promise<DocumentRecord[]> {
  if (documentIds.length > 0) {
    const found = await Promise.all(documentIds.map((id) => x.documents.get(id)));
    return found.filter((one): one is DocumentRecord => one !== null);
  }
  const refused = {
    agencyIds: senderIds,
    direction: 'sent',
    state: 'refused',
    limit: MOST_DOCUMENTS,
  } as const;
  const [held, gone] = await Promise.all([
    onlyState === 'refused'
      ? []
      : x.documents.waiting('held', isoTime(x.clock.now() + 1_000), MOST_DOCUMENTS),
    onlyState === 'held' ? [] : x.documents.list({ ...refused, ...(from ? { since: from } : {}) }),
  ]);
  return [...held, ...gone];
}

async function refusalsOf(
  {
    senderIds,
    from,
    to,
    onlyState,
    after,
    limit,
  }: Asked & { after: ReturnType<typeof placeOf>; limit: number },
  found: Found | null,
  { stations: x }: ConsoleDesk,
): Promise<RefusalRecord[]> {
  if (onlyState === 'held' || searchesElse(found, found?.refusalIds ?? [])) return [];
  const within = { senderIds, limit, ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const ids = found?.refusalIds ?? [];
  if (ids.length === 0) return x.refusals.list({ ...within, ...(after ? { after } : {}) });
  const all = await Promise.all(ids.map((id) => x.refusals.list({ ...within, id })));
  return all.flat();
}

async function named(
  lines: readonly Pick<StoppedLine, 'at' | 'document' | 'refusal'>[],
  { stations: x }: ConsoleDesk,
): Promise<StoppedLine[]> {
  const ids = lines.map(({ document, refusal }) => document?.key.senderId ?? refusal?.senderId ?? '');
  const once = [...new Set(ids)];
  const agencies = new Map(
    await Promise.all(once.map(async (id) => [id, await x.agencies.get(id)] as const)),
  );
  return lines.map((line, i) => ({
    ...line,
    state:
      line.refusal !== null ? 'refused' : line.document?.state === 'held' ? 'held' : ('refusedHeld' as const),
    sender: agencies.get(ids[i] ?? '') ?? null,
  }));
}

function placeOf(text: string | undefined): Pick<RefusalRecord, 'at' | 'refusalId'> | null {
  const [, at, refusalId] = /^(\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)_([0-9a-f-]{36})$/.exec(text ?? '') ?? [];
  return at && refusalId ? { at, refusalId } : null;
}

/** All of a view in pages, for exports. */
export async function* allStopped(
  asked: { view: LogView; found: Found | null },
  viewer: Viewer,
  desk: ConsoleDesk,
): AsyncGenerator<StoppedLine[]> {
  let { after } = asked.view;
  for (;;) {
    const view = { ...asked.view, ...(after === undefined ? {} : { after }) };
    const page = await stoppedOf({ ...asked, view, limit: 500 }, viewer, desk);
    if (page && page.lines.length > 0) yield page.lines;
    if (!page?.next) return;
    after = page.next;
  }
}
