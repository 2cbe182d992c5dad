import {
  type DocumentChange,
  type DocumentRecord,
  type PendingEvent,
  type Registration,
  searchKeys,
} from '../../document/index.ts';
import type { Collection, MongoDatabase, Session } from './database.ts';
import { DOCUMENTS, type DocumentRow, recordOf, rowOf, waitingFor } from './document-rows.ts';
import { EVENTS, type EventRow } from './event-rows.ts';
import { NotAsHoped } from './hopefully.ts';
import type { Step, Written } from './write-lane.ts';

interface Registering {
  record: DocumentRecord;
  events: readonly PendingEvent[];
}

const keyOf = ({ senderId, edxmlId, businessType, ordinal }: DocumentRecord['key'] | DocumentRow) => ({
  senderId,
  edxmlId,
  businessType,
  ordinal,
});
const nameOf = (key: DocumentRecord['key'] | DocumentRow) => JSON.stringify(Object.values(keyOf(key)));

/** Who finds its key taken gets the document that has it; a rival in another node's transaction is a conflict of the two. */
export function register(rows: Collection<DocumentRow>): Step<Registering, Registration> {
  return async (items, session, hopeful) => {
    const keys = [...new Map(items.map(({ record }) => [nameOf(record.key), keyOf(record.key)])).values()];
    const taken = hopeful ? [] : await rows.find({ $or: keys } as object, { session }).toArray();
    const owners = new Map(taken.map((row) => [nameOf(row), recordOf(row)]));
    const fresh: DocumentRow[] = [];
    const outcomes = items.map(({ record, events }): Written<Registration> => {
      const existing = owners.get(nameOf(record.key));
      if (existing) return { result: { outcome: 'exists', existing } };
      owners.set(nameOf(record.key), record);
      const row = rowOf(record);
      fresh.push(row);
      return { result: { outcome: 'registered' }, events, subject: row };
    });
    if (fresh.length > 0) await rows.insertMany(fresh, { session });
    return outcomes;
  };
}

/** Of several moves from one state the first happens and the others see where the document is then. */
export function change(mongo: MongoDatabase): Step<DocumentChange, boolean> {
  const rows = mongo.collection<DocumentRow>(DOCUMENTS);
  return async (changes, session, hopeful) => {
    const ids = [...new Set(changes.map((one) => one.documentId))];
    if (hopeful && ids.length === changes.length && changes.every(isBlind))
      return changeBlindly(mongo, changes, session);
    const found = await rows.find({ _id: { $in: ids } }, { session }).toArray();
    const current = new Map(found.map((row) => [row._id, row]));
    const shown: string[] = [];
    const moved = new Set<string>();
    const outcomes = changes.map((wanted): Written<boolean> => {
      const row = current.get(wanted.documentId);
      if (!row || !wanted.from.includes(row.state)) return { result: false };
      if (row.state === 'received' && wanted.to !== 'received') shown.push(row._id);
      const next = changed(row, wanted);
      current.set(row._id, next);
      moved.add(row._id);
      return { result: true, events: wanted.events, subject: next };
    });
    await write(
      rows,
      [...moved].map((id) => current.get(id) as DocumentRow),
      session,
    );
    await show(mongo, shown, session);
    return outcomes;
  };
}

/** Whether a change can be made without what the document was. */
function isBlind({ forget, events }: DocumentChange): boolean {
  return !forget && events.length === 0;
}

/** @throws NotAsHoped where one of the documents is in another state */
async function changeBlindly(
  mongo: MongoDatabase,
  changes: readonly DocumentChange[],
  session: Session,
): Promise<Written<boolean>[]> {
  const { matchedCount } = await mongo.collection<DocumentRow>(DOCUMENTS).bulkWrite(
    changes.map(({ documentId, from, to, receipt, acceptedAt }) => {
      const { waits } = waitingFor(to);
      const known = {
        state: to,
        ...(receipt === undefined ? {} : { receipt }),
        ...(acceptedAt === undefined ? {} : { acceptedAt }),
      };
      return {
        updateOne: {
          filter: { _id: documentId, state: { $in: [...from] } },
          update: waits ? { $set: { ...known, waits } } : { $set: known, $unset: { waits: '' } },
        },
      };
    }),
    { session },
  );
  if (matchedCount < changes.length) throw new NotAsHoped();
  const shown = changes.filter(({ from, to }) => from.includes('received') && to !== 'received');
  await show(
    mongo,
    shown.map(({ documentId }) => documentId),
    session,
  );
  return changes.map(() => ({ result: true }));
}

function changed({ waits: _, ...row }: DocumentRow, wanted: DocumentChange): DocumentRow {
  return {
    ...row,
    state: wanted.to,
    receipt: wanted.receipt ?? row.receipt,
    acceptedAt: wanted.acceptedAt ?? row.acceptedAt,
    ...waitingFor(wanted.to),
    ...(wanted.forget ? withoutContent(row) : {}),
  };
}

function withoutContent(row: DocumentRow): Pick<DocumentRow, 'record' | 'keys'> {
  const record = forgotten(row.record);
  return { record, keys: searchKeys(recordOf({ ...row, record })) };
}

function forgotten(record: string): string {
  const gone = { original: null, ledgerKey: null, report: '', subject: '', attachments: [] };
  return JSON.stringify({ ...(JSON.parse(record) as object), ...gone });
}

async function write(rows: Collection<DocumentRow>, moved: DocumentRow[], session: Session): Promise<void> {
  if (moved.length === 0) return;
  await rows.bulkWrite(
    moved.map(({ _id, state, receipt, acceptedAt, waits, keys, record }) => ({
      updateOne: {
        filter: { _id },
        update: {
          $set: { state, receipt, acceptedAt, keys, record, ...(waits ? { waits } : {}) },
          ...(waits ? {} : { $unset: { waits: '' } }),
        },
      },
    })),
    { session },
  );
}

/** Events of documents that are past `received` from now on. */
async function show(mongo: MongoDatabase, documentIds: string[], session: Session): Promise<void> {
  if (documentIds.length === 0) return;
  await mongo
    .collection<EventRow>(EVENTS)
    .updateMany(
      { subjectId: { $in: documentIds }, open: 'hidden' },
      { $set: { open: 'pending' } },
      { session },
    );
}
