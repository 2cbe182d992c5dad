import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, RoleGrant } from '../../agency/index.ts';
import { type PeopleDesk, registerPerson } from '../../exchange/index.ts';
import { equalBytes, isTrucError, newId, newSecret, sha256 } from '../../kernel/index.ts';
import { DEMO_AGENCIES, type DemoAgency, type StaffRole } from './agencies.ts';
import { placeShared, type SharedShelf } from './shared.ts';

/** Somebody who can log in to the demo with a password. Names are invented. */
export interface DemoPerson {
  personId: string;
  name: string;
  username: string;
  password: string;
  role: Role;
  /** Code of the agency; null for the installation's own people. */
  agency: string | null;
  title: string | null;
}

/** One row of {@link NAMES} for each demo agency: administrator, deputy, clerk, specialist. Its official leads it. */
const NAMES: readonly (readonly [string, string, string, string])[] = [
  ['Lương Gia Bảo', 'Đặng Thị Mỹ Hạnh', 'Trịnh Thu Hà', 'Phan Quốc Việt'],
  ['Ngô Minh Tâm', 'Dương Văn Hòa', 'Lý Thị Kim Chi', 'Mai Anh Tuấn'],
  ['Huỳnh Công Danh', 'Võ Thị Bích Ngọc', 'Nguyễn Thị Tuyết', 'Trần Nhật Quang'],
  ['Cao Xuân Trường', 'Thái Thị Hương', 'Hồ Thị Lam', 'Nguyễn Cảnh Toàn'],
  ['Đoàn Mạnh Cường', 'Tô Thị Vân Anh', 'Phạm Thị Nga', 'Lê Đức Anh Khoa'],
  ['Nguyễn Tấn Lộc', 'Phạm Văn Út', 'Trần Thị Cẩm Tú', 'Lê Minh Nhựt'],
  ['Đinh Hoàng Long', 'Nguyễn Thị Sáu', 'Bùi Thị Thùy Linh', 'Võ Thành Đạt'],
  ['Nguyễn Sỹ Hùng', 'Hoàng Văn Lâm', 'Trần Thị Thắm', 'Phan Bá Khánh'],
  ['Vũ Ngọc Ánh', 'Đỗ Thị Hải Yến', 'Nguyễn Thị Quỳnh', 'Phạm Đức Minh'],
];

type Draft = Pick<DemoPerson, 'name' | 'username' | 'role' | 'agency' | 'title'>;

function draftsOf({ code, level, official }: DemoAgency, row: number): Draft[] {
  const [admin, deputy, clerk, specialist] = NAMES[row] as (typeof NAMES)[0];
  const draft = (role: Role, login: string, name: string, title: string): Draft => {
    return { role, agency: code, username: `${login}.${code.toLowerCase()}`, name, title };
  };
  return [
    draft('agency-admin', 'quantri', admin, 'Quản trị hệ thống'),
    draft('leader', 'lanhdao', official.name, official.title),
    draft('deputy', 'pho', deputy, level === 'central' ? 'Phó Chánh Văn phòng' : 'Phó Chủ tịch'),
    draft('clerk', 'vanthu', clerk, 'Văn thư'),
    draft('specialist', 'chuyenvien', specialist, 'Chuyên viên'),
  ];
}

function freshPeople(admin: { username: string; password: string }): DemoPerson[] {
  const own = (role: Role, username: string, name: string): Draft => {
    return { role, agency: null, username, name, title: null };
  };
  const drafts = [
    own('operator', admin.username, 'Quản trị trục (trình diễn)'),
    own('auditor', 'kiemtoan', 'Kiểm toán viên (trình diễn)'),
    ...DEMO_AGENCIES.flatMap(draftsOf),
  ];
  return drafts.map((draft, i) => ({
    personId: newId(),
    ...draft,
    // 96 random bits, short enough to type.
    password: i === 0 ? admin.password : newSecret().slice(0, 16),
  }));
}

/** Registers the demo's people, the same on all nodes; repeating it changes nothing. Their passwords are made once per data folder. */
export async function seedPeople(options: {
  /** The demo's folder. */
  folder: string;
  /** Ids of the demo agencies by code. */
  ids: ReadonlyMap<string, string>;
  admin: { username: string; password: string };
  shelf: SharedShelf | null;
  desk: PeopleDesk;
}): Promise<DemoPerson[]> {
  const { folder, ids, admin, shelf, desk } = options;
  const file = join(folder, 'people.json');
  await placeShared(shelf, 'demo-people', file, async () => freshPeople(admin));
  const people = JSON.parse(readFileSync(file, 'utf8')) as DemoPerson[];
  const known = await desk.persons.list({ limit: people.length });
  const missing = people.filter((one) => !known.some(({ personId }) => personId === one.personId));
  await Promise.all(missing.map((one) => registerDemoPerson(one, ids, desk)));
  return people;
}

async function registerDemoPerson(
  { personId, name, role, agency, title }: DemoPerson,
  ids: ReadonlyMap<string, string>,
  desk: PeopleDesk,
): Promise<void> {
  const agencyId = agency === null ? null : (ids.get(agency) as string);
  const grant: RoleGrant = { role, agencyId, title, validFrom: '2026-01-01T00:00:00.000Z', validTo: null };
  try {
    await registerPerson({ personId, name, subject: null, grants: [grant] }, 'command-line', desk);
  } catch (error) {
    // Another node was faster.
    if (!isTrucError(error, 'agency.person-changed-meanwhile')) throw error;
  }
}

/** Who has a post in a demo agency, as the people of the demo have it. */
export function demoStaff(staffRole: StaffRole, code: string): Pick<DemoPerson, 'name' | 'title'> {
  const row = DEMO_AGENCIES.findIndex((one) => one.code === code);
  const drafts = draftsOf(DEMO_AGENCIES[row] as DemoAgency, row);
  return drafts.find(({ role }) => role === staffRole) as Draft;
}

/** Who has a post in each demo agency: personId by code. */
export function officialIds(people: readonly DemoPerson[], role: 'leader' | StaffRole): Map<string, string> {
  const found = people.filter((one) => one.role === role && one.agency !== null);
  return new Map(found.map((one) => [one.agency as string, one.personId]));
}

/** The person of a name and password, or null. The comparison runs for unknown names too, and in constant time. */
export function demoLogin(people: readonly DemoPerson[], username: string, password: string): string | null {
  const person = people.find((one) => one.username === username.trim().toLowerCase());
  const right = equalBytes(sha256(person?.password ?? newSecret()), sha256(password));
  return person && right ? person.personId : null;
}
