import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requiredTool } from '../required-tool.ts';
import { type Desk, Office } from './signing-desk.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const executablePath = requiredTool('chromium', 'the signing window');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 120_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

/** Up to the code, by the official's key file. */
async function confirming(options: Parameters<Office['desk']>[0] = {}): Promise<Desk> {
  const desk = await office.desk(options);
  await desk.inState('reviewing');
  await desk.choose();
  await desk.inState('confirming');
  return desk;
}
const ready = (desk: Desk) => desk.widget.locator('#sign:not([aria-disabled])').waitFor();
const heldBack = (desk: Desk) => desk.widget.locator('#sign[aria-disabled]').waitFor({ timeout: 1_000 });

inBrowser(
  'check 7: Sign is held back within a second while it is covered, faded, shrunk or away',
  async () => {
    const desk = await confirming();
    const style = (name: string, value: string) =>
      desk.page
        .locator('edoc-signer')
        .evaluate(
          (one, [property = '', wanted = '']) =>
            (one as unknown as { style: { setProperty(...all: string[]): void } }).style.setProperty(
              property,
              wanted,
            ),
          [name, value],
        );
    await ready(desk);
    const hides = [
      ['opacity', '.5'],
      ['transform', 'scale(.2)'],
      ['translate', '-3000px'],
      ['filter', 'blur(1px)'],
    ] as const;
    for (const [name, value] of hides) {
      await style(name, value);
      await heldBack(desk);
      await style(name, '');
      await ready(desk);
    }
    const cover = await desk.page.evaluateHandle(() => {
      interface Box {
        style: Record<string, string>;
        remove(): void;
      }
      const { document } = globalThis as unknown as {
        document: { createElement(name: string): Box; body: { append(one: Box): void } };
      };
      const box = document.createElement('div');
      Object.assign(box.style, {
        position: 'fixed',
        inset: '0',
        background: 'rgb(255 0 0 / 5%)',
        pointerEvents: 'none',
      });
      document.body.append(box);
      return box;
    });
    await heldBack(desk);
    await desk.widget.locator('#sign').evaluate((one) => (one as unknown as { click(): void }).click());
    expect(await desk.keyUses()).toBe(0);
    await cover.evaluate((box) => box.remove());
    await ready(desk);
    await desk.close();
  },
);

inBrowser(
  'check 16: arrow keys, pointer and numbers move the frame alike; what moved is prepared anew before it is signed',
  async () => {
    const desk = await confirming();
    const { widget, page } = desk;
    const MM = 72 / 25.4;
    const points = async (name: string) => Number(await widget.locator(`#place-${name}`).inputValue()) * MM;
    const before = [await points('left'), await points('bottom')];
    await widget.locator('#mark').focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'Shift+ArrowUp']) await page.keyboard.press(key);
    await widget.locator('#place-warnings li').first().waitFor();
    // Numbers are shown to a tenth of a millimetre.
    expect(Math.abs((await points('left')) - ((before[0] ?? 0) - 2))).toBeLessThan(0.3);
    expect(Math.abs((await points('bottom')) - ((before[1] ?? 0) + 10))).toBeLessThan(0.3);
    await heldBack(desk);
    const code = await widget.locator('#code').innerText();
    await widget.locator('#place').click();
    await widget.locator('#code').filter({ hasNotText: code }).waitFor();
    await ready(desk);

    const box = await widget.locator('#mark').boundingBox();
    const scale = await widget
      .locator('.page')
      .first()
      .evaluate(
        (one) => one.clientWidth / Number((one as unknown as { dataset: { width: string } }).dataset.width),
      );
    const from = await points('left');
    const [x, y] = [(box?.x ?? 0) + 10, (box?.y ?? 0) + 10];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 100 * scale, y - 60 * scale, { steps: 5 });
    await page.mouse.up();
    expect(Math.abs((await points('left')) - (from - 100))).toBeLessThan(1);
    const warnings = await widget.locator('#place-warnings').innerText();
    expect(warnings).toContain('không nằm giữa chức vụ và họ tên');
    await widget.locator('#place-left').fill('200');
    await widget.locator('#place-warnings').filter({ hasText: 'vượt ra ngoài trang' }).waitFor();
    await desk.close();
  },
);

describe('check 12: key files', () => {
  const files = () => join(office.axis.dataDir, 'demo', 'signers');
  /** The official's key again, packed otherwise by openssl. */
  const packed = (name: string, ...options: string[]) => {
    const pem = join(files(), 'all.pem');
    const from = [
      'pkcs12',
      '-in',
      office.signer().file,
      '-passin',
      `pass:${office.signer().password}`,
      '-nodes',
    ];
    writeFileSync(pem, execFileSync('openssl', from, { stdio: ['ignore', 'pipe', 'ignore'] }));
    const file = join(files(), name);
    const to = ['pkcs12', '-export', '-in', pem, '-out', file, '-passout', 'pass:mật khẩu', ...options];
    execFileSync('openssl', to, { stdio: 'pipe' });
    return { ...office.signer(), file, password: 'mật khẩu' };
  };
  const GOOD: readonly [string, string[]][] = [
    ['3des.p12', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['rc2.p12', ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1']],
    ['slow.p12', ['-iter', '600000', '-macalg', 'sha256']],
  ];
  for (const [name, options] of GOOD)
    inBrowser(`${name} opens and signs`, async () => {
      const desk = await office.desk();
      await desk.inState('reviewing');
      const signer = packed(name, ...options);
      await desk.widget.locator('#key-file').setInputFiles(signer.file);
      await desk.widget.locator('#pin').fill(signer.password);
      await desk.submit();
      await desk.inState('confirming');
      // The derivation of keys is not the page's own work.
      expect(desk.page.workers().map((one) => one.url())).toEqual(
        expect.arrayContaining([expect.stringContaining('key-file.worker.js')]),
      );
      await desk.sign();
      await desk.inState('signed');
      expect(desk.complaints).toEqual([]);
      await desk.close();
    });

  const BAD: readonly [string, string, () => { file: string; password: string }][] = [
    ['a wrong password', 'E_PIN_WRONG', () => ({ ...packed('3des.p12', ...(GOOD[0]?.[1] ?? [])), password: 'sai' })],
    ['no MAC', 'E_KEY_FILE', () => packed('no-mac.p12', '-nomac')],
    ['two million rounds', 'E_KEY_FILE', () => packed('rounds.p12', '-iter', '2000000', '-nomaciter')],
    ['cut off', 'E_KEY_FILE', () => {
      const whole = packed('whole.p12');
      writeFileSync(`${whole.file}.cut`, readFileSync(whole.file).subarray(0, 900));
      return { ...whole, file: `${whole.file}.cut` };
    }],
  ]; // biome-ignore format: a table
  inBrowser(
    'wrong password, no MAC, too many rounds, cut off: each has its code, and nothing is signed',
    async () => {
      const desk = await office.desk();
      for (const [kind, code, make] of BAD) {
        await desk.inState('reviewing');
        const { file, password } = make();
        await desk.choose({ ...office.signer(), file }, password);
        await desk.inState('failed');
        expect([kind, await desk.code()]).toEqual([kind, code]);
        await desk.widget.locator('#back').click();
      }
      expect(await desk.keyUses()).toBe(0);
      await desk.close();
    },
  );
});

inBrowser(
  'check 3: a page that is not registered gets no frame, but E_ORIGIN and the fallback slot',
  async () => {
    const { signingUrl } = office.axis.credentials;
    const html = `<!doctype html><html lang="vi"><script type="module" src="${signingUrl}/widget/v1/edoc-signer.js" crossorigin></script>
<edoc-signer id="s"><p slot="fallback">Không mở được cửa sổ ký số.</p></edoc-signer></html>`;
    const server = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    const { port } = server.address() as { port: number };
    const desk = await office.desk();
    await desk.inState('reviewing');
    await desk.page.goto(`http://127.0.0.2:${port}/`);
    const code = await desk.page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          interface Signer {
            ticket: object;
            addEventListener(name: string, heard: (event: { detail: { code: string } }) => void): void;
          }
          const { document } = globalThis as unknown as { document: { querySelector(name: string): Signer } };
          const signer = document.querySelector('edoc-signer');
          signer.addEventListener('edoc-error', ({ detail }) => resolve(detail.code));
          signer.ticket = { ticket: 'x', widgetUrl: `${url}/widget/v1/?client=khong-dang-ky` };
        }),
      signingUrl,
    );
    expect(code).toBe('E_ORIGIN');
    expect(await desk.page.getByText('Không mở được cửa sổ ký số.').isVisible()).toBe(true);
    await desk.close();
    server.close();
  },
);

test('check 26: the first load of the frame, without viewer and keys, is at most 90 KB gzip', () => {
  if (executablePath === null) return;
  const folder = join(ROOT, 'web', 'signer', 'dist');
  const loaded = new Set<string>();
  /** What is imported before a line runs: `import()` is left out. */
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const [, next = ''] of readFileSync(join(folder, name), 'utf8').matchAll(
      /(?:from|^import|;import)"\.\/([\w.-]+)"/g,
    ))
      load(next);
  };
  load('page.js');
  const sizes = [...loaded, 'page.css', 'index.html'].map(
    (one) => gzipSync(readFileSync(join(folder, one))).length,
  );
  expect(loaded.size).toBeGreaterThan(1);
  expect(sizes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(90 * 1024);
});
