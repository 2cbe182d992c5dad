import type { DocumentState } from '../../document/index.ts';
import type { MongoDatabase, Session } from './database.ts';
import { DOCUMENTS, type DocumentRow } from './document-rows.ts';

/** What the feed has to know of the document that an event is about. */
export interface EventSubject {
  senderId: string;
  recipientIds: readonly string[];
  state: DocumentState;
}

/** The documents among these subjects, by id; a refusal has none. */
export async function subjectsOf(
  mongo: MongoDatabase,
  subjectIds: readonly string[],
  session: Session,
): Promise<Map<string, EventSubject>> {
  if (subjectIds.length === 0) return new Map();
  const documents = mongo.collection<DocumentRow>(DOCUMENTS);
  const rows = await documents
    .find(
      { _id: { $in: [...subjectIds] } },
      { session, projection: { senderId: 1, recipientIds: 1, state: 1 } },
    )
    .toArray();
  await holdReceived(mongo, rows, session);
  return new Map(rows.map((row) => [row._id, row]));
}

/**
 * An event of a document still `received` is stored hidden, and the move out of that state shows it. Writing to the
 * document makes the two conflict: unseen by each other, they would leave the event hidden for ever.
 */
async function holdReceived(
  mongo: MongoDatabase,
  rows: readonly DocumentRow[],
  session: Session,
): Promise<void> {
  const received = rows.filter((row) => row.state === 'received').map((row) => row._id);
  if (received.length === 0) return;
  await mongo
    .collection<DocumentRow>(DOCUMENTS)
    .updateMany({ _id: { $in: received } }, { $inc: { touched: 1 } }, { session });
}
