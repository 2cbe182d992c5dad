import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import { requiredTool } from '../required-tool.ts';
import { signingDesk } from '../signer.ts';
import { expectAccepted } from './judged.ts';
import { type Desk, DRAFT, Office, type PreparedAnswer, picture } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const ROOT = join(import.meta.dirname, '..', '..');
const executablePath = requiredTool('chromium', 'the signing widget in a browser');
/** Without Chromium there is nothing to see; requiredTool says so, and fails in CI. */
const inBrowser = (name: string, work: () => Promise<void>, milliseconds: number) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

const inState = (desk: Desk, state: string) => desk.widget.locator(`body[data-state=${state}]`).waitFor();
const last = async (desk: Desk, type: string) => (await desk.events()).findLast((one) => one.type === type);

/** The signed version as the agency's system fetches it. */
async function signedBytes(desk: Desk): Promise<Buffer> {
  const signed = (await last(desk, 'edoc-signed'))?.detail as { documentId: string; version: number };
  return signingDesk(office.axis).content(COMMUNE, signed.documentId, signed.version);
}

inBrowser(
  'checks 1, 2 and 14: an official reads, has it checked, confirms and signs; the page around learns ids and nothing else',
  async () => {
    const desk = await office.desk();
    await inState(desk, 'reviewing');
    await desk.widget.locator('.page[data-drawn=yes]').first().waitFor();
    expect(await desk.widget.locator('.textLayer').first().innerText()).toContain('Lê Thị Ngọc Lan');
    expect(desk.page.workers()).toHaveLength(1);
    await desk.choose();
    await inState(desk, 'confirming');
    expect(await desk.keyUses()).toBe(0);
    expect(await desk.widget.locator('#code').innerText()).toMatch(/^\d{6}$/);
    await desk.sign();
    await inState(desk, 'signed');

    await expectAccepted(desk, office);
    const bytes = await desk.signedBytes();
    expect((await last(desk, 'edoc-signed'))?.detail.sha256Signed).toBe(sha256(bytes).toString('hex'));

    expect(await desk.keyUses()).toBe(1);
    // The password was typed key by key: the page around saw none of them.
    expect(await desk.keysSeen()).toEqual([]);
    const told = JSON.stringify(await desk.events());
    expect(told).not.toContain(office.signer().password);
    const names = new Set((await desk.events()).flatMap(({ detail }) => Object.keys(detail)));
    const ids = [
      'from',
      'to',
      'documentId',
      'sha256',
      'pages',
      'version',
      'sha256Signed',
      'level',
      'signedAt',
      'ledgerIndex',
    ];
    expect([...names].filter((name) => !ids.includes(name))).toEqual([]);
    // Every breach of the policies of page and widget would be a line of the console.
    expect(desk.complaints).toEqual([]);
    await desk.close();
  },
  120_000,
);

describe('check 6: a server that lies gets no signature', () => {
  const tail = (change: (text: string) => string) => (prepared: PreparedAnswer) => {
    const text = Buffer.from(prepared.tail, 'base64').toString('latin1');
    const changed = change(text);
    if (changed === text) throw new TypeError('nothing was changed');
    prepared.tail = Buffer.from(changed, 'latin1').toString('base64');
  };
  const insert = (extra: string) => tail((text) => text.replace(' /SubFilter', ` ${extra} /SubFilter`));
  const signed = (change: (bytes: Buffer) => Buffer) => (prepared: PreparedAnswer) => {
    const bytes = change(Buffer.from(prepared.toBeSigned, 'base64'));
    prepared.toBeSigned = bytes.toString('base64');
    prepared.code = String(sha256(bytes).readUInt32BE() % 1_000_000).padStart(6, '0');
  };
  const flip = (mark: string) =>
    signed((bytes) => {
      const at = bytes.indexOf(Buffer.from('0420', 'hex'), bytes.indexOf(Buffer.from(mark, 'hex'))) + 2;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
  const MESSAGE_DIGEST = '2a864886f70d010904';
  const CERT_HASH = '2a864886f70d010910022f';

  const LIES: readonly [string, string, (prepared: PreparedAnswer) => void][] = [
    ['another version is signed', 'E_NOT_INCREMENT', (one) => { one.sha256 = '0'.repeat(64); }],
    ['a shorter version is signed', 'E_NOT_INCREMENT', (one) => { one.size -= 1; }],
    ['the byte range leaves the end out', 'E_BYTERANGE', (one) => {
      const [zero = 0, a = 0, b = 0, c = 0] = one.byteRange;
      one.byteRange = [zero, a, b, c - 10];
      tail((text) => text.replace(/\/ByteRange \[[\d ]+/, (old) => `/ByteRange [0 ${a} ${b} ${c - 10}`.padEnd(old.length)))(one);
    }],
    ['a second byte range', 'E_BYTERANGE', insert('/Byte#52ange [0 1 2 3]')],
    ['the value is not empty', 'E_BYTERANGE', tail((text) => text.replace('<0000', '<0041'))],
    ['bytes behind the end', 'E_BYTERANGE', tail((text) => `${text}%`)],
    ['script', 'E_ACTIVE_CONTENT', insert('/J#53 (app.alert\\(1\\))')],
    ['a link', 'E_ACTIVE_CONTENT', insert('/URI (https://example.vn)')],
    ['an action at the opening', 'E_ACTIVE_CONTENT', insert('/OpenAction 5 0 R')],
    ['a packed stream', 'E_HIDDEN_BYTES', insert('/Filter /FlateDecode')],
    ['bytes that nobody can read', 'E_HIDDEN_BYTES', tail((text) => text.replace('endobj', '\u0080endobj'))],
    ['a fourth attribute', 'E_ATTRIBUTES', signed((bytes) => Buffer.concat([bytes, Buffer.from('3000', 'hex')]))],
    ['another document’s digest', 'E_DIGEST', flip(MESSAGE_DIGEST)],
    ['another certificate', 'E_CERT_MISMATCH', flip(CERT_HASH)],
    ['another code', 'E_CODE', (one) => { one.code = one.code === '000000' ? '000001' : '000000'; }],
  ]; // biome-ignore format: a table

  for (const [lie, code, tamper] of LIES)
    inBrowser(
      `${lie}: ${code}`,
      async () => {
        const desk = await office.desk({ tamper });
        const sent: string[] = [];
        desk.page.on('request', (request) => sent.push(request.url()));
        await inState(desk, 'reviewing');
        await desk.choose();
        await inState(desk, 'failed');
        expect(await desk.widget.locator('#error code').innerText()).toBe(code);
        expect((await last(desk, 'edoc-error'))?.detail).toEqual({ code, retryable: false });
        expect(await desk.widget.locator('#sign, #back, #send-again').count()).toBe(0);
        expect(await desk.keyUses()).toBe(0);
        expect(sent.filter((url) => url.endsWith('/finalize'))).toEqual([]);
        await desk.close();
      },
      60_000,
    );

  inBrowser(
    'another document than the one that was submitted is not even shown: E_DOC_HASH',
    async () => {
      const desk = await office.desk({ document: (bytes) => Buffer.concat([bytes, Buffer.from('\n')]) });
      await inState(desk, 'failed');
      expect(await desk.widget.locator('#error code').innerText()).toBe('E_DOC_HASH');
      expect(await desk.widget.locator('.page').count()).toBe(0);
      await desk.close();
    },
    60_000,
  );
});

inBrowser(
  'check 23: by keyboard alone, from the list of drafts to the receipt',
  async () => {
    const desk = await office.desk();
    const { page, widget } = desk;
    await inState(desk, 'reviewing');
    const until = async (selector: string) => {
      for (let presses = 0; presses < 30; presses++) {
        if (await widget.locator(`${selector}:focus`).count()) return;
        await page.keyboard.press('Tab');
      }
      throw new TypeError(`Tab does not reach ${selector}`);
    };
    await until('#pages');
    // A browser with much to draw may drop the press: people press again.
    const chooser = async () => {
      for (;;) {
        await until('#key-file');
        const choosing = page.waitForEvent('filechooser', { timeout: 5_000 }).catch(() => null);
        await page.keyboard.press('Space');
        const shown = await choosing;
        if (shown) return shown;
      }
    };
    await (await chooser()).setFiles(office.signer().file);
    await until('#pin');
    await page.keyboard.type(office.signer().password);
    await page.keyboard.press('Enter');
    await inState(desk, 'confirming');
    await until('#sign');
    await widget.locator('#sign:not([aria-disabled])').waitFor();
    await page.keyboard.press('Enter');
    await inState(desk, 'signed');
    await until('a[download]');
    const downloading = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const receipt = JSON.parse(readFileSync(await (await downloading).path(), 'utf8')) as { index: number };
    expect(receipt.index).toBe((await last(desk, 'edoc-signed'))?.detail.ledgerIndex);
    await desk.close();
  },
  120_000,
);

inBrowser(
  'the picture goes between title and name by itself, elsewhere by numbers, and not off the page',
  async () => {
    const desk = await office.desk();
    const { widget } = desk;
    await inState(desk, 'reviewing');
    await desk.choose();
    await inState(desk, 'confirming');
    const code = await widget.locator('#code').innerText();
    const form = JSON.parse(readFileSync(join(office.drafts, `${DRAFT}.places.json`), 'utf8')) as {
      signature: { page: number; rectangle: number[] };
    };
    const number = async (name: string) => Number(await widget.locator(`#place-${name}`).inputValue());
    const MM = 72 / 25.4;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = form.signature.rectangle;
    expect(await number('page')).toBe(form.signature.page);
    const middle = [
      (await number('left')) + (await number('width')) / 2,
      (await number('bottom')) + (await number('height')) / 2,
    ];
    // Within 5 mm of where the letter's writer left room for it.
    expect(Math.abs((middle[0] ?? 0) - (x0 + x1) / 2 / MM)).toBeLessThan(5);
    expect(Math.abs((middle[1] ?? 0) - (y0 + y1) / 2 / MM)).toBeLessThan(5);

    await widget.locator('summary').click();
    await widget.locator('#place-left').fill('30');
    await widget.locator('#place-bottom').fill('40.5');
    await widget.locator('#place').click();
    await widget.locator('#code').filter({ hasNotText: code }).waitFor();
    expect([await number('left'), await number('bottom')]).toEqual([30, 40.5]);
    await desk.sign();
    await inState(desk, 'signed');
    const text = (await signedBytes(desk)).toString('latin1');
    const [left, bottom] =
      /\/Rect \[([\d.]+) ([\d.]+) /
        .exec(text.slice(text.lastIndexOf('/FT /Sig') - 400))
        ?.slice(1)
        .map(Number) ?? [];
    expect(left).toBeCloseTo(30 * MM, 1);
    expect(bottom).toBeCloseTo(40.5 * MM, 1);
    await desk.close();

    const other = await office.desk();
    await inState(other, 'reviewing');
    await other.choose();
    await inState(other, 'confirming');
    await other.widget.locator('summary').click();
    await other.widget.locator('#place-left').fill('300');
    await other.widget.locator('#place').click();
    await inState(other, 'failed');
    expect(await other.widget.locator('#error code').innerText()).toBe('E_PLACE');
    expect(await other.keyUses()).toBe(0);
    await other.close();
  },
  120_000,
);

describe('check 15: what cannot be shown is not signed', () => {
  const letter = () => readFileSync(join(office.drafts, DRAFT));
  const encrypted = async () => {
    const pdf = await PDFDocument.load(letter());
    pdf.encrypt({ userPassword: 'mật', ownerPassword: 'khẩu' });
    return Buffer.from(await pdf.save());
  };
  const KINDS: readonly [string, () => Buffer | Promise<Buffer>][] = [
    ['no PDF', () => Buffer.from('Đây không phải là PDF')],
    ['a PDF cut off behind its first lines', () => letter().subarray(0, 200)],
    ['an encrypted PDF', encrypted],
  ];
  for (const [kind, make] of KINDS)
    inBrowser(
      `${kind}: E_UNREADABLE`,
      async () => {
        const desk = await office.desk({ instead: await make() });
        await inState(desk, 'failed');
        expect(await desk.widget.locator('#error code').innerText()).toBe('E_UNREADABLE');
        expect(await desk.widget.locator('#key-file').count()).toBe(0);
        await desk.close();
      },
      60_000,
    );
});

/** 64 × 64 pixels of one red (200, 30, 30), JPEG 2000. */
const RED =
  'AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAQAAAAEAAAwcHAAAAAAAPY29scgEAAAAA' +
  'ABAAAAC5anAyY/9P/1EALwAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAAAwcBAQcBAQcBAf9SAAwAAAABAAUEBAAB' +
  '/1wAE0BASEhQSEhQSEhQSEhQSEhQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAAMgAB/5PP' +
  'tBAB14lDz7QQCIWfU8+0EAiFn1OAgICAgICAgICAgICAgID/2Q==';

/** A page of nothing but a picture. */
function pageWith(jpeg2000: Buffer): Buffer {
  const content = '200 0 0 200 0 0 cm /P Do';
  const image = `<< /Type /XObject /Subtype /Image /Width 64 /Height 64 /Filter /JPXDecode /Length ${jpeg2000.length} >>`;
  const bodies: (string | Buffer)[][] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>',
    ],
    [`<< /Length ${content.length} >>\nstream\n${content}\nendstream`],
    [`${image}\nstream\n`, jpeg2000, '\nendstream'],
  ];
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const size = () => parts.reduce((sum, one) => sum + one.length, 0);
  const rows = bodies.map((body, i) => {
    const row = `${String(size()).padStart(10, '0')} 00000 n \n`;
    for (const one of [`${i + 1} 0 obj\n`, ...body, '\nendobj\n'])
      parts.push(typeof one === 'string' ? Buffer.from(one) : one);
    return row;
  });
  const start = size();
  const table = `xref\n0 6\n0000000000 65535 f \n${rows.join('')}`;
  parts.push(Buffer.from(`${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

inBrowser(
  'a picture in JPEG 2000 is drawn without WebAssembly and under the policy',
  async () => {
    const desk = await office.desk({ instead: pageWith(Buffer.from(RED, 'base64')) });
    await inState(desk, 'reviewing');
    const drawn = desk.widget.locator('.page[data-drawn=yes] canvas').first();
    const middle = await drawn.evaluate((one) => {
      interface Drawing {
        getImageData(x: number, y: number, width: number, height: number): { data: ArrayLike<number> };
      }
      const canvas = one as unknown as { width: number; height: number; getContext(kind: string): Drawing };
      const at = [Math.floor(canvas.width / 2), Math.floor(canvas.height / 2)] as const;
      return Array.from(canvas.getContext('2d').getImageData(...at, 1, 1).data);
    });
    const far = [200, 30, 30].map((wanted, i) => Math.abs((middle[i] ?? 0) - wanted));
    expect(Math.max(...far)).toBeLessThan(12);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  },
  60_000,
);

inBrowser(
  'on a narrow screen pages are made larger, and drawn as sharp',
  async () => {
    const desk = await office.desk({ width: 320 });
    const { widget } = desk;
    await inState(desk, 'reviewing');
    const drawn = widget.locator('.page[data-drawn=yes] canvas').first();
    const width = () => drawn.evaluate((one) => (one as unknown as { width: number }).width);
    const before = await width();
    for (let presses = 0; presses < 6; presses++) await widget.locator('#larger').click();
    expect(await widget.locator('output').innerText()).toBe('400 %');
    expect((await width()) / before).toBeCloseTo(4, 1);
    await picture(desk, 'signer-vi-zoomed-320');
    const root = widget.locator('html');
    expect(await root.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
    for (let presses = 0; presses < 4; presses++) await widget.locator('#smaller').click();
    expect(await width()).toBe(before);
    await desk.close();
  },
  60_000,
);

describe('what can go wrong by honest mistake has a way on', () => {
  inBrowser(
    'a wrong password, a wrong person, then the right key',
    async () => {
      const desk = await office.desk();
      await inState(desk, 'reviewing');
      const fails = async (code: string, work: Promise<void>) => {
        await work;
        await inState(desk, 'failed');
        expect(await desk.widget.locator('#error code').innerText()).toBe(code);
        expect((await last(desk, 'edoc-error'))?.detail).toEqual({ code, retryable: true });
        await desk.widget.locator('#back').click();
        await inState(desk, 'reviewing');
      };
      await fails('E_PIN_WRONG', desk.choose(office.signer(), 'sai mật khẩu'));
      await fails('E_NOT_EXPECTED_SIGNER', desk.choose(office.signer('G09')));
      await fails('E_KEY_FILE', desk.choose({ ...office.signer(), file: join(ROOT, 'package.json') }));
      await desk.choose();
      await inState(desk, 'confirming');
      await desk.widget.locator('#back').click();
      await inState(desk, 'reviewing');
      await desk.choose();
      await inState(desk, 'confirming');
      await desk.sign();
      await inState(desk, 'signed');
      await desk.close();
    },
    120_000,
  );

  inBrowser(
    'an answer that was lost is asked for again with the same signature',
    async () => {
      const desk = await office.desk();
      await inState(desk, 'reviewing');
      await desk.choose();
      await inState(desk, 'confirming');
      await desk.page.route('**/finalize', (route) => route.abort());
      await desk.sign();
      await inState(desk, 'failed');
      expect(await desk.widget.locator('#error code').innerText()).toBe('E_NETWORK');
      await desk.page.unroute('**/finalize');
      await desk.widget.locator('#send-again').click();
      await inState(desk, 'signed');
      expect(await desk.keyUses()).toBe(1);
      await desk.close();
    },
    60_000,
  );

  inBrowser(
    'the page around may cancel, and the key is never used',
    async () => {
      const desk = await office.desk();
      await inState(desk, 'reviewing');
      await desk.choose();
      await inState(desk, 'confirming');
      await desk.page
        .locator('edoc-signer')
        .evaluate((one) => (one as unknown as { cancel(): void }).cancel());
      await inState(desk, 'cancelled');
      expect((await last(desk, 'edoc-cancelled'))?.detail).toEqual({ by: 'host' });
      expect(await desk.keyUses()).toBe(0);
      await desk.close();
    },
    60_000,
  );
});

test('checks 1 and 26: the element is at most 8 KB gzip, and the page around it is as docs/widget.md shows it', async () => {
  if (executablePath === null) return;
  const element = readFileSync(join(ROOT, 'web', 'signer', 'dist', 'edoc-signer.js'));
  expect(gzipSync(element).length).toBeLessThanOrEqual(8 * 1024);
  const { officeUrl, signingUrl } = office.axis.credentials;
  const get = async (path: string) => (await fetch(new URL(path, officeUrl))).text();
  const shown = readFileSync(join(ROOT, 'docs', 'widget.md'), 'utf8');
  const block = (language: string) =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(shown)?.[1] ?? 'no block';
  const served = (await get('ky?van-ban=du-thao-xa-gui-bo.pdf')).replaceAll(
    signingUrl,
    'https://ky.example.vn',
  );
  expect(served).toContain(block('html'));
  expect(await get('sign.js')).toBe(block('js'));
  expect(`${block('html')}${block('js')}`.trim().split('\n').length).toBeLessThanOrEqual(8);
});
