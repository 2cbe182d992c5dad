import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { type Browser, chromium } from 'playwright-core';
import { assetRoutes, type Frame, pageErrorHandler, sendPage, styleSheet } from '../../src/api/index.ts';
import { makeLog } from '../../src/app/index.ts';
import { TrucError } from '../../src/kernel/index.ts';
import {
  badge,
  bounded,
  card,
  dataTable,
  emptyState,
  facts,
  faultSummary,
  field,
  figure,
  html,
  ICONS,
  local,
  notice,
  pager,
  selectField,
} from '../../src/rendering/index.ts';
import { HOSTILE_TEXTS } from '../builders/hostile.ts';
import { requiredTool } from '../required-tool.ts';
import { faultsInAllViews, openPage } from './page-tools.ts';

const executablePath = requiredTool('chromium', 'the frame of the pages in a browser');
let browser: Browser;
let server: Server;
let url: string;

function frame(name: string): Frame {
  return {
    area: { name: 'Quản trị', href: '/' },
    person: { name, role: 'Vận hành', signOut: { action: '/sign-out', csrf: 'x' } },
    nav: [
      { text: 'Nhật ký văn bản', href: '/?q=1', icon: 'messages', current: true },
      { text: 'Chưa chuyển được', href: '/other', icon: 'failures', current: false, tally: 12 },
    ],
  };
}

/** One of each part, with a text from outside in each. */
function sampler(text: string) {
  const sort = { href: '?sort=at', now: 'descending' } as const;
  const columns = [{ title: 'Thời điểm', sort }, { title: 'Văn bản' }, { title: 'Dung lượng', right: true }];
  const link = html`<a class="title" href="/other?q=${text}">${text}</a>`;
  return {
    title: text,
    lead: text,
    crumbs: [{ text, href: '/' }],
    actions: html`<a class="button" href="/other">${text}</a>`,
    notices: [notice('good', text), notice('bad', text, text), notice('open', text), notice('none', text)],
    body: html`<div class="figures">${figure('1.234', text, local('/other'))}${figure('3', text, null, 'bad')}</div>
<form class="card filters" method="get"><div class="search"><div class="box">${ICONS.search}<input type="search" name="q" aria-label="Tìm" value="${text}"></div><button class="button main">Tìm</button></div>
<div class="fields">${selectField('state', 'Trạng thái', text, [
      ['', 'Tất cả'],
      [text, text],
    ])}${field({ name: 'from', label: 'Từ ngày', type: 'date' })}</div>
<div class="chips"><a class="chip" aria-current="true" href="/?a">${text} <b>12</b></a></div></form>
<section class="card flush">${dataTable('Văn bản', columns, [
      [link, badge('bad', text), 1],
      [text, badge('good', text), 2],
    ])}${pager('vi', { first: '?', older: '?after=1', note: text })}</section>
${card(
  'Dữ kiện',
  facts([
    ['Tên', text],
    ['Mã', html`<code>${text}</code>`],
    ['Không', null],
  ]),
)}
${card('Diễn biến', html`<ol class="timeline"><li class="good"><div><strong>${text}</strong></div></li></ol>`)}
${faultSummary([{ field: 'reason', text }], 'vi')}
<form class="form" method="post">${field({ name: 'reason', label: 'Lý do', fault: text, hint: text, required: true })}<button class="button danger">Hủy</button></form>
<section class="card">${emptyState(text, text)}</section>`,
  };
}

beforeAll(async () => {
  if (executablePath === null) return;
  const app = express();
  app.use(assetRoutes());
  const texts = new Map([...HOSTILE_TEXTS, ['plain', 'Văn bản số 412/SKHCN-CĐS'] as const]);
  app.get('/page/:name', (request, response) => {
    const text = bounded(texts.get(request.params.name) ?? '');
    sendPage(request, response, frame(text), sampler(text));
  });
  app.get('/wrong', () => {
    throw new TrucError('document.unknown', { documentId: '1' });
  });
  app.use(pageErrorHandler(makeLog('silent'), () => frame('Nguyễn Thị Hồng Ánh')));
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test.each(['vi', 'en'])(
  'check 39: the frame and its parts have no accessibility fault in %s, light and dark, wide and narrow',
  async (lang) => {
    if (executablePath === null) return;
    const { page, context } = await openPage(browser, { bypassCSP: true });
    await page.goto(`${url}/page/plain?lang=${lang}`);
    expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    expect(await faultsInAllViews(page, `shell-${lang}`)).toEqual([]);
    await page.goto(`${url}/wrong`);
    expect(await faultsInAllViews(page, `shell-error-${lang}`)).toEqual([]);
    await context.close();
  },
  120_000,
);

test('style and fonts load under the policy, and what the reader chose holds on the next page', async () => {
  if (executablePath === null) return;
  const { page, context, complaints } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(`${url}/page/plain`);
  const face = `document.fonts.load('16px "Be Vietnam Pro"', 'Ặ').then((faces) => faces.map((one) => one.status))`;
  expect(await page.evaluate(face)).toEqual(['loaded']);
  const ground = () =>
    page.locator('body').evaluate((one) => one.computedStyleMap().get('background-color')?.toString());
  const light = await ground();
  await page.getByRole('link', { name: 'Tối', exact: true }).click();
  expect(await ground()).not.toBe(light);
  await page.getByRole('link', { name: 'English' }).click();
  await page.goto(`${url}/page/plain`);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await ground()).not.toBe(light);
  expect(complaints).toEqual([]);
  const answer = await page.goto(`${url}${styleSheet()}`);
  expect(answer?.headers()['cache-control']).toContain('immutable');
  await context.close();
});

test('the main content is reached by the first key, and the account is signed out by keyboard', async () => {
  if (executablePath === null) return;
  const { page, context } = await openPage(browser);
  await page.goto(`${url}/page/plain`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.locator('.person > summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const [request] = await Promise.all([page.waitForRequest('**/sign-out'), page.keyboard.press('Enter')]);
  expect(request.postData()).toBe('csrf=x');
  await context.close();
});

test.each(HOSTILE_TEXTS)('check 40: %s in every part runs nothing and fetches nothing', async (name) => {
  if (executablePath === null) return;
  // Without the policy: what stands on the page must be harmless by itself.
  const { page, context, complaints } = await openPage(browser, {
    bypassCSP: true,
    viewport: { width: 390, height: 800 },
  });
  const beyond: string[] = [];
  page.on('dialog', (dialog) => {
    beyond.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) beyond.push(request.url());
  });
  await page.goto(`${url}/page/${encodeURIComponent(name)}`);
  expect(await page.locator('script, iframe, object, img, [style], [onerror], [onload]').count()).toBe(0);
  expect(await page.locator('html').evaluate((one) => one.scrollWidth)).toBeLessThanOrEqual(390);
  expect([...complaints, ...beyond]).toEqual([]);
  await context.close();
});
