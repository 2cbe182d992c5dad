import type { DemoPerson } from '../src/lab/index.ts';
import { type Page, type Walker, walker } from './builders/browser-walk.ts';
import type { World } from './world.ts';

/** Somebody at the pages without script, in Vietnamese. */
export interface Visitor {
  person: DemoPerson;
  get(path: string): Promise<Page>;
  /** Sends the form of a page that goes to an address, with more fields than it has. */
  send(from: Page, action: RegExp, fields?: Record<string, string>): Promise<Page>;
  /** The same with files, by the field's name. */
  upload(
    from: Page,
    action: RegExp,
    fields: Record<string, string>,
    files: Record<string, { name: string; bytes: Uint8Array; type?: string }>,
  ): Promise<Page>;
  raw: Walker;
}

/** A person of a demo agency, logged in. */
export async function workVisitor(
  axis: World,
  role: DemoPerson['role'],
  agency: string | null,
): Promise<Visitor> {
  const person = axis.credentials.people.find(
    (one) => one.role === role && one.agency === agency,
  ) as DemoPerson;
  const raw = walker({ 'accept-language': 'vi' });
  const { username, password } = person;
  await raw.post(`${axis.url}/login/demo`, { username, password, next: '/work' });
  return {
    person,
    raw,
    get: (path) => raw.get(`${axis.url}${path}`),
    send: (from, action, fields = {}) => {
      const { to, given } = formIn(from, action);
      return raw.post(`${axis.url}${to}`, { ...given, ...fields });
    },
    upload: (from, action, fields, files) => {
      const { to, given } = formIn(from, action);
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...given, ...fields })) form.append(name, value);
      for (const [field, { name, bytes, type = 'application/pdf' }] of Object.entries(files))
        form.append(field, new Blob([new Uint8Array(bytes)], { type }), name);
      return raw.upload(`${axis.url}${to}`, form);
    },
  }; // biome-ignore format: as short as it is
}

export const LETTER = {
  subject: 'V/v đề nghị cấp kinh phí',
  typeName: 'Công văn',
  notation: 'UBND',
  place: 'Thành Long',
  to: 'G09',
  toOther: '',
  toPlaces: 'Như trên\nLưu: VT',
  paragraphs: 'Đoạn một.\nĐoạn hai.',
  authority: 'TM. ỦY BAN NHÂN DÂN',
  capacity: 'TM',
  priority: '1',
  dueDate: '',
};

export async function draftedBy(specialist: Visitor, more: Record<string, string> = {}): Promise<Page> {
  const form = await specialist.get('/work/outgoing/new');
  const signer = /<select id="signer"[\s\S]*?<option value="([^"]+)"/.exec(form.text)?.[1] as string;
  return specialist.send(form, /^\/work\/outgoing$/, { ...LETTER, signer, ...more });
}

/** Where a form of a page goes, and the hidden fields that it has. */
function formIn(from: Page, action: RegExp): { to: string; given: Record<string, string> } {
  const forms = [...from.text.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)];
  const form = forms.find(([, to]) => action.test(to as string));
  if (!form) throw new TypeError(`no form to ${action} in ${from.url}: ${from.status}`);
  const hidden = [...(form[2] as string).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  return { to: form[1] as string, given: Object.fromEntries(hidden.map(([, name, value]) => [name, value])) };
}
