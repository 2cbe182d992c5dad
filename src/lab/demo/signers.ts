import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeLetter } from '../pdf-letter.ts';
import { type Pki, pkcs12 } from '../pki/index.ts';
import { DEMO_AGENCIES, identityOf } from './agencies.ts';
import { letterOf, officialName, sealName } from './letters.ts';
import { demoStaff } from './people.ts';
import { letterOrder } from './samples.ts';
import { type DemoFolder, type DemoSigner, staffOf } from './world.ts';

/** Opens the demo's key files. It is no secret: demo anchors are trusted by nobody but the demo. */
const DEMO_SIGNER_PASSWORD = 'truc-demo';

/** Letters that wait for their signature. */
export const DEMO_DRAFTS = [
  { file: 'du-thao-xa-gui-bo.pdf', from: 'H53.32.29', to: ['G09'], number: 1, subject: 'V/v đề nghị bổ sung biên chế', priority: 0 },
  { file: 'du-thao-tinh-gui-xa.pdf', from: 'H53', to: ['H53.32.29', 'H53.32.30'], number: 1, subject: 'V/v chuẩn bị tổng kết năm', priority: 1 },
  { file: 'du-thao-bo-gui-tinh.pdf', from: 'G09', to: ['H41', 'H53'], number: 1, subject: 'V/v hướng dẫn ký số văn bản điện tử', priority: 0 },
]; // biome-ignore format: a table

const STAFF_FILES = { deputy: 'cap-pho', clerk: 'van-thu', specialist: 'chuyen-vien' } as const;

const PARAGRAPHS = [
  'Căn cứ nhiệm vụ được giao, đề nghị quý cơ quan xem xét, cho ý kiến về các nội dung nêu trên.',
  'Đây là dự thảo của môi trường trình diễn, dùng để thử ký số; mọi tên người và số liệu đều là ví dụ.',
];

const README = `Tệp khóa của các cơ quan và lãnh đạo trình diễn (PKCS #12), mật khẩu: ${DEMO_SIGNER_PASSWORD}
Chỉ dùng để thử cửa sổ ký số: không ai ngoài bản trình diễn này tin các chứng thư số đó.

Key files of the demo's officials and seals (PKCS #12), password: ${DEMO_SIGNER_PASSWORD}
For trying the signing widget only: nobody but this demo trusts their certificates.
`;

/** `DIR/demo/signers/*.p12` and `DIR/demo/drafts/*.pdf`, made once; a later start leaves them alone. */
export async function writeSigners(folder: DemoFolder, pki: Pki, now: number): Promise<DemoSigner[]> {
  const keys: Key[] = DEMO_AGENCIES.flatMap(({ code, name, official }) => [
    { ...signer(folder, code, 'person', 'lanh-dao', official.name, official.identity), entity: officialName(code) },
    { ...signer(folder, code, 'agency', 'con-dau', name, null), entity: sealName(code) },
  ]); // biome-ignore format: a key a line
  for (const { role, code, entity } of staffOf(pki)) {
    const one = signer(
      folder,
      code,
      'person',
      STAFF_FILES[role],
      demoStaff(role, code).name,
      identityOf(entity),
    );
    keys.push({ ...one, entity });
  }
  if (!existsSync(join(folder.signers, 'README.txt'))) {
    mkdirSync(folder.signers, { recursive: true, mode: 0o700 });
    for (const one of keys) writeFileSync(one.file, keyFile(pki, one), { mode: 0o600 });
    writeFileSync(join(folder.signers, 'README.txt'), README);
  }
  await writeDrafts(folder, now);
  return keys.map(({ entity: _, ...one }) => one);
}

type Key = DemoSigner & { entity: string };

function signer(
  folder: DemoFolder,
  agency: string,
  kind: DemoSigner['kind'],
  file: string,
  name: string,
  serialNumber: string | null,
): DemoSigner {
  const path = join(folder.signers, `${agency}-${file}.p12`);
  return { agency, kind, name, file: path, password: DEMO_SIGNER_PASSWORD, serialNumber };
}

function keyFile(pki: Pki, { entity, name, password }: Key): Buffer {
  const { key, certificate, chain } = pki.entity(entity);
  return pkcs12({ key, certificates: [certificate, ...chain], friendlyName: name, password });
}

async function writeDrafts(folder: DemoFolder, now: number): Promise<void> {
  if (existsSync(folder.drafts)) return;
  mkdirSync(folder.drafts, { recursive: true });
  for (const { file, ...plan } of DEMO_DRAFTS) {
    const order = { ...letterOrder(plan, now), paragraphs: PARAGRAPHS };
    const { bytes, signature, seal, number, date } = await composeLetter(letterOf(order));
    writeFileSync(join(folder.drafts, file), bytes);
    const places = JSON.stringify({ agency: plan.from, signature, seal, number, date }, null, 2);
    writeFileSync(join(folder.drafts, `${file}.places.json`), `${places}\n`);
  }
}
