import type { AgencyDraft, Level } from '../../agency/index.ts';
import { newId } from '../../kernel/index.ts';

/** An agency of the demo world and the official who signs for it. Persons and numbers are invented. */
export interface DemoAgency {
  code: string;
  oldCode: string | null;
  name: string;
  level: Level;
  parent: string | null;
  /** Short form after the number: `412/SKHCN`. */
  notation: string;
  place: string;
  official: { name: string; title: string; capacity: readonly string[]; identity: string };
  /** A recipient that takes its time in the story. */
  slow: boolean;
}

const OPENED = '2020-09-15T00:00:00.000Z';
/** End of the district tier: 1 July 2025, Vietnam time. */
const DISTRICTS_ENDED = '2025-06-30T17:00:00.000Z';

const CHAIRMAN = ['TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH'];

export const DEMO_AGENCIES: readonly DemoAgency[] = [
  agency('G22', '000.00.00.G22', 'Văn phòng Chính phủ', 'central', null, 'VPCP-KSTT', 'Hà Nội', ['Trần Minh Đức', 'Phó Chủ nhiệm', ['KT. BỘ TRƯỞNG, CHỦ NHIỆM', 'PHÓ CHỦ NHIỆM']]),
  agency('G09', '000.00.00.G09', 'Bộ Nội vụ', 'central', null, 'BNV-VP', 'Hà Nội', ['Phạm Thị Hồng Vân', 'Thứ trưởng', ['KT. BỘ TRƯỞNG', 'THỨ TRƯỞNG']]),
  agency('H53', '000.00.00.H53', 'Ủy ban nhân dân tỉnh Tây Ninh', 'province', null, 'UBND-VX', 'Tây Ninh', ['Nguyễn Hữu Phước', 'Chủ tịch', CHAIRMAN]),
  agency('H41', '000.00.00.H41', 'Ủy ban nhân dân tỉnh Nghệ An', 'province', null, 'UBND-TH', 'Nghệ An', ['Hoàng Thị Thanh Mai', 'Chủ tịch', CHAIRMAN]),
  agency('H49', '000.00.00.H49', 'Ủy ban nhân dân tỉnh Quảng Ninh', 'province', null, 'UBND-NC', 'Quảng Ninh', ['Vũ Đình Khải', 'Chủ tịch', CHAIRMAN], true),
  agency('H53.32.29', '000.29.32.H53', 'Ủy ban nhân dân xã Ninh Điền', 'commune', 'H53', 'UBND', 'Ninh Điền', ['Lê Thị Ngọc Lan', 'Chủ tịch', CHAIRMAN]),
  agency('H53.32.30', '000.30.32.H53', 'Ủy ban nhân dân xã Thành Long', 'commune', 'H53', 'UBND', 'Thành Long', ['Đỗ Văn Thắng', 'Chủ tịch', CHAIRMAN]),
  agency('H41.21.05', '000.05.21.H41', 'Ủy ban nhân dân xã Nghi Phong', 'commune', 'H41', 'UBND', 'Nghi Phong', ['Nguyễn Thị Bích Hà', 'Chủ tịch', CHAIRMAN]),
  agency('H49.11.08', '000.08.11.H49', 'Ủy ban nhân dân phường Hà Lầm', 'commune', 'H49', 'UBND', 'Hà Lầm', ['Bùi Quang Huy', 'Chủ tịch', CHAIRMAN]),
]; // biome-ignore format: a table

function agency(code: string, oldCode: string, name: string, level: Level, parent: string | null, notation: string, place: string, official: [string, string, readonly string[]], slow = false): DemoAgency {
  const [person, title, capacity] = official;
  return { code, oldCode, name, level, parent, notation, place, official: { name: person, title, capacity, identity: identityOf(code) }, slow };
} // biome-ignore format: as short as its table

/**
 * Agencies without a document system: their people work on the axis's own pages (/work), so the story takes nothing of
 * what comes to them. Their staff have certificates too.
 */
export const OFFICE_AGENCIES: readonly string[] = ['H53.32.30', 'G09'];

/** Who beside the head has a certificate there: who signs KT., and whose initials a draft bears (NĐ 30/2020 art. 12, 13). */
export const STAFF_ROLES = ['deputy', 'clerk', 'specialist'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** An invented personal number that is the same at every start. */
export function identityOf(code: string): string {
  let sum = 0;
  for (const sign of code) sum = (sum * 31 + sign.charCodeAt(0)) % 1_000_000_000;
  return `000${String(sum).padStart(9, '0')}`;
}

/** The closed district: its code answers with the commune that took over. */
const CLOSED = {
  code: 'H53.32',
  oldCode: '000.00.32.H53',
  name: 'Ủy ban nhân dân huyện Châu Thành',
  successor: 'H53.32.29',
  parent: 'H53',
};

/** Registry rows of the demo world; ids are fresh unless an agency is known already. */
export function demoDrafts(known: ReadonlyMap<string, string>): AgencyDraft[] {
  const ids = new Map(
    [...DEMO_AGENCIES.map((one) => one.code), CLOSED.code].map((code) => [code, known.get(code) ?? newId()]),
  );
  const id = (code: string) => ids.get(code) as string;
  const base = {
    validFrom: OPENED,
    validTo: null,
    lockedSince: null,
    successorId: null,
    holdIndeterminate: false,
  };
  const aliases = (oldCode: string | null) =>
    oldCode === null ? [] : [{ code: oldCode, validFrom: '2016-04-01T00:00:00.000Z', validTo: null }];
  const living = DEMO_AGENCIES.map((one) => ({
    ...base,
    id: id(one.code),
    code: one.code,
    name: one.name,
    level: one.level,
    parentId: one.parent === null ? null : id(one.parent),
    aliases: aliases(one.oldCode),
  }));
  const closed: AgencyDraft = {
    ...base,
    id: id(CLOSED.code),
    code: CLOSED.code,
    name: CLOSED.name,
    level: 'district',
    parentId: id(CLOSED.parent),
    validTo: DISTRICTS_ENDED,
    successorId: id(CLOSED.successor),
    aliases: aliases(CLOSED.oldCode),
  };
  return [...living, closed];
}
