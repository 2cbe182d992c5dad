import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBook } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import type { WorkBook, WorkFile } from '../../src/workflow/index.ts';
import { anEvent } from '../builders/records.ts';
import { aLine, anIncoming, anOutgoing } from '../builders/work-records.ts';

/** What every book of files promises. `open` gives a fresh, empty one. */
export function workBookContract(
  name: string,
  open: () => Promise<{ work: WorkBook; events: EventBook }>,
): void {
  describe(`work book: ${name}`, () => {
    let work: WorkBook;
    let events: EventBook;
    beforeEach(async () => {
      ({ work, events } = await open());
    });
    const add = (file: WorkFile) => work.add(file, anEvent(file.fileId, { type: 'work.draft' }));
    const replace = <File extends WorkFile>(file: File, change: Partial<File>) =>
      work.replace({ ...file, ...change, revision: file.revision + 1 }, [
        anEvent(file.fileId, { type: 'work.comment' }),
      ]);

    test('files come back as they were given, each with its event', async () => {
      for (const file of [anOutgoing(), anIncoming()]) {
        expect(await add(file)).toEqual({ file, added: true });
        expect(await work.get(file.fileId)).toEqual(file);
        expect(await events.of(file.fileId)).toHaveLength(1);
      }
      expect(await work.get(newId())).toBeNull();
    });

    test('of twenty files of one document at once one is kept, and all get it; another agency or kind has its own', async () => {
      const base = anIncoming();
      const rivals = Array.from({ length: 20 }, () => ({ ...base, fileId: newId() }));
      const outcomes = await Promise.all(rivals.map(add));
      expect(outcomes.filter((one) => one.added)).toHaveLength(1);
      expect(new Set(outcomes.map((one) => one.file.fileId)).size).toBe(1);
      const { documentId, agencyId } = base;
      expect((await add(anIncoming({ documentId }))).added).toBe(true);
      expect((await add(anOutgoing({ documentId, agencyId }))).added).toBe(true);
    });

    test('of twenty steps on one revision at once one wins, and only its event is there', async () => {
      const file = anOutgoing();
      await add(file);
      const subjects = Array.from({ length: 20 }, (_, i) => `V/v ${i}`);
      const outcomes = await Promise.all(
        subjects.map((subject) => replace(file, { letter: { ...file.letter, subject } })),
      );
      expect(outcomes.filter((one) => one === 'replaced')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'behind')).toHaveLength(19);
      const kept = await work.get(file.fileId);
      expect(kept).toMatchObject({
        revision: 2,
        letter: { subject: subjects[outcomes.indexOf('replaced')] },
      });
      expect(await events.of(file.fileId)).toHaveLength(2);
      expect(await replace(file, {})).toBe('behind');
      expect(await replace(anOutgoing(), {})).toBe('behind');
    });

    test('of twelve files that take one number at once one gets it; other years, registers and agencies have their own', async () => {
      const { agencyId } = anIncoming();
      const rivals = Array.from({ length: 12 }, () => anIncoming({ agencyId }));
      await Promise.all(rivals.map(add));
      const outcomes = await Promise.all(rivals.map((one) => replace(one, { line: aLine({ number: 7 }) })));
      expect(outcomes.filter((one) => one === 'replaced')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'number-taken')).toHaveLength(11);
      const losers = rivals.filter((_, i) => outcomes[i] === 'number-taken');
      const [other, outgoing, ...rest] = losers as [WorkFile, WorkFile, ...WorkFile[]];
      expect(await events.of(other.fileId)).toHaveLength(1);
      expect(await replace(other, { line: aLine({ number: 7, year: 2027 }) })).toBe('replaced');
      expect(await replace(outgoing, { line: aLine({ number: 7, register: 'outgoing' }) })).toBe('replaced');
      for (const [i, one] of rest.entries())
        expect(await replace(one, { line: aLine({ number: 8 + i }) })).toBe('replaced');
      const foreign = anIncoming({ line: aLine({ number: 7 }) });
      expect((await add(foreign)).added).toBe(true);

      expect(await work.lastNumber(agencyId, 'incoming', 2026, '')).toBe(7 + rest.length);
      expect(await work.lastNumber(agencyId, 'incoming', 2026, 'mật')).toBe(0);
      expect(await work.lastNumber(agencyId, 'outgoing', 2027, '')).toBe(0);
      const query = { agencyId, register: 'incoming', year: 2026 } as const;
      const numbers = (files: WorkFile[]) => files.map(({ line }) => line?.number);
      expect(numbers(await work.register({ ...query, after: 0, limit: 3 }))).toEqual([7, 8, 9]);
      expect(numbers(await work.register({ ...query, after: 9, limit: 100 }))).toEqual(
        Array.from({ length: rest.length - 2 }, (_, i) => 10 + i),
      );
    });

    test('lists: newest first, page by page, by kind, state, document and turn', async () => {
      const { agencyId } = anIncoming();
      const clerk = anIncoming({ agencyId, turns: ['role:clerk'] });
      const lead = anIncoming({ agencyId, state: 'assigned', turns: ['person:an', 'person:binh'] });
      const draft = anOutgoing({ agencyId, turns: ['person:an'] });
      for (const one of [clerk, lead, draft, anIncoming({ turns: ['role:clerk'] })]) await add(one);
      const ids = async (query: object) =>
        (await work.list({ agencyId, before: '', limit: 10, ...query })).map(({ fileId }) => fileId);
      expect(await ids({})).toEqual([draft.fileId, lead.fileId, clerk.fileId]);
      expect(await ids({ before: lead.fileId })).toEqual([clerk.fileId]);
      expect(await ids({ limit: 1 })).toEqual([draft.fileId]);
      expect(await ids({ kind: 'outgoing' })).toEqual([draft.fileId]);
      expect(await ids({ documentId: lead.documentId })).toEqual([lead.fileId]);
      expect(await ids({ states: ['assigned', 'drafting'] })).toEqual([draft.fileId, lead.fileId]);
      expect(await ids({ turns: ['person:an', 'role:clerk'] })).toEqual([
        draft.fileId,
        lead.fileId,
        clerk.fileId,
      ]);
      await replace(lead, { turns: ['person:binh'] });
      expect(await ids({ turns: ['person:an'] })).toEqual([draft.fileId]);
      expect(await ids({ turns: [] })).toEqual([]);
      expect(await ids({ agencyId: null })).toHaveLength(4);
      expect(await ids({ agencyId: null, turns: ['role:clerk'] })).toHaveLength(2);
    });

    test('what is unfinished is found until it is finished, the oldest first', async () => {
      const late = anIncoming({ unfinished: true, updatedAt: '2026-03-16T05:00:00.000Z' });
      const early = anOutgoing({ unfinished: true, updatedAt: '2026-03-16T03:00:00.000Z' });
      for (const one of [late, early, anIncoming()]) await add(one);
      const ids = async (before: string) => (await work.unfinished(before, 10)).map(({ fileId }) => fileId);
      expect(await ids('2026-03-16T06:00:00.000Z')).toEqual([early.fileId, late.fileId]);
      expect(await ids('2026-03-16T04:00:00.000Z')).toEqual([early.fileId]);
      await replace(early, { unfinished: false });
      expect(await ids('2026-03-16T06:00:00.000Z')).toEqual([late.fileId]);
    });
  });
}
