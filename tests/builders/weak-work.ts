import { lineKeyOf, type WorkBook, type WorkFile } from '../../src/workflow/index.ts';
import { slowPort } from './weak-port.ts';
import { type Shelf, shelve } from './weak-shelf.ts';

export function weakWork(shelf: Shelf): WorkBook {
  const rows = new Map<string, WorkFile>();
  const all = () => [...rows.values()];
  return slowPort<WorkBook>({
    add: (file, event) => {
      const known = all().find(
        (one) =>
          one.agencyId === file.agencyId && one.kind === file.kind && one.documentId === file.documentId,
      );
      if (known) return { file: known, added: false };
      rows.set(file.fileId, file);
      shelve(shelf, [event]);
      return { file, added: true };
    },
    get: (fileId) => rows.get(fileId) ?? null,
    replace: (file, events) => {
      if (rows.get(file.fileId)?.revision !== file.revision - 1) return 'behind';
      const key = lineKeyOf(file);
      if (key !== null && all().some((one) => one.fileId !== file.fileId && lineKeyOf(one) === key))
        return 'number-taken';
      rows.set(file.fileId, file);
      shelve(shelf, events);
      return 'replaced';
    },
    list: ({ agencyId, kind, documentId, turns, states, before, limit }) =>
      all()
        .filter(
          (one) =>
            (agencyId ?? one.agencyId) === one.agencyId &&
            (kind ?? one.kind) === one.kind &&
            (documentId ?? one.documentId) === one.documentId &&
            (states === undefined || states.includes(one.state)) &&
            (turns === undefined || one.turns.some((turn) => turns.includes(turn))) &&
            (before === '' || one.fileId < before),
        )
        .sort((a, b) => (a.fileId < b.fileId ? 1 : -1))
        .slice(0, limit),
    register: ({ agencyId, register, year, after, limit }) =>
      all()
        .filter(
          ({ agencyId: own, line }) =>
            own === agencyId && line?.register === register && line.year === year && line.number > after,
        )
        .sort((a, b) => (a.line?.number ?? 0) - (b.line?.number ?? 0))
        .slice(0, limit),
    lastNumber: (agencyId, register, year, series) =>
      Math.max(
        0,
        ...all()
          .filter(
            ({ agencyId: own, line }) =>
              own === agencyId && line?.register === register && line.year === year && line.series === series,
          )
          .map(({ line }) => line?.number ?? 0),
      ),
    unfinished: (before, limit) =>
      all()
        .filter((one) => one.unfinished && one.updatedAt <= before)
        .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1))
        .slice(0, limit),
  });
}
