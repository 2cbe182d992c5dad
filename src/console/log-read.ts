import type { Agency } from '../agency/index.ts';
import type { LogCounts, LogFilter, LogLine, LogPlace } from '../delivery/index.ts';
import type { DocumentRecord } from '../document/index.ts';
import type { ConsoleDesk } from './desk.ts';
import { type Found, find } from './find.ts';
import { filterOf, type LogView, placeOf, type ReadView } from './log-query.ts';
import type { Viewer } from './viewer.ts';

/** A line with what people read instead of ids. */
export interface ShownLine {
  line: LogLine;
  document: DocumentRecord | null;
  sender: Agency | null;
  recipient: Agency | null;
}

export interface LogSearch {
  filters: readonly LogFilter[];
  found: Found | null;
  /** Fields that name something unknown: they are left out and said. */
  unknown: string[];
}

/** The most lines that are counted for a view. */
export const MOST_COUNTED = 10_000;

/** What a view asks the log for: one filter, or several whose lines are one list. */
export async function searchOf(
  { view, ignored }: ReadView,
  viewer: Viewer,
  desk: ConsoleDesk,
): Promise<LogSearch> {
  const x = desk.stations;
  const unknown = [...ignored];
  let filter = filterOf(view, viewer.reach, x.clock.now(), x.calendar);
  for (const [field, name] of [
    ['sender', 'senderId'],
    ['receiver', 'recipientId'],
  ] as const) {
    const code = view[field];
    if (code === undefined) continue;
    const agency = await x.agencies.resolve(code, x.clock.now());
    // A code that nobody has leaves nothing, as it would be shown otherwise what was not asked for.
    filter = { ...filter, [name]: agency?.id ?? '' };
    if (!agency) unknown.push(field);
  }
  if (view.q === undefined) return { filters: [filter], found: null, unknown };
  const found = await find(view.q, x, desk.log);
  return { filters: filtersFor(found, filter), found, unknown };
}

function filtersFor(found: Found, filter: LogFilter): LogFilter[] {
  if (found.documentIds.length > 0) return [{ ...filter, documentIds: found.documentIds }];
  const ids = found.agencies.map((one) => one.id);
  const { reach } = filter;
  if (ids.length === 0) return [{ ...filter, documentIds: [] }];
  if (reach === null || ids.every((id) => reach.includes(id))) return [{ ...filter, reach: ids }];
  // Both the agency found and one of the viewer's own must be parties.
  return ids.flatMap((id) => [
    {
      ...filter,
      senderId: filter.senderId ?? id,
      ...(filter.senderId && filter.senderId !== id ? { documentIds: [] } : {}),
    },
    {
      ...filter,
      recipientId: filter.recipientId ?? id,
      ...(filter.recipientId && filter.recipientId !== id ? { documentIds: [] } : {}),
    },
  ]);
}

/** One page of a view in its order, and whether more follow. */
export async function pageOf(
  filters: readonly LogFilter[],
  view: Pick<LogView, 'sort' | 'after'>,
  limit: number,
  { log }: ConsoleDesk,
): Promise<{ lines: LogLine[]; more: boolean }> {
  const order = view.sort === 'oldest' ? 'oldest' : 'newest';
  const after = view.after === undefined ? null : placeOf(view.after);
  const pages = await Promise.all(
    filters.map((filter) => log.page({ ...filter, order, limit: limit + 1, ...(after ? { after } : {}) })),
  );
  const all = [...new Map(pages.flat().map((one) => [one.deliveryId, one])).values()];
  const place = (one: LogPlace) => `${one.createdAt} ${one.deliveryId}`;
  const way = order === 'newest' ? -1 : 1;
  if (filters.length > 1) all.sort((a, b) => (place(a) < place(b) ? -way : way));
  return { lines: all.slice(0, limit), more: all.length > limit };
}

export async function countsOf(
  filters: readonly LogFilter[],
  { log }: ConsoleDesk,
): Promise<LogCounts | null> {
  // Lists that were put together have lines in common, which figures cannot tell.
  const [only, ...others] = filters;
  return only && others.length === 0 ? log.counts(only, MOST_COUNTED) : null;
}

/** Names and documents of lines; each is looked up once. */
export async function shown(lines: readonly LogLine[], { stations: x }: ConsoleDesk): Promise<ShownLine[]> {
  const agencies = await lookUp(
    lines.flatMap((one) => [one.senderId, one.recipientId]),
    (id) => x.agencies.get(id),
  );
  const documents = await lookUp(
    lines.map((one) => one.documentId),
    (id) => x.documents.get(id),
  );
  return lines.map((line) => ({
    line,
    document: documents.get(line.documentId) ?? null,
    sender: agencies.get(line.senderId) ?? null,
    recipient: agencies.get(line.recipientId) ?? null,
  }));
}

async function lookUp<Value>(
  ids: readonly string[],
  get: (id: string) => Promise<Value | null>,
): Promise<Map<string, Value | null>> {
  const once = [...new Set(ids)];
  const values = await Promise.all(once.map(get));
  return new Map(once.map((id, i) => [id, values[i] ?? null]));
}

/** All lines of a view in its order, in pages: memory does not grow with the log. */
export async function* allLines(
  filters: readonly LogFilter[],
  view: Pick<LogView, 'sort'>,
  desk: ConsoleDesk,
): AsyncGenerator<ShownLine[]> {
  let after: string | undefined;
  for (;;) {
    const { lines, more } = await pageOf(
      filters,
      { ...view, ...(after ? { after } : {}) },
      EXPORT_PAGE,
      desk,
    );
    if (lines.length > 0) yield await shown(lines, desk);
    const last = lines.at(-1);
    if (!more || !last) return;
    after = `${last.createdAt}_${last.deliveryId}`;
  }
}

const EXPORT_PAGE = 500;
