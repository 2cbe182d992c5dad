import type { DocumentRecord, DocumentStore } from '../../document/index.ts';
import type { MongoDatabase } from './database.ts';
import { listDocuments } from './document-lists.ts';
import { DOCUMENTS, type DocumentRow, recordOf } from './document-rows.ts';
import { change, register } from './document-steps.ts';
import { EVENTS, type EventRow } from './event-rows.ts';
import { typedFailures } from './failures.ts';
import { type LookUp, sharedReads } from './shared-reads.ts';
import type { WriteLane } from './write-lane.ts';

export function documentStore(mongo: MongoDatabase, lane: WriteLane): DocumentStore {
  const rows = mongo.collection<DocumentRow>(DOCUMENTS);
  const steps = { register: register(rows), change: change(mongo) };
  const acts = sharedReads(mongo, BY_NAME);
  return typedFailures<DocumentStore>({
    register: (record, events) => lane.write(steps.register, { record, events }),
    change: (wanted) => lane.write(steps.change, wanted),
    get: async (documentId) => {
      const row = await rows.findOne({ _id: documentId });
      return row ? recordOf(row) : null;
    },
    withdraw: (documentId) => withdraw(mongo, documentId),
    byEdxmlId: (senderId, edxmlId) => acts({ senderId, edxmlId }),
    list: (query) => listDocuments(rows, query),
    waiting: async (waits, before, limit) => {
      const found = rows.find({ waits, receivedAt: { $lt: before } }).sort({ receivedAt: 1, _id: 1 });
      return (await found.limit(limit).toArray()).map(recordOf);
    },
  });
}

interface Named {
  senderId: string;
  edxmlId: string;
}

/** All acts under each of these names, oldest first. */
const BY_NAME: LookUp<Named, DocumentRow, DocumentRecord[]> = {
  collection: DOCUMENTS,
  match: (asked) => {
    const bySender = Map.groupBy(asked, ({ senderId }) => senderId);
    const names = [...bySender].map(([senderId, ofSender]) => ({
      senderId,
      edxmlId: { $in: [...new Set(ofSender.map(({ edxmlId }) => edxmlId))] },
    }));
    return { $or: names };
  },
  fields: {
    _id: 1,
    senderId: 1,
    edxmlId: 1,
    businessType: 1,
    ordinal: 1,
    receivedAt: 1,
    state: 1,
    receipt: 1,
    acceptedAt: 1,
    record: 1,
  },
  answer: (found, asked) => {
    const age = (row: DocumentRow) => `${row.receivedAt} ${row._id}`;
    const sorted = [...found].sort((a, b) => (age(a) < age(b) ? -1 : 1));
    const ofEach = Map.groupBy(sorted, (row) => JSON.stringify([row.senderId, row.edxmlId]));
    return asked.map(({ senderId, edxmlId }) =>
      (ofEach.get(JSON.stringify([senderId, edxmlId])) ?? []).map(recordOf),
    );
  },
};

function withdraw(mongo: MongoDatabase, documentId: string): Promise<void> {
  return mongo.atomically(async (session) => {
    const documents = mongo.collection<DocumentRow>(DOCUMENTS);
    const { deletedCount } = await documents.deleteOne({ _id: documentId, state: 'received' }, { session });
    if (deletedCount === 0) return;
    const events = mongo.collection<EventRow>(EVENTS);
    await events.deleteMany({ subjectId: documentId, open: { $exists: true } }, { session });
  });
}
