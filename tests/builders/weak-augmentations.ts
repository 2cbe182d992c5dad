import type {
  Augmentation,
  AugmentationBook,
  AugmentationSchedule,
  ScheduledAugmentation,
} from '../../src/document/index.ts';
import { byText, slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

export function weakAugmentations(shelf: Shelf): AugmentationBook {
  const rows: Augmentation[] = [];
  return slowPort<AugmentationBook>({
    add: (row, event) => {
      const same = (one: Augmentation) =>
        one.documentId === row.documentId && one.attachment === row.attachment && one.number === row.number;
      if (rows.some(same)) return false;
      rows.push(row);
      shelve(shelf, [event]);
      return true;
    },
    of: (documentId) =>
      rows
        .filter((one) => one.documentId === documentId)
        .sort((a, b) => a.attachment - b.attachment || a.number - b.number),
  });
}

export function weakAugmentationSchedule(): AugmentationSchedule {
  const rows = new Map<string, ScheduledAugmentation>();
  const marks = new Map<string, string>();
  const due = (now: string) => [...rows.values()].filter((one) => one.dueAt !== null && one.dueAt <= now);
  return slowPort<AugmentationSchedule>({
    open: (wanted, dueAt) => {
      for (const { subjectId, kind } of wanted) {
        if (!rows.has(subjectId)) rows.set(subjectId, { subjectId, kind, dueAt, tries: 0, failure: null });
      }
    },
    claim: ({ now, until, limit }) => {
      const taken = due(now)
        .sort(byText<ScheduledAugmentation>((one) => one.dueAt ?? ''))
        .slice(0, limit);
      for (const one of taken) one.dueAt = until;
      return taken;
    },
    settle: ({ subjectId, ...outcome }) => {
      const row = rows.get(subjectId);
      if (row) Object.assign(row, outcome);
    },
    get: (subjectId) => rows.get(subjectId) ?? null,
    count: (now) => ({
      due: due(now).length,
      failing: [...rows.values()].filter((one) => one.failure !== null && one.dueAt !== null).length,
    }),
    mark: (walk) => marks.get(walk) ?? '',
    moveMark: (walk, to) => {
      if (to > (marks.get(walk) ?? '')) marks.set(walk, to);
    },
  });
}
