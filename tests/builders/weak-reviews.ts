import type { Review, ReviewBook } from '../../src/document/index.ts';
import type { ClaimedSource, RevocationShelf } from '../../src/verification/index.ts';
import { byText, slowPort } from './weak-port.ts';

export function weakReviews(): ReviewBook {
  const rows = new Map<string, Review>();
  return slowPort<ReviewBook>({
    open: (documentId, openedAt, dueAt) => {
      if (!rows.has(documentId))
        rows.set(documentId, { documentId, openedAt, dueAt, tries: 0, verdicts: [], announced: 0 });
    },
    claim: ({ now, until, limit }) => {
      const due = [...rows.values()].filter((one) => one.dueAt !== null && one.dueAt <= now);
      const taken = due.sort(byText<Review>((one) => one.dueAt ?? '')).slice(0, limit);
      for (const one of taken) one.dueAt = until;
      return taken;
    },
    get: (documentId) => rows.get(documentId) ?? null,
    add: (documentId, verdict) => {
      const row = rows.get(documentId);
      if (row?.verdicts.length !== verdict.number - 1) return false;
      row.verdicts.push(verdict);
      return true;
    },
    settle: (documentId, { dueAt, tries, announced }) => {
      const row = rows.get(documentId);
      if (row) Object.assign(row, { dueAt, tries, announced: Math.max(row.announced, announced) });
    },
  });
}

export function weakRevocation(): RevocationShelf {
  const rows = new Map<string, ClaimedSource>();
  const answers = new Map<string, Uint8Array>();
  return slowPort<RevocationShelf>({
    want: (sources, at) => {
      for (const source of sources) {
        const row = rows.get(source.key);
        if (row) row.seenAt = row.seenAt > at ? row.seenAt : at;
        else
          rows.set(source.key, { ...source, seenAt: at, nextAt: at, failures: 0, reason: null, held: null });
      }
    },
    claim: ({ now, until, limit }) => {
      const due = [...rows.values()].filter((one) => one.nextAt <= now);
      const taken = due.sort(byText<ClaimedSource>((one) => one.nextAt)).slice(0, limit);
      for (const one of taken) one.nextAt = until;
      return taken;
    },
    settle: ({ key, answer, ...outcome }) => {
      const row = rows.get(key);
      if (!row) return;
      Object.assign(row, outcome);
      if (!answer || (row.held && row.held.thisUpdate > answer.held.thisUpdate)) return;
      row.held = answer.held;
      answers.set(key, answer.der);
    },
    states: () =>
      [...rows.values()]
        .map(({ certificate: _, issuer: __, ...state }) => state)
        .sort(byText((one) => one.key)),
    read: (key, sha256) => {
      const der = answers.get(key);
      return der && rows.get(key)?.held?.sha256 === sha256 ? Buffer.from(der) : null;
    },
    forget: (before) => {
      const old = [...rows.values()].filter((one) => one.seenAt < before);
      for (const { key } of old) {
        rows.delete(key);
        answers.delete(key);
      }
      return old.length;
    },
  });
}
