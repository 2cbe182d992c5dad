import type {
  DocumentChange,
  DocumentKey,
  DocumentQuery,
  DocumentRecord,
  DocumentStore,
} from '../../src/document/index.ts';
import { byText, slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

const NOT_SHOWN = ['held', 'released', 'refused'];

export function weakDocuments(shelf: Shelf): DocumentStore {
  const find = (documentId: string) => shelf.documents.find((one) => one.documentId === documentId);
  const oldestFirst = byText<DocumentRecord>(
    (one) => one.receivedAt,
    (one) => one.documentId,
  );
  return slowPort<DocumentStore>({
    register: (record, events) => {
      const existing = shelf.documents.find((one) => sameKey(one.key, record.key));
      if (existing) return { outcome: 'exists', existing };
      shelf.documents.push(record);
      shelve(shelf, events);
      return { outcome: 'registered' };
    },
    change: (change) => {
      const record = find(change.documentId);
      if (!record || !change.from.includes(record.state)) return false;
      Object.assign(record, changed(record, change));
      shelve(shelf, change.events);
      return true;
    },
    get: (documentId) => find(documentId) ?? null,
    withdraw: (documentId) => {
      if (find(documentId)?.state !== 'received') return;
      shelf.documents = shelf.documents.filter((one) => one.documentId !== documentId);
      shelf.events = shelf.events.filter(
        ({ event, place }) => event.subjectId !== documentId || place !== null,
      );
    },
    byEdxmlId: (senderId, edxmlId) =>
      shelf.documents
        .filter(({ key }) => key.senderId === senderId && key.edxmlId === edxmlId)
        .sort(oldestFirst),
    list: (query) =>
      shelf.documents
        .filter((one) => one.state !== 'received' && asked(one, query))
        .sort(byText((one) => one.documentId))
        .reverse()
        .slice(0, query.limit),
    waiting: (what, before, limit) => {
      const states = what === 'held' ? ['held'] : ['received', 'released'];
      const found = shelf.documents.filter((one) => states.includes(one.state) && one.receivedAt < before);
      return found.sort(oldestFirst).slice(0, limit);
    },
  });
}

function sameKey(a: DocumentKey, b: DocumentKey): boolean {
  return (
    a.senderId === b.senderId &&
    a.edxmlId === b.edxmlId &&
    a.businessType === b.businessType &&
    a.ordinal === b.ordinal
  );
}

function changed(record: DocumentRecord, change: DocumentChange): Partial<DocumentRecord> {
  const forgotten = { original: null, ledgerKey: null, report: '', subject: '', attachments: [] };
  return {
    state: change.to,
    receipt: change.receipt ?? record.receipt,
    acceptedAt: change.acceptedAt ?? record.acceptedAt,
    ...(change.forget ? forgotten : {}),
  };
}

function asked(record: DocumentRecord, query: DocumentQuery): boolean {
  return (
    isParty(record, query) &&
    (query.state === undefined || record.state === query.state) &&
    (query.edxmlId === undefined || record.key.edxmlId === query.edxmlId) &&
    (query.since === undefined || record.receivedAt >= query.since) &&
    (query.after === undefined || record.documentId < query.after)
  );
}

function isParty(record: DocumentRecord, { agencyIds, direction }: DocumentQuery): boolean {
  if (agencyIds === null) return true;
  if (direction === 'sent') return agencyIds.includes(record.key.senderId);
  return (
    !NOT_SHOWN.includes(record.state) && record.recipients.some((line) => agencyIds.includes(line.agencyId))
  );
}
