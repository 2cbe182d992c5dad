import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { registerDraft, type Stations } from '../../src/exchange/index.ts';
import { toPem } from '../../src/lab/index.ts';
import { ecdsaFromDer, ecdsaToDer } from '../../src/signing/index.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { Ceremonies } from '../builders/ceremonies.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';
import { requiredTool } from '../required-tool.ts';

const COMMUNE = 'H53.32.29';
const folder = mkdtempSync(join(tmpdir(), 'truc-formats-'));
let world: WeakWorld;
let axis: WeakAxis;
let x: Stations;
let commune: Ceremonies;

beforeAll(async () => {
  world = await weakWorld(COMMUNE, ['G09']);
  axis = await world.axis();
  x = await axis.start(axis.stores);
  commune = await new Ceremonies(world.pki, axis.as(COMMUNE), x, COMMUNE).begin();
});
afterAll(() => {
  world.remove();
  rmSync(folder, { recursive: true });
});

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

async function upload(text: string): Promise<string> {
  const order = { bytes: Buffer.from(text), agency: null, reference: null, title: 'Dữ liệu' };
  return (await registerDraft(order, axis.as(COMMUNE), x)).draft.documentId;
}

async function newest(documentId: string): Promise<Buffer> {
  const draft = await x.drafts.get(documentId);
  return x.blobs.read(draft?.versions.at(-1)?.content ?? '');
}

const XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<hồ-sơ xmlns="urn:vd"><tên a="1"  b=\'2\'>Lê &amp; Văn</tên>\n</hồ-sơ>\n';

test('XML is signed by person and agency beside each other, neither breaks the other (XAdES)', async () => {
  const documentId = await upload(XML);
  expect(await code(commune.sign(documentId, { action: 'seal' }))).toBe('signing.seal-before-signature');
  await commune.sign(documentId);
  await commune.sign(documentId, { action: 'seal' });
  const bytes = await newest(documentId);
  const report = verifyFile(bytes, x.verification());
  expect(report).toMatchObject({ format: 'xml', indication: 'TOTAL_PASSED' });
  expect(report.signatures.map(({ id, baseline, coverage }) => [id, baseline, coverage])).toEqual([
    ['NguoiKy_1', 'B-B', 'whole-file'],
    ['CoQuan_2', 'B-B', 'whole-file'],
  ]);
  // Nothing but the signatures was added.
  expect(bytes.toString().replace(/<Signature .*<\/Signature>/, '')).toBe(XML);
  expect(await code(commune.sign(documentId))).toBe('signing.sealed-already');
});

test('xmlsec1 accepts what the service signed', async () => {
  const xmlsec = requiredTool('xmlsec1', 'XML signed through the service under xmlsec1');
  if (!xmlsec) return;
  const documentId = await upload(XML);
  await commune.sign(documentId);
  const file = join(folder, 'signed.xml');
  writeFileSync(file, await newest(documentId));
  const pems = (flag: string, certificates: readonly Buffer[]) =>
    certificates.flatMap((one, i) => {
      const path = join(folder, `${flag.slice(2)}-${i}.pem`);
      writeFileSync(path, toPem('CERTIFICATE', one));
      return [flag, path];
    });
  const known = [
    ...pems('--trusted-pem', world.pki.anchors),
    ...pems('--untrusted-pem', world.pki.intermediates),
  ];
  const { status, stderr } = spawnSync(
    xmlsec,
    [
      '--verify',
      '--verification-time',
      '2026-03-16 09:00:00',
      ...known,
      '--id-attr:Id',
      'http://uri.etsi.org/01903/v1.3.2#:SignedProperties',
      file,
    ],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('OK') });
});

test.each(['<a/>', '<a>', '<a></b>', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', '<a></a><!-- </a> -->'])(
  '%s is refused, and nothing is kept',
  async (text) => {
    const documentId = await upload(text);
    const refused = [
      'signing.xml-not-usable',
      'signing.result-not-passed',
      'signing.earlier-signature-broken',
    ];
    expect(refused).toContain(await code(commune.sign(documentId)));
    expect((await x.drafts.get(documentId))?.versions).toHaveLength(1);
  },
);

test('data are signed once, with the data inside (CAdES), and openssl agrees', async () => {
  const documentId = await upload('Số liệu tháng 3: 1.234.567,89\n');
  await commune.sign(documentId);
  const bytes = await newest(documentId);
  const report = verifyFile(bytes, x.verification());
  expect(report).toMatchObject({
    format: 'cms',
    indication: 'TOTAL_PASSED',
    signatures: [{ baseline: 'B-B' }],
  });
  expect(await code(commune.sign(documentId, { action: 'seal' }))).toBe('signing.signed-already');
  const openssl = requiredTool('openssl', 'data signed through the service under openssl');
  if (!openssl) return;
  const file = join(folder, 'data.p7m');
  writeFileSync(file, bytes);
  const { status, stdout } = spawnSync(
    openssl,
    ['cms', '-verify', '-inform', 'DER', '-in', file, '-noverify', '-binary'],
    { encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'Số liệu tháng 3: 1.234.567,89\n' });
});

test('the two forms of an ECDSA value lead to each other', () => {
  for (const [r, s] of [
    [Buffer.alloc(32, 0x01), Buffer.alloc(32, 0xff)],
    [Buffer.concat([Buffer.alloc(3), Buffer.alloc(29, 0x80)]), Buffer.alloc(32, 0x7f)],
    [Buffer.alloc(48, 0x90), Buffer.alloc(48, 0x01)],
  ] as const) {
    const raw = Buffer.concat([r, s]);
    const der = ecdsaToDer(raw);
    expect(der && ecdsaFromDer(der).equals(raw)).toBe(true);
  }
  expect(ecdsaToDer(Buffer.alloc(63))).toBeNull();
});
