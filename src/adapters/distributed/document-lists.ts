import type { DocumentQuery, DocumentRecord, DocumentState } from '../../document/index.ts';
import type { Collection } from './database.ts';
import { type DocumentRow, recordOf } from './document-rows.ts';

const SENT: readonly DocumentState[] = ['accepted', 'held', 'released', 'refused', 'recalled', 'destroyed'];
const RECEIVED: readonly DocumentState[] = ['accepted', 'recalled', 'destroyed'];

/** MongoDB merges at most 200 scans of an index in order; what needs more would be sorted whole. */
const MOST_SCANS = 180;

/** Newest first. Every index entry that is read is one of the page, or of the page of one of the agencies asked for. */
export async function listDocuments(
  rows: Collection<DocumentRow>,
  query: DocumentQuery,
): Promise<DocumentRecord[]> {
  const received = query.agencyIds !== null && query.direction === 'received';
  const states = (received ? RECEIVED : SENT).filter(
    (one) => query.state === undefined || one === query.state,
  );
  if (states.length === 0) return [];
  const pages = await Promise.all(
    groups(query.agencyIds, Math.floor(MOST_SCANS / states.length)).map((agencyIds) =>
      rows
        .find(filterOf(query, states, agencyIds))
        .sort({ _id: -1 })
        .limit(query.limit)
        .hint(indexFor(query))
        .toArray(),
    ),
  );
  const found = new Map(pages.flat().map((row) => [row._id, row]));
  const newest = [...found.values()].sort((a, b) => (a._id < b._id ? 1 : -1));
  return newest.slice(0, query.limit).map(recordOf);
}

function groups(agencyIds: readonly string[] | null, size: number): (readonly string[] | null)[] {
  if (agencyIds === null) return [null];
  const parts: string[][] = [];
  for (let i = 0; i < agencyIds.length; i += size) parts.push(agencyIds.slice(i, i + size));
  return parts;
}

function filterOf(
  query: DocumentQuery,
  states: DocumentState[],
  agencyIds: readonly string[] | null,
): object {
  const who = query.direction === 'received' ? 'recipientIds' : 'senderId';
  return {
    state: { $in: states },
    ...(agencyIds === null ? {} : { [who]: { $in: [...agencyIds] } }),
    ...(query.edxmlId === undefined ? {} : { edxmlId: query.edxmlId }),
    ...(query.since === undefined ? {} : { receivedAt: { $gte: query.since } }),
    ...(query.after === undefined ? {} : { _id: { $lt: query.after } }),
  };
}

/** Named, since a plan that was tried on an agency without documents would be kept for one with a million. */
function indexFor(query: DocumentQuery): string {
  if (query.edxmlId !== undefined) return 'by_edxml_id';
  if (query.agencyIds === null) return 'by_state';
  return query.direction === 'received' ? 'by_recipient' : 'by_sender';
}
