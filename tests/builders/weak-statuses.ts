import type { RefusalBook, RefusalRecord, StatusRecord, StatusStore } from '../../src/document/index.ts';
import { byText, slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

const RECALL_TALK = ['13', '15', '16'];

type Placed = Pick<RefusalRecord, 'at' | 'refusalId'>;

const newestFirst = (a: Placed, b: Placed) =>
  byText<Placed>(
    (one) => one.at,
    (one) => one.refusalId,
  )(b, a);

export function weakStatuses(shelf: Shelf): StatusStore {
  return slowPort<StatusStore>({
    record: (status, event) => {
      const first = repeatOf(status, shelf.statuses);
      if (first) return { first, repeated: true };
      shelf.statuses.push(status);
      shelve(shelf, [event]);
      return { first: status, repeated: false };
    },
    of: (documentId) =>
      shelf.statuses
        .filter((one) => one.documentId === documentId)
        .sort(byText<StatusRecord>((one) => one.statusId)),
  });
}

/** The earlier message that this one repeats. In the talk about a recall only the last word can be repeated. */
function repeatOf(status: StatusRecord, all: readonly StatusRecord[]): StatusRecord | undefined {
  const ofDocument = all.filter((one) => one.documentId === status.documentId);
  const same = (one: StatusRecord) => one.reporterId === status.reporterId && one.code === status.code;
  if (!RECALL_TALK.includes(status.code)) return ofDocument.find(same);
  const [asked, answered] = [status.addresseeId, status.reporterId];
  const recipient = status.code === '13' ? asked : answered;
  const last = ofDocument.findLast(
    (one) =>
      RECALL_TALK.includes(one.code) && (one.reporterId === recipient || one.addresseeId === recipient),
  );
  return last && same(last) ? last : undefined;
}

export function weakRefusals(shelf: Shelf): RefusalBook {
  return slowPort<RefusalBook>({
    record: (refusal, event) => {
      const known = shelf.refusals.find(
        (one) =>
          one.senderId === refusal.senderId &&
          one.code === refusal.code &&
          one.fingerprint === refusal.fingerprint,
      );
      if (known) {
        known.count++;
        return { first: known, repeated: true };
      }
      shelf.refusals.push(refusal);
      shelve(shelf, [event]);
      return { first: refusal, repeated: false };
    },
    get: (refusalId) => shelf.refusals.find((one) => one.refusalId === refusalId) ?? null,
    list: ({ senderIds, from, to, id, after, limit }) =>
      shelf.refusals
        .filter(
          (one) =>
            (senderIds === null || senderIds.includes(one.senderId)) &&
            (from === undefined || one.at >= from) &&
            (to === undefined || one.at < to) &&
            (id === undefined || one.refusalId === id || one.sha256 === id) &&
            (after === undefined || newestFirst(after, one) < 0),
        )
        .sort(newestFirst)
        .slice(0, limit),
  });
}
