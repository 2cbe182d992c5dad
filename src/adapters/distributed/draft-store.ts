import type { PendingEvent } from '../../document/index.ts';
import {
  type Draft,
  type DraftStore,
  type DraftVersion,
  type Extension,
  numberKeyOf,
} from '../../signing/index.ts';
import type { Collection, CollectionPlan, MongoDatabase, Session } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const DRAFTS = 'drafts';

export interface DraftRow {
  /** documentId */
  _id: string;
  agencyId: string;
  reference: string;
  version: number;
  /** Absent where it has no number. */
  numberKey?: string;
  record: string;
}

export const DRAFT_PLANS: readonly CollectionPlan[] = [
  {
    name: DRAFTS,
    indexes: [
      { key: { agencyId: 1, reference: 1 }, name: 'reference', unique: true },
      {
        key: { numberKey: 1 },
        name: 'number',
        unique: true,
        partialFilterExpression: { numberKey: { $exists: true } },
      },
    ],
  },
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

function extend(rows: Collection<DraftRow>): Step<Extending, Extension> {
  return async (items, session) => {
    const ids = [...new Set(items.map(({ documentId }) => documentId))];
    const known = await rows.find({ _id: { $in: ids } }, { session }).toArray();
    const now = new Map(known.map((row) => [row._id, draftOf(row)]));
    const holders = await holdersOf(items, now, rows, session);
    const grown = new Set<string>();
    const outcomes = items.map(({ documentId, version, event }): Written<Extension> => {
      const draft = now.get(documentId);
      if (draft?.versions.length !== version.version - 1) return { result: 'behind' };
      const longer = { ...draft, versions: [...draft.versions, version] };
      const key = numberKeyOf(longer);
      if (key !== null && (holders.get(key) ?? documentId) !== documentId) return { result: 'number-taken' };
      if (key !== null) holders.set(key, documentId);
      now.set(documentId, longer);
      grown.add(documentId);
      return { result: 'extended', events: [event] };
    });
    const changed = [...grown].map((id) => rowOf(now.get(id) as Draft));
    if (changed.length > 0)
      await rows.bulkWrite(
        changed.map(({ _id, ...fields }) => ({
          updateOne: { filter: { _id }, update: { $set: fields } },
        })),
        { session },
      );
    return outcomes;
  };
}

/** Which drafts have the numbers that these items would give. Two nodes that give one at once conflict, and one looks again. */
async function holdersOf(
  items: readonly Extending[],
  drafts: ReadonlyMap<string, Draft>,
  rows: Collection<DraftRow>,
  session: Session,
): Promise<Map<string, string>> {
  const keys = items.flatMap(({ documentId, version }) => {
    const draft = drafts.get(documentId);
    const key =
      draft && version.step.kind === 'numbered' ? numberKeyOf({ ...draft, versions: [version] }) : null;
    return key === null ? [] : [key];
  });
  if (keys.length === 0) return new Map();
  const found = await rows.find({ numberKey: { $in: [...new Set(keys)] } }, { session }).toArray();
  return new Map(found.map((row) => [row.numberKey as string, row._id]));
}

function keyOf({ agencyId, reference }: { agencyId: string; reference: string }): string {
  return `${agencyId}|${reference}`;
}

export function rowOf(draft: Draft): DraftRow {
  const { documentId, agencyId, reference, versions } = draft;
  const numberKey = numberKeyOf(draft);
  return {
    _id: documentId,
    agencyId,
    reference,
    version: versions.length,
    ...(numberKey === null ? {} : { numberKey }),
    record: JSON.stringify(draft),
  };
}

function draftOf(row: DraftRow): Draft {
  return JSON.parse(row.record) as Draft;
}
