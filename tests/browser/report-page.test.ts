import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { documentInput, PAGE_POLICY, type ReportInput, reportPage } from '../../src/rendering/index.ts';
import { HOSTILE_TEXTS, hostileReport } from '../builders/hostile.ts';
import { type ReportKind, sampleReports, submission } from '../builders/reports.ts';
import { requiredTool } from '../required-tool.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SHOTS = process.env.TRUC_TEST_SCREENSHOTS;
const VIEWS: readonly (readonly ['light' | 'dark', number])[] = SHOTS
  ? (['light', 'dark'] as const).flatMap((scheme) =>
      [320, 390, 1440].map((width) => [scheme, width] as const),
    )
  : [
      ['light', 1440],
      ['dark', 320],
    ];
const KINDS: readonly ReportKind[] = [
  'passed',
  'undecided',
  'failed',
  'mismatch',
  'unsigned',
  'many',
  'several',
];
const LANGS = ['vi', 'en'] as const;

const executablePath = requiredTool('chromium', 'the verification report in a browser');
let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  if (executablePath === null) return;
  const samples = await sampleReports();
  const { report } = samples.passed.files[0]!;
  const hostile = HOSTILE_TEXTS.map(([name, text]) => {
    const stored = submission(hostileReport(report, text));
    const attachments = stored.attachments.map((one) => ({ ...one, name: text }));
    const declaredSigner = { fullName: text, position: text };
    return [encodeURIComponent(name), documentInput({ ...stored, attachments, declaredSigner }, null)];
  });
  const reports: Record<string, ReportInput> = { ...samples, ...Object.fromEntries(hostile) };
  server = createServer((request, response) => {
    const [, kind, lang] = (request.url ?? '').split('/');
    const known = kind !== undefined && Object.hasOwn(reports, kind);
    if (!known) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
    });
    response.end(reportPage(reports[kind] as ReportInput, lang === 'en' ? 'en' : 'vi'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** A page of the report, with whatever the browser complained of. */
async function open(kind: string, lang: string, options: Parameters<Browser['newPage']>[0]) {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${url}/${kind}/${lang}`);
  return { page, complaints };
}

/** axe-core cannot run under the page's own policy, so the test goes around it. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const result = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

describe.each(KINDS)('a report of kind %s', (kind) => {
  test.each(LANGS)(
    'in %s has no accessibility fault, unfolded, in both schemes, narrow and wide',
    async (lang) => {
      if (executablePath === null) return;
      const { page } = await open(kind, lang, { bypassCSP: true });
      for (const [colorScheme, width] of VIEWS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await picture(page, `${kind}-${lang}-${colorScheme}-${width}`);
        const folded = page.locator('details:not([open]) > summary');
        while ((await folded.count()) > 0) await folded.first().click();
        expect(await page.locator('html').evaluate((one) => one.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await violations(page)).toEqual([]);
        await picture(page, `${kind}-${lang}-${colorScheme}-${width}-open`);
        for (const one of await page.locator('details > summary').all()) await one.click();
      }
      await page.close();
    },
    180_000,
  );
});

/** TRUC_TEST_SCREENSHOTS names a folder for pictures of every view. */
async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

test('under its own policy the page shows with its style and without a complaint, and runs nothing', async () => {
  if (executablePath === null) return;
  const { page, complaints } = await open('passed', 'vi', { viewport: { width: 390, height: 800 } });
  expect(await page.locator('html').getAttribute('lang')).toBe('vi');
  expect(
    await page
      .locator('.badge')
      .first()
      .evaluate((one) => one.computedStyleMap().get('border-top-style')?.toString()),
  ).toBe('solid');
  expect(complaints).toEqual([]);
  const ran = await page.locator('body').evaluate((one) => {
    const script = one.ownerDocument.createElement('script');
    script.textContent = 'document.title = "ran"';
    one.append(script);
    return one.ownerDocument.title === 'ran';
  });
  expect(ran).toBe(false);
  await page.close();
});

test('technical details open by keyboard alone, and are printed though they are folded', async () => {
  if (executablePath === null) return;
  const { page } = await open('passed', 'vi', { viewport: { width: 800, height: 800 } });
  const first = page.locator('details').first();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await first.getAttribute('open')).toBe('');
  await page.keyboard.press('Enter');
  const shown = () =>
    first
      .locator('dd')
      .first()
      .evaluate((one) => one.checkVisibility());
  expect(await shown()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await shown()).toBe(true);
  await page.close();
});

test.each(HOSTILE_TEXTS)(
  'names that hold %s run nothing, fetch nothing and keep within 320 px',
  async (name) => {
    if (executablePath === null) return;
    // Without the policy: what stands on the page must be harmless by itself.
    const { page, complaints } = await open(encodeURIComponent(name), 'vi', {
      viewport: { width: 320, height: 800 },
      bypassCSP: true,
    });
    const beyond: string[] = [];
    page.on('dialog', (dialog) => {
      beyond.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => beyond.push(request.url()));
    for (const one of await page.locator('details > summary').all()) await one.click();
    expect(await page.locator('html').evaluate((one) => one.scrollWidth)).toBeLessThanOrEqual(320);
    expect(await page.locator('script, img, svg, iframe, object, form, a').count()).toBe(0);
    expect([...complaints, ...beyond]).toEqual([]);
    await page.close();
  },
);
