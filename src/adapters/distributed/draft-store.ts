import type { PendingEvent } from '../../document/index.ts';
import type { Draft, DraftStore, DraftVersion } from '../../signing/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const DRAFTS = 'drafts';

export interface DraftRow {
  /** documentId */
  _id: string;
  agencyId: string;
  reference: string;
  version: number;
  record: string;
}

export const DRAFT_PLANS: readonly CollectionPlan[] = [
  { name: DRAFTS, indexes: [{ key: { agencyId: 1, reference: 1 }, name: 'reference', unique: true }] },
];

interface Adding {
  draft: Draft;
  event: PendingEvent;
}
type Added = Awaited<ReturnType<DraftStore['add']>>;

interface Extending {
  documentId: string;
  version: DraftVersion;
  event: PendingEvent;
}

export function draftStore(mongo: MongoDatabase, lane: WriteLane): DraftStore {
  const rows = mongo.collection<DraftRow>(DRAFTS);
  const [adding, extending] = [add(rows), extend(rows)];
  return typedFailures<DraftStore>({
    add: (draft, event) => lane.write(adding, { draft, event }),
    get: async (documentId) => {
      const row = await rows.findOne({ _id: documentId });
      return row ? draftOf(row) : null;
    },
    list: async ({ after, limit }) =>
      (
        await rows
          .find({ _id: { $gt: after } })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray()
      ).map(draftOf),
    extend: (documentId, version, event) => lane.write(extending, { documentId, version, event }),
  });
}

function add(rows: Collection<DraftRow>): Step<Adding, Added> {
  return async (items, session) => {
    const keys = items.map(({ draft: { agencyId, reference } }) => ({ agencyId, reference }));
    const known = await rows.find({ $or: keys }, { session }).toArray();
    const now = new Map(known.map((row) => [keyOf(row), draftOf(row)]));
    const fresh: DraftRow[] = [];
    const outcomes = items.map(({ draft, event }): Written<Added> => {
      const there = now.get(keyOf(draft));
      if (there) return { result: { draft: there, added: false } };
      now.set(keyOf(draft), draft);
      fresh.push(rowOf(draft));
      return { result: { draft, added: true }, events: [event] };
    });
    if (fresh.length > 0) await rows.insertMany(fresh, { session });
    return outcomes;
  };
}

function extend(rows: Collection<DraftRow>): Step<Extending, boolean> {
  return async (items, session) => {
    const ids = [...new Set(items.map(({ documentId }) => documentId))];
    const known = await rows.find({ _id: { $in: ids } }, { session }).toArray();
    const now = new Map(known.map((row) => [row._id, draftOf(row)]));
    const grown = new Set<string>();
    const outcomes = items.map(({ documentId, version, event }): Written<boolean> => {
      const draft = now.get(documentId);
      if (draft?.versions.length !== version.version - 1) return { result: false };
      now.set(documentId, { ...draft, versions: [...draft.versions, version] });
      grown.add(documentId);
      return { result: true, events: [event] };
    });
    const changed = [...grown].map((id) => rowOf(now.get(id) as Draft));
    if (changed.length > 0)
      await rows.bulkWrite(
        changed.map(({ _id, version, record }) => ({
          updateOne: { filter: { _id }, update: { $set: { version, record } } },
        })),
        { session },
      );
    return outcomes;
  };
}

function keyOf({ agencyId, reference }: { agencyId: string; reference: string }): string {
  return `${agencyId}|${reference}`;
}

export function rowOf(draft: Draft): DraftRow {
  const { documentId, agencyId, reference, versions } = draft;
  return { _id: documentId, agencyId, reference, version: versions.length, record: JSON.stringify(draft) };
}

function draftOf(row: DraftRow): Draft {
  return JSON.parse(row.record) as Draft;
}
