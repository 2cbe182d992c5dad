import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AgencyDirectory } from '../../src/agency/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anAgency } from '../builders/records.ts';

const AT = Date.parse('2026-03-16T00:00:00Z');

/** What every agency directory promises. `open` gives a fresh, empty one. */
export function agencyDirectoryContract(name: string, open: () => Promise<AgencyDirectory>): void {
  describe(`agency directory: ${name}`, () => {
    let directory: AgencyDirectory;
    beforeEach(async () => {
      directory = await open();
    });

    test('resolves canonical and old codes, whatever the case; the old one only in its time', async () => {
      const alias = {
        code: '000.00.06.H53',
        validFrom: '2016-04-01T00:00:00.000Z',
        validTo: '2026-01-01T00:00:00.000Z',
      };
      const agency = anAgency({ aliases: [alias] });
      await directory.put([agency], AT);
      expect((await directory.resolve('h53.06', AT))?.id).toBe(agency.id);
      expect((await directory.resolve('000.00.06.H53', Date.parse('2025-06-01')))?.id).toBe(agency.id);
      expect(await directory.resolve('000.00.06.H53', AT)).toBeNull();
      expect(await directory.resolve('H53.07', AT)).toBeNull();
    });

    test('every put is one revision; delta sync gives each changed agency once, over pages', async () => {
      const agencies = Array.from({ length: 25 }, (_, i) =>
        anAgency({ code: `H53.${String(i).padStart(2, '0')}` }),
      );
      expect(await directory.put(agencies, AT)).toBe(1);
      expect(await directory.put([{ ...(agencies[3] as (typeof agencies)[0]), name: 'Tên mới' }], AT)).toBe(
        2,
      );
      const delta = await directory.list({ since: 1, limit: 10 });
      expect(delta.agencies.map((one) => one.name)).toEqual(['Tên mới']);
      const codes: string[] = [];
      let after: string | undefined;
      do {
        const page = await directory.list({ since: 0, limit: 10, ...(after === undefined ? {} : { after }) });
        codes.push(...page.agencies.map((one) => one.code));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(codes).toHaveLength(25);
      expect(new Set(codes).size).toBe(25);
    });

    test('pages by code, filters by level and parent', async () => {
      const province = anAgency({ code: 'H53', level: 'province' });
      const communes = ['H53.32', 'H53.33', 'H53.34'].map((code) =>
        anAgency({ code, level: 'commune', parentId: province.id }),
      );
      await directory.put([province, ...communes], AT);
      const first = await directory.list({ limit: 2 });
      expect(first.agencies.map((one) => one.code)).toEqual(['H53', 'H53.32']);
      const second = await directory.list({ limit: 2, after: first.next as string });
      expect(second.agencies.map((one) => one.code)).toEqual(['H53.33', 'H53.34']);
      expect(second.next).toBeNull();
      expect((await directory.list({ limit: 10, level: 'commune' })).agencies).toHaveLength(3);
      expect((await directory.list({ limit: 10, parentId: province.id })).agencies).toHaveLength(3);
    });

    test('finds names without marks and đ, and codes by their beginning', async () => {
      await directory.put(
        [
          anAgency({ code: 'H53.32.29', name: 'Ủy ban nhân dân xã Đường Mẫu' }),
          anAgency({ code: 'G22', name: 'Văn phòng Chính phủ' }),
        ],
        AT,
      );
      const codes = async (text: string) =>
        (await directory.list({ limit: 10, text })).agencies.map((one) => one.code);
      expect(await codes('duong mau')).toEqual(['H53.32.29']);
      expect(await codes('Đường')).toEqual(['H53.32.29']);
      expect(await codes('g2')).toEqual(['G22']);
      expect(await codes('" OR 1 --')).toEqual([]);
    });

    test('suggests the nearest codes', async () => {
      await directory.put(
        [
          anAgency({ code: 'H53.06' }),
          anAgency({ code: 'H53.09', name: 'Sở Nội vụ tỉnh Mẫu' }),
          anAgency({ code: 'G22', name: 'Văn phòng Chính phủ' }),
        ],
        AT,
      );
      expect((await directory.nearest('H53.60', '', 1))[0]?.code).toBe('H53.06');
      expect((await directory.nearest('H35.06', '', 1))[0]?.code).toBe('H53.06');
      expect((await directory.nearest('000.00.06.H53', '', 1))[0]?.code).toBe('H53.06');
      expect((await directory.nearest('X99', 'So Noi vu tinh Mau', 1))[0]?.code).toBe('H53.09');
      expect(await directory.nearest('ZZZZZZZZZZ', '', 3)).toEqual([]);
    });

    test('a code belongs to one agency; the failed put leaves nothing behind', async () => {
      await directory.put([anAgency({ code: 'G22' })], AT);
      await expect(
        directory.put([anAgency({ code: 'G09' }), anAgency({ code: 'G22' })], AT),
      ).rejects.toMatchObject({ code: 'agency.code-taken' });
      expect(await directory.resolve('G09', AT)).toBeNull();
      expect(await directory.revision()).toBe(1);
    });

    test('of fifty agencies that take one code at once exactly one gets it, and every put that worked is a revision', async () => {
      const rivals = Array.from({ length: 50 }, (_, i) => anAgency({ code: 'G22', name: `Bộ ${i}` }));
      const outcomes = await Promise.allSettled(rivals.map((one) => directory.put([one], AT)));
      const won = outcomes.findIndex((one) => one.status === 'fulfilled');
      for (const [i, outcome] of outcomes.entries())
        if (i !== won) expect(outcome).toMatchObject({ reason: { code: 'agency.code-taken' } });
      expect((await directory.resolve('G22', AT))?.id).toBe(rivals[won]?.id);
      expect(await directory.revision()).toBe(1);
      const others = Array.from({ length: 50 }, (_, i) => anAgency({ code: `H${i}` }));
      const revisions = await Promise.all(others.map((one) => directory.put([one], AT)));
      expect([...revisions].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 2));
      expect(await directory.revision()).toBe(51);
    });

    test('a form that passes from one agency to another means each in its time', async () => {
      const code = '000.00.32.H53';
      const change = '2025-06-30T17:00:00.000Z';
      const before = anAgency({
        code: 'H53.32',
        aliases: [{ code, validFrom: '2016-04-01T00:00:00.000Z', validTo: change }],
      });
      const after = anAgency({ code: 'H53.99', aliases: [{ code, validFrom: change, validTo: null }] });
      await directory.put([before, after], AT);
      const meant = async (at: number) => (await directory.resolve(code, at))?.code ?? null;
      const moment = Date.parse(change);
      expect([await meant(moment - 1), await meant(moment), await meant(0)]).toEqual([
        'H53.32',
        'H53.99',
        null,
      ]);
    });

    test("nobody takes another agency's own code by calling it a former form", async () => {
      const owner = anAgency({ code: 'G22' });
      const other = anAgency({
        code: 'G09',
        aliases: [{ code: 'G22', validFrom: '2016-04-01T00:00:00.000Z', validTo: null }],
      });
      await directory.put([other], AT);
      expect((await directory.resolve('G22', AT))?.id).toBe(other.id);
      await directory.put([owner], AT);
      expect((await directory.resolve('G22', AT))?.id).toBe(owner.id);
    });

    test('an agency comes back as it was given; nobody has an unknown id', async () => {
      const agency = anAgency({ lockedSince: '2026-01-01T00:00:00.000Z', holdIndeterminate: true });
      await directory.put([agency], AT);
      expect(await directory.get(agency.id)).toEqual({ ...agency, revision: 1 });
      expect(await directory.get(newId())).toBeNull();
      expect(await directory.history(newId())).toEqual([]);
    });

    test('an agency that gives up its code leaves it to others', async () => {
      const agency = anAgency({ code: 'G22' });
      await directory.put([agency], AT);
      await directory.put([{ ...agency, code: 'G23' }], AT);
      expect(await directory.resolve('G22', AT)).toBeNull();
      const next = anAgency({ code: 'G22' });
      await directory.put([next], AT);
      expect((await directory.resolve('G22', AT))?.id).toBe(next.id);
    });

    test('history keeps every state with the time of its recording', async () => {
      const agency = anAgency({ id: newId(), name: 'Cũ' });
      await directory.put([agency], AT);
      await directory.put([{ ...agency, name: 'Mới' }], AT + 1000);
      const states = await directory.history(agency.id);
      expect(states.map((one) => one.agency.name)).toEqual(['Cũ', 'Mới']);
      expect(states[1]?.recordedAt).toBe('2026-03-16T00:00:01.000Z');
    });
  });
}
