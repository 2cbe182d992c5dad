import type { PendingEvent } from '../../document/index.ts';
import {
  type FileQuery,
  lineKeyOf,
  type Replacement,
  type WorkBook,
  type WorkFile,
} from '../../workflow/index.ts';
import type { Collection, CollectionPlan, MongoDatabase, Session } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const WORK_FILES = 'work_files';

export interface WorkRow {
  /** fileId */
  _id: string;
  agencyId: string;
  kind: WorkFile['kind'];
  documentId: string;
  state: string;
  revision: number;
  turns: readonly string[];
  updatedAt: string;
  /** Present only while something is owed. */
  unfinished?: true;
  /** Absent where it stands in no register. */
  lineKey?: string;
  line?: { register: string; year: number; series: string; number: number };
  record: string;
}

export const WORK_PLANS: readonly CollectionPlan[] = [
  {
    name: WORK_FILES,
    indexes: [
      { key: { agencyId: 1, kind: 1, documentId: 1 }, name: 'document', unique: true },
      { key: { agencyId: 1, _id: -1 }, name: 'newest' },
      { key: { agencyId: 1, turns: 1, _id: -1 }, name: 'turns' },
      {
        key: { lineKey: 1 },
        name: 'line',
        unique: true,
        partialFilterExpression: { lineKey: { $exists: true } },
      },
      {
        key: { agencyId: 1, 'line.register': 1, 'line.year': 1, 'line.number': 1 },
        name: 'register',
        partialFilterExpression: { lineKey: { $exists: true } },
      },
      {
        key: { updatedAt: 1 },
        name: 'unfinished',
        partialFilterExpression: { unfinished: true },
      },
    ],
  },
];

interface Adding {
  file: WorkFile;
  event: PendingEvent;
}
type Added = Awaited<ReturnType<WorkBook['add']>>;
interface Replacing {
  file: WorkFile;
  events: readonly PendingEvent[];
}

export function workBook(mongo: MongoDatabase, lane: WriteLane): WorkBook {
  const rows = mongo.collection<WorkRow>(WORK_FILES);
  const [adding, replacing] = [add(rows), replace(rows)];
  const found = async (filter: object, sort: Record<string, 1 | -1>, limit: number) =>
    (await rows.find(filter).sort(sort).limit(limit).toArray()).map(fileOf);
  return typedFailures<WorkBook>({
    add: (file, event) => lane.write(adding, { file, event }),
    get: async (fileId) => {
      const row = await rows.findOne({ _id: fileId });
      return row ? fileOf(row) : null;
    },
    replace: (file, events) => lane.write(replacing, { file, events }),
    list: (query) => found(filterOf(query), { _id: -1 }, query.limit),
    register: ({ agencyId, register, year, after, limit }) =>
      found(
        {
          agencyId,
          'line.register': register,
          'line.year': year,
          'line.number': { $gt: after },
          lineKey: { $exists: true },
        },
        { 'line.number': 1, 'line.series': 1 },
        limit,
      ),
    lastNumber: async (agencyId, register, year, series) => {
      const line = { 'line.register': register, 'line.year': year, 'line.series': series };
      const [last] = await found({ agencyId, ...line, lineKey: { $exists: true } }, { 'line.number': -1 }, 1);
      return last?.line?.number ?? 0;
    },
    unfinished: (before, limit) =>
      found({ unfinished: true, updatedAt: { $lte: before } }, { updatedAt: 1 }, limit),
  });
}

function filterOf({ agencyId, kind, documentId, turns, states, before }: FileQuery): object {
  return {
    ...(agencyId === null ? {} : { agencyId }),
    ...(kind ? { kind } : {}),
    ...(documentId ? { documentId } : {}),
    ...(turns ? { turns: { $in: [...turns] } } : {}),
    ...(states ? { state: { $in: [...states] } } : {}),
    ...(before === '' ? {} : { _id: { $lt: before } }),
  };
}

function add(rows: Collection<WorkRow>): Step<Adding, Added> {
  return async (items, session) => {
    const keys = items.map(({ file: { agencyId, kind, documentId } }) => ({ agencyId, kind, documentId }));
    const known = await rows.find({ $or: keys }, { session }).toArray();
    const now = new Map(known.map((row) => [keyOf(row), fileOf(row)]));
    const fresh: WorkRow[] = [];
    const outcomes = items.map(({ file, event }): Written<Added> => {
      const there = now.get(keyOf(file));
      if (there) return { result: { file: there, added: false } };
      now.set(keyOf(file), file);
      fresh.push(rowOf(file));
      return { result: { file, added: true }, events: [event] };
    });
    if (fresh.length > 0) await rows.insertMany(fresh, { session });
    return outcomes;
  };
}

function replace(rows: Collection<WorkRow>): Step<Replacing, Replacement> {
  return async (items, session) => {
    const ids = [...new Set(items.map(({ file }) => file.fileId))];
    const known = await rows.find({ _id: { $in: ids } }, { session, projection: { revision: 1 } }).toArray();
    const revisions = new Map(known.map((row) => [row._id, row.revision]));
    const holders = await holdersOf(items, rows, session);
    const changed = new Map<string, WorkFile>();
    const outcomes = items.map(({ file, events }): Written<Replacement> => {
      if (revisions.get(file.fileId) !== file.revision - 1) return { result: 'behind' };
      const key = lineKeyOf(file);
      if (key !== null && (holders.get(key) ?? file.fileId) !== file.fileId)
        return { result: 'number-taken' };
      if (key !== null) holders.set(key, file.fileId);
      revisions.set(file.fileId, file.revision);
      changed.set(file.fileId, file);
      return { result: 'replaced', events };
    });
    if (changed.size > 0)
      await rows.bulkWrite(
        [...changed.values()].map((file) => {
          const { _id, ...replacement } = rowOf(file);
          return { replaceOne: { filter: { _id }, replacement } };
        }),
        { session },
      );
    return outcomes;
  };
}

/** Which files have the numbers that these items would take. Two nodes that take one at once conflict, and one looks again. */
async function holdersOf(
  items: readonly Replacing[],
  rows: Collection<WorkRow>,
  session: Session,
): Promise<Map<string, string>> {
  const keys = items.map(({ file }) => lineKeyOf(file)).filter((key) => key !== null);
  if (keys.length === 0) return new Map();
  const found = await rows
    .find({ lineKey: { $in: [...new Set(keys)] } }, { session, projection: { lineKey: 1 } })
    .toArray();
  return new Map(found.map((row) => [row.lineKey as string, row._id]));
}

function keyOf({ agencyId, kind, documentId }: Pick<WorkRow, 'agencyId' | 'kind' | 'documentId'>): string {
  return `${agencyId}|${kind}|${documentId}`;
}

export function rowOf(file: WorkFile): WorkRow {
  const { fileId, agencyId, kind, documentId, state, revision, turns, updatedAt, unfinished, line } = file;
  const lineKey = lineKeyOf(file);
  return {
    ...{ _id: fileId, agencyId, kind, documentId, state, revision, turns, updatedAt },
    ...(unfinished ? { unfinished: true } : {}),
    ...(lineKey === null || line === null ? {} : { lineKey, line }),
    record: JSON.stringify(file),
  };
}

function fileOf(row: WorkRow): WorkFile {
  return JSON.parse(row.record) as WorkFile;
}
