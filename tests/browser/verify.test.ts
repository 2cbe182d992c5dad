import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { sha256Hex } from '../../src/kernel/index.ts';
import { requiredTool } from '../required-tool.ts';
import { sample, type World, world } from '../world.ts';
import { faultsInAllViews, openPage } from './page-tools.ts';

const executablePath = requiredTool('chromium', 'the page where anybody checks a document');
const COMMUNE = 'H53.32.29';
let browser: Browser;
let axis: World;
let pdf: Buffer;
let documentId: string;

beforeAll(async () => {
  if (executablePath === null) return;
  axis = await world();
  pdf = sample(axis, '01-xa-gui-bo.pdf');
  ({ documentId } = await axis.as(COMMUNE).send(sample(axis, '01-xa-gui-bo.edxml')));
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  if (executablePath === null) return;
  await browser.close();
  await axis.stop();
});

async function choose(page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  await page.setInputFiles('input[type=file]', { name, mimeType, buffer });
  await page.waitForURL(/\/verify\/./);
}

const outcome = (page: Page) => page.locator('[data-verify][data-outcome]').getAttribute('data-outcome');

test('34 a file is hashed here, nothing of it is sent, and this browser proves what the ledger says of it', async () => {
  if (executablePath === null) return;
  const { context, page, complaints } = await openPage(browser);
  const bodies: number[] = [];
  page.on('request', (request) => bodies.push(request.postDataBuffer()?.length ?? 0));
  await page.goto(`${axis.url}/verify`);
  await choose(page, 'cong-van.pdf', 'application/pdf', pdf);
  expect(new URL(page.url()).pathname).toBe(`/verify/${sha256Hex(pdf)}`);
  expect(await outcome(page)).toBe('right');
  expect(await page.locator('li.good[data-step]').count()).toBe(7);
  expect(Math.max(...bodies)).toBe(0);
  await page.reload();
  expect(await outcome(page)).toBe('right');
  expect(complaints).toEqual([]);
  await context.close();
}, 60_000);

test('34 a bit changed in the entry, in a commitment or in an opened fact shows red at its step', async () => {
  if (executablePath === null) return;
  const changes: [step: string, pattern: RegExp, by: string][] = [
    ['root', /(&quot;entry&quot;:&quot;)eyJhdCI6IjIw/, '$1eyJhdCI6IjMw'],
    ['facts', /(&quot;name&quot;:&quot;sender&quot;,&quot;value&quot;:&quot;)H53/, '$1H41'],
    ['file', /(&quot;file&quot;:&quot;)[0-9a-f]{4}/, '$10000'],
  ];
  for (const [step, pattern, by] of changes) {
    const { context, page } = await openPage(browser);
    await page.route('**/verify/*', async (route) => {
      const answer = await route.fetch();
      const text = await answer.text();
      const changed = text.replace(pattern, by);
      expect({ step, changed: changed !== text }).toEqual({ step, changed: true });
      await route.fulfill({ response: answer, body: changed });
    });
    await page.goto(`${axis.url}/verify/${sha256Hex(pdf)}`);
    expect([step, await outcome(page)]).toEqual([step, 'wrong']);
    expect(await page.locator('li.bad[data-step]').getAttribute('data-step')).toBe(step);
    await context.close();
  }
}, 90_000);

test('a photo of the paper is read here: its code is looked up, a code of another place is not followed', async () => {
  if (executablePath === null) return;
  const paper = await axis.fetch(COMMUNE, `/v1/documents/${documentId}/paper-code`);
  const { code } = (await paper.json()) as { code: string };
  const answer = await axis.fetch(COMMUNE, `/v1/documents/${documentId}/paper-code.png`);
  const png = Buffer.from(await answer.arrayBuffer());
  const { context, page, complaints } = await openPage(browser);
  await page.goto(`${axis.url}/verify`);
  await choose(page, 'anh.png', 'image/png', png);
  expect(new URL(page.url()).pathname).toBe(`/verify/${code}`);
  expect(await page.locator('main').textContent()).toContain('Mã này thuộc về một văn bản đã gửi qua trục');
  expect(await outcome(page)).toBe('right');
  await page.goto(`${axis.url}/verify`);
  await choose(page, 'anh.png', 'image/png', Buffer.from('not a picture'));
  expect(await page.locator('h1').textContent()).toBe('Trục không xác nhận được');
  expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  await context.close();
}, 60_000);

test('38 without script the code is typed in, and what the axis knows is on the page', async () => {
  if (executablePath === null) return;
  const { context, page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${axis.url}/verify`);
  expect(await page.locator('[data-check]').isVisible()).toBe(false);
  await page.fill('#q', `  ${sha256Hex(pdf).toUpperCase()} `);
  await page.click('main button[type=submit]');
  expect(await page.locator('main').textContent()).toContain('Đúng là tệp đã gửi qua trục');
  expect(await page.locator('main').textContent()).toContain('truc evidence verify');
  await context.close();
}, 60_000);

test('39 the pages have no fault in any view, in both languages', async () => {
  if (executablePath === null) return;
  const { code } = (await (await axis.fetch(COMMUNE, `/v1/documents/${documentId}/paper-code`)).json()) as {
    code: string;
  };
  const views = { ask: '', file: `/${sha256Hex(pdf)}`, paper: `/${code}`, none: `/${'0'.repeat(64)}` };
  for (const lang of ['vi', 'en'])
    for (const [name, path] of Object.entries(views)) {
      const { context, page } = await openPage(browser, { bypassCSP: true });
      await page.goto(`${axis.url}/verify${path}?lang=${lang}`);
      if (name === 'file' || name === 'paper') await outcome(page);
      expect(await faultsInAllViews(page, `verify-${name}-${lang}`)).toEqual([]);
      await context.close();
    }
}, 120_000);
