import { type DocumentRecord, type DocumentState, searchKeys } from '../../document/index.ts';
import type { CollectionPlan } from './database.ts';

export const DOCUMENTS = 'documents';

/** A document as stored. What changes has fields of its own; the rest is text, which comes back exactly. */
export interface DocumentRow {
  /** documentId */
  _id: string;
  senderId: string;
  edxmlId: string;
  businessType: number;
  ordinal: number;
  recipientIds: string[];
  receivedAt: string;
  state: DocumentState;
  receipt: string | null;
  acceptedAt: string | null;
  /** For what it waits; absent when for nothing. */
  waits?: 'unfinished' | 'held';
  /** Written by those whose work must not happen at once with a move. */
  touched?: number;
  /** What it is found by (layout 3). */
  keys: string[];
  record: string;
}

export const DOCUMENT_PLANS: readonly CollectionPlan[] = [
  {
    name: DOCUMENTS,
    indexes: [
      {
        key: { senderId: 1, edxmlId: 1, businessType: 1, ordinal: 1 },
        name: 'key',
        unique: true,
      },
      { key: { edxmlId: 1, _id: -1 }, name: 'by_edxml_id' },
      { key: { keys: 1, _id: -1 }, name: 'by_key' },
      { key: { senderId: 1, state: 1, _id: -1, receivedAt: 1 }, name: 'by_sender' },
      { key: { recipientIds: 1, state: 1, _id: -1, receivedAt: 1 }, name: 'by_recipient' },
      { key: { state: 1, _id: -1, receivedAt: 1 }, name: 'by_state' },
      {
        key: { waits: 1, receivedAt: 1, _id: 1 },
        name: 'waiting',
        partialFilterExpression: { waits: { $exists: true } },
      },
    ],
  },
];

export function rowOf(record: DocumentRecord): DocumentRow {
  const { documentId, key, state, receipt, acceptedAt, ...rest } = record;
  return {
    _id: documentId,
    ...key,
    recipientIds: [...new Set(record.recipients.map((line) => line.agencyId))],
    receivedAt: record.receivedAt,
    state,
    receipt,
    acceptedAt,
    ...waitingFor(state),
    keys: searchKeys(record),
    record: JSON.stringify(rest),
  };
}

/** Sorted into the queue of what the axis has to finish or somebody to decide, if into any. */
export function waitingFor(state: DocumentState): Pick<DocumentRow, 'waits'> {
  if (state === 'held') return { waits: 'held' };
  return state === 'received' || state === 'released' ? { waits: 'unfinished' } : {};
}

export function recordOf(row: DocumentRow): DocumentRecord {
  const { senderId, edxmlId, businessType, ordinal } = row;
  return {
    documentId: row._id,
    key: { senderId, edxmlId, businessType, ordinal } as DocumentRecord['key'],
    ...(JSON.parse(row.record) as Omit<DocumentRecord, 'documentId' | 'key'>),
    state: row.state,
    receipt: row.receipt,
    acceptedAt: row.acceptedAt,
  };
}
