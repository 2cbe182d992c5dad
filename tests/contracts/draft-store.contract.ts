import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventBook } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
import type { Draft, DraftStore, DraftVersion } from '../../src/signing/index.ts';
import { anEvent } from '../builders/records.ts';
import { aDraft, aVersion } from '../builders/signing-records.ts';

/** What every store of drafts promises. `open` gives fresh, empty ones. */
export function draftStoreContract(
  name: string,
  open: () => Promise<{ drafts: DraftStore; events: EventBook }>,
): void {
  describe(`draft store: ${name}`, () => {
    let drafts: DraftStore;
    let events: EventBook;
    beforeEach(async () => {
      ({ drafts, events } = await open());
    });
    const add = (draft: Draft) => drafts.add(draft, anEvent(draft.documentId, { type: 'draft.registered' }));
    const extend = (draft: Draft, version: DraftVersion) =>
      drafts.extend(draft.documentId, version, anEvent(draft.documentId, { type: 'draft.signed' }));

    test('a draft comes back as it was given, with its event', async () => {
      const draft = aDraft();
      expect(await add(draft)).toEqual({ draft, added: true });
      expect(await drafts.get(draft.documentId)).toEqual(draft);
      expect(await events.of(draft.documentId)).toHaveLength(1);
      expect(await drafts.get(newId())).toBeNull();
    });

    test('of twenty under one reference at once one is kept, and all get it', async () => {
      const base = aDraft({ reference: 'du-thao-42' });
      const rivals = Array.from({ length: 20 }, () => ({ ...base, documentId: newId() }));
      const outcomes = await Promise.all(rivals.map(add));
      expect(outcomes.filter((one) => one.added)).toHaveLength(1);
      expect(new Set(outcomes.map((one) => one.draft.documentId)).size).toBe(1);
      const kept = outcomes[0]?.draft.documentId;
      for (const { documentId } of rivals) {
        expect(await events.of(documentId)).toHaveLength(documentId === kept ? 1 : 0);
        expect((await drafts.get(documentId)) !== null).toBe(documentId === kept);
      }
    });

    test('another agency may use the same reference', async () => {
      await add(aDraft({ reference: 'du-thao-42' }));
      expect((await add(aDraft({ reference: 'du-thao-42' }))).added).toBe(true);
    });

    test('a list goes through all of them, page by page, in order of their ids', async () => {
      const all = Array.from({ length: 7 }, () => aDraft());
      for (const one of all) await add(one);
      const ids: string[] = [];
      for (let after = ''; ; after = ids.at(-1) as string) {
        const page = await drafts.list({ after, limit: 3 });
        ids.push(...page.map((one) => one.documentId));
        if (page.length < 3) break;
      }
      expect(ids).toEqual(all.map((one) => one.documentId).sort());
    });

    test('a version is appended after the newest one, and after no other', async () => {
      const draft = aDraft();
      await add(draft);
      expect(await extend(draft, aVersion(3))).toBe('behind');
      expect(await extend(draft, aVersion(1))).toBe('behind');
      const second = aVersion(2);
      expect(await extend(draft, second)).toBe('extended');
      expect(await extend(draft, aVersion(2))).toBe('behind');
      expect(await extend(draft, aVersion(3))).toBe('extended');
      expect((await drafts.get(draft.documentId))?.versions[1]).toEqual(second);
      expect((await drafts.get(draft.documentId))?.versions).toHaveLength(3);
      expect(await events.of(draft.documentId)).toHaveLength(3);
      expect(await extend(aDraft(), aVersion(2))).toBe('behind');
    });

    test('of twelve drafts that take one number at once one gets it; another year, series or agency has its own', async () => {
      const base = aDraft();
      const rivals = Array.from({ length: 12 }, () => aDraft({ agencyId: base.agencyId }));
      await Promise.all(rivals.map(add));
      const numbered = (more: object = {}) =>
        aVersion(2, { step: { kind: 'numbered', number: '05', date: '2026-03-16', series: 'QĐ', ...more } });
      const outcomes = await Promise.all(rivals.map((one) => extend(one, numbered())));
      expect(outcomes.filter((one) => one === 'extended')).toHaveLength(1);
      expect(outcomes.filter((one) => one === 'number-taken')).toHaveLength(11);
      const kept = rivals[outcomes.indexOf('extended')] as Draft;
      expect(await extend(kept, aVersion(3))).toBe('extended');
      const [other, another, third] = rivals.filter((one) => one !== kept) as [Draft, Draft, Draft];
      expect(await extend(other, numbered({ date: '2027-03-16' }))).toBe('extended');
      expect(await extend(another, numbered({ series: '' }))).toBe('extended');
      expect(await extend(third, numbered())).toBe('number-taken');
      expect((await drafts.get(third.documentId))?.versions).toHaveLength(1);
      const foreign = aDraft();
      await add(foreign);
      expect(await extend(foreign, numbered())).toBe('extended');
    });

    test('of twenty signatures on one version at once one wins, and only its event is there', async () => {
      const draft = aDraft();
      await add(draft);
      const rivals = Array.from({ length: 20 }, () => aVersion(2));
      const won = await Promise.all(rivals.map((version) => extend(draft, version)));
      expect(won.filter((one) => one === 'extended')).toHaveLength(1);
      const kept = await drafts.get(draft.documentId);
      expect(kept?.versions).toEqual([draft.versions[0], rivals[won.indexOf('extended')]]);
      expect(await events.of(draft.documentId)).toHaveLength(2);
    });
  });
}
