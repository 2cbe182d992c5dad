import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeQR } from 'qr/decode.js';
import { PaperCodeSchema } from '../../src/api/schemas.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { aPdf } from '../builders/edxml.ts';
import { lettered } from '../builders/letter-envelope.ts';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
let axis: World;
let pdf: Buffer;
let sent: { documentId: string; bytes: Buffer; codeNumber: string };

beforeAll(async () => {
  axis = await world();
  pdf = sample(axis, '01-xa-gui-bo.pdf');
  sent = await send(COMMUNE, ['G09', 'H53'], pdf);
}, 120_000);
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

async function send(from: string, to: string[], file: Buffer, business = {}) {
  const { bytes, codeNumber, edxmlId } = lettered(from, to, file, business);
  const { documentId } = await axis.as(from).send(bytes);
  return { documentId, bytes, codeNumber, edxmlId };
}

const page = async (key: string) => {
  const answer = await fetch(`${axis.url}/verify/${key}`, { headers: { 'accept-language': 'vi' } });
  return { status: answer.status, text: await answer.text() };
};
const receipt = async (key: string) =>
  (await (await fetch(`${axis.url}/verify/${key}/receipt.json`)).json()) as {
    disclosures: { name: string; value: string }[];
  };
const codeOf = async (agency: string, documentId: string) => {
  const answer = await axis.fetch(agency, `/v1/documents/${documentId}/paper-code`);
  return { status: answer.status, ...((await answer.json()) as { code: string; url: string }) };
};

describe('a file', () => {
  test('that passed the axis is known by its digest: sender, number and time, and a receipt that verifies offline', async () => {
    const digest = sha256Hex(pdf);
    const { status, text } = await page(digest);
    expect(status).toBe(200);
    for (const told of [COMMUNE, sent.codeNumber, 'Đúng là tệp đã gửi qua trục', 'Chưa bị thu hồi'])
      expect(text).toContain(told);
    const given = await receipt(digest);
    expect(given.disclosures.map(({ name, value }) => [name, value])).toEqual([
      ['sender', COMMUNE],
      ['file:0', digest],
    ]);
    const verdict = await verifyEvidence(Buffer.from(JSON.stringify(given)), { vkey: axis.demo.vkey });
    expect(verdict).toMatchObject({ ok: true, kind: 'receipt' });
  });

  test('and the whole document as sent is known likewise', async () => {
    const digest = sha256Hex(sent.bytes);
    expect((await page(digest)).text).toContain('toàn bộ văn bản (edXML)');
    expect((await receipt(digest)).disclosures.map((one) => one.name)).toEqual(['sender', 'sha256']);
  });

  test('says nothing of who was written to, what about, or under which ids', async () => {
    const digest = sha256Hex(pdf);
    const all = `${(await page(digest)).text}${JSON.stringify(await receipt(digest))}`;
    expect(all).not.toContain('G09');
    expect(all).not.toContain('Bộ Nội vụ');
    expect(all).not.toContain('hồ sơ của công dân');
    expect(all).not.toContain(sent.documentId);
    expect(all).not.toContain(sha256Hex(sent.bytes));
  });

  test('sent on by others is still told as of its first sender: nobody learns who passed it on', async () => {
    await send('H41', ['G22'], pdf);
    const all = `${(await page(sha256Hex(pdf))).text}${JSON.stringify(await receipt(sha256Hex(pdf)))}`;
    expect(all).toContain(COMMUNE);
    expect(all).not.toContain('H41');
  });

  test('with one byte changed, or without a signature, is not known: what could be guessed is told to nobody', async () => {
    const changed = Buffer.from(pdf);
    changed[100] = (changed[100] as number) ^ 1;
    const plain = aPdf('Kính gửi: UBND tỉnh. Không có ý kiến.');
    const unsigned = await send(COMMUNE, ['H53'], plain);
    for (const bytes of [changed, plain, unsigned.bytes]) {
      const { status, text } = await page(sha256Hex(bytes));
      expect([status, text.includes('Trục không xác nhận được')]).toEqual([404, true]);
    }
    expect((await page((await codeOf(COMMUNE, unsigned.documentId)).code)).status).toBe(200);
  });
});

describe('a paper', () => {
  test('carries a code that its parties get, and nobody else', async () => {
    const own = await codeOf(COMMUNE, sent.documentId);
    const { status, ...given } = own;
    expect([status, PaperCodeSchema.strict().parse(given)]).toEqual([200, given]);
    expect(given.url).toBe(`${axis.url}/verify/${given.code}`);
    expect((await codeOf('G09', sent.documentId)).code).toBe(given.code);
    expect((await codeOf('H41', sent.documentId)).status).toBe(404);
    expect((await axis.fetch(COMMUNE, `/v1/documents/${sent.documentId}/paper-code.gif`)).status).toBe(404);
  });

  test('is known by it however it is typed; the holder may compare every file', async () => {
    const { code } = await codeOf(COMMUNE, sent.documentId);
    const typings = [code, code.toLowerCase(), code.replaceAll('-', ' '), code.replaceAll('-', '')];
    for (const typed of typings) {
      const entered = await fetch(`${axis.url}/verify?q=${encodeURIComponent(typed)}`);
      expect([typed, entered.status, new URL(entered.url).pathname]).toMatchObject([
        typed,
        200,
        /^\/verify\//,
      ]);
      expect(await entered.text()).toContain(sent.codeNumber);
    }
    const { disclosures } = await receipt(code);
    expect(disclosures.map((one) => one.value)).toEqual([COMMUNE, sha256Hex(sent.bytes), sha256Hex(pdf)]);
  });

  test('with any character of its code changed is not known', async () => {
    const { code } = await codeOf(COMMUNE, sent.documentId);
    const known: string[] = [];
    for (let i = 0; i < code.length; i++) {
      if (code[i] === '-') continue;
      const other = `${code.slice(0, i)}${code[i] === '7' ? '8' : '7'}${code.slice(i + 1)}`;
      if ((await page(other)).status !== 404) known.push(other);
    }
    expect(known).toEqual([]);
  });

  test('is printed with a QR code that readers read: as SVG, PNG, and in the report', async () => {
    const { code, url } = await codeOf(COMMUNE, sent.documentId);
    const svg = await (await axis.fetch(COMMUNE, `/v1/documents/${sent.documentId}/paper-code.svg`)).text();
    expect(svg).toMatch(/^<svg/);
    const { Resvg } = await import('@resvg/resvg-js');
    const { width, height, pixels } = new Resvg(svg).render();
    expect(decodeQR({ width, height, data: new Uint8Array(pixels) })).toBe(url);
    const png = await axis.fetch(COMMUNE, `/v1/documents/${sent.documentId}/paper-code.png`);
    expect(png.headers.get('content-type')).toBe('image/png');
    const report = await axis.fetch(COMMUNE, `/v1/documents/${sent.documentId}/report?format=pdf`);
    expect(report.status).toBe(200);
    expect(code.length).toBeLessThan(20);
  });
});

test('a recalled and a replaced document say so, and since when', async () => {
  const recalled = await send(COMMUNE, ['G09'], pdf);
  const { code } = await codeOf(COMMUNE, recalled.documentId);
  await axis.fetch(COMMUNE, `/v1/documents/${recalled.documentId}/recall`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'ban hành nhầm' }),
  });
  const gone = (await page(code)).text;
  expect(gone).toContain('Văn bản này đã bị thu hồi');
  expect(gone).not.toContain('ban hành nhầm');
  const old = await send(COMMUNE, ['G09'], pdf);
  await send(COMMUNE, ['G09'], pdf, {
    type: 3,
    reason: 'sai nội dung',
    replacements: [{ documentId: old.edxmlId, organIds: ['G09'] }],
  });
  const { code: oldCode } = await codeOf(COMMUNE, old.documentId);
  expect((await page(oldCode)).text).toContain('Văn bản này đã được thay thế');
});

test.each([
  ['../../etc/passwd', 404],
  ['%00', 404],
  ['%3Cscript%3Ealert(1)%3C/script%3E', 404],
  ['__proto__', 404],
  ['0'.repeat(64), 404],
  ['Z'.repeat(22), 404],
  ['7'.repeat(300), 404],
  ['%E0%A4%A', 400],
  ['consistency?first=9&second=1', 400],
  ['consistency?first=0&second=999999999', 400],
  ['consistency?first=x', 400],
])('/verify/%s is answered, not obeyed', async (path, status) => {
  const answer = await fetch(`${axis.url}/verify/${path}`, { headers: { accept: 'text/html' } });
  const text = await answer.text();
  expect(answer.status).toBe(status);
  expect(text).not.toContain('<script>alert');
});

test('what is neither a code nor a digest is said beside the field', async () => {
  const answer = await fetch(`${axis.url}/verify?q=${encodeURIComponent('<b>xin chào</b>')}`);
  const text = await answer.text();
  expect([answer.status, text.includes('&lt;b&gt;'), text.includes('<b>xin')]).toEqual([400, true, false]);
});

test('whoever tries many codes is made to wait', async () => {
  const tries = await Promise.all(
    Array.from({ length: 70 }, (_, i) => page(`7${String(i).padStart(12, '0')}`)),
  );
  expect(tries.some((one) => one.status === 429)).toBe(true);
  const limited = await fetch(`${axis.url}/verify`);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
});
