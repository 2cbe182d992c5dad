import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newId } from '../../src/kernel/index.ts';
import { requiredTool } from '../required-tool.ts';
import { type ConsoleWorld, consoleWorld } from './console-world.ts';
import { faultsInAllViews } from './page-tools.ts';

const executablePath = requiredTool('chromium', "the administrators' console in a browser");
/** Without Chromium there is nothing to see; requiredTool says so, and fails in CI. */
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 90_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);

const [MINISTRY, PROVINCE, COMMUNE] = ['G22', 'H53', 'H53.32.29'];
const EVIL = '<img src=x onerror=alert(1)> " onmouseover="alert(2)" \' <script>alert(3)</script>';

let x: ConsoleWorld;
let asked: { documentId: string; codeNumber: string };
let quiet: { documentId: string; codeNumber: string };

beforeAll(async () => {
  if (executablePath === null) return;
  x = await consoleWorld(executablePath);
  asked = await x.send(MINISTRY, [PROVINCE, COMMUNE], 'V/v kế hoạch chuyển đổi số');
  await x.take(PROVINCE);
  await x.fail(COMMUNE, 'hệ thống đang bảo trì');
  quiet = await x.send('H41', ['H49'], EVIL);
}, 180_000);
afterAll(() => x?.close());

const numbers = (page: Page) => page.locator('tbody a.title').allInnerTexts();
const open = (page: Page, path: string) => page.goto(`${x.axis.url}${path}`);

inBrowser('the hard question is answered from the first screen in two steps: search, open', async () => {
  const { page, context, complaints } = await x.as(x.person('operator'));
  await page.locator('#q').fill(asked.codeNumber);
  await page.keyboard.press('Enter');
  await page.locator('tbody a.title').first().click();
  const text = await page.locator('main').innerText();
  for (const said of ['Đã nhận', '03 Đã tiếp nhận', 'Không chuyển được', 'hệ thống đang bảo trì', 'sổ cái #'])
    expect(text).toContain(said);
  expect(complaints).toEqual([]);
  await context.close();
});

inBrowser('check 28: a filter is its address: it survives reload, back, and another browser', async () => {
  const { page, context } = await x.as(x.person('operator'));
  await open(page, '/console/messages');
  await page.locator('summary', { hasText: 'Điều kiện lọc' }).click();
  await page.locator('#state').selectOption('failed');
  await page.locator('#receiver').fill(COMMUNE as string);
  await page.locator('#fromLevel').selectOption('central');
  await page.getByRole('button', { name: 'Lọc', exact: true }).click();
  const url = page.url();
  expect(new URL(url).searchParams.get('state')).toBe('failed');
  const rows = await numbers(page);
  expect(rows).toEqual([asked.codeNumber]);
  await page.reload();
  expect(await numbers(page)).toEqual(rows);
  await page.locator('tbody a.title').first().click();
  await page.goBack();
  expect(page.url()).toBe(url);
  expect(await page.locator('#receiver').inputValue()).toBe(COMMUNE);
  const other = await x.as(x.person('auditor'));
  await other.page.goto(url);
  expect(await numbers(other.page)).toEqual(rows);
  await open(page, '/console/messages?state=wrong&from=31/12&sender=ZZ99');
  expect(await page.locator('.notice').innerText()).toMatch(/from.*state.*sender|state.*from.*sender/);
  expect(await numbers(page)).toEqual([]);
  await Promise.all([context.close(), other.context.close()]);
});

inBrowser(
  'check 29: the one box recognises eleven kinds of identifiers, with and without accents, đ or d, Uỷ or Ủy',
  async () => {
    const { page, context } = await x.as(x.person('operator'));
    const { stores } = x.axis.demo;
    const record = await stores.documents.get(quiet.documentId);
    const [delivery] = await stores.deliveries.ofDocument(quiet.documentId);
    const [event] = await stores.events.of(quiet.documentId);
    const sender = await stores.agencies.resolve('H41', Date.now());
    const words = [
      quiet.documentId,
      quiet.documentId.toUpperCase(),
      delivery?.deliveryId,
      quiet.codeNumber,
      quiet.codeNumber.toLowerCase().replaceAll('đ', 'd'),
      quiet.codeNumber.split('/')[0],
      record?.key.edxmlId,
      record?.sha256,
      record?.attachments[0]?.sha256.toUpperCase(),
      `#${event?.place?.index}`,
      'H41',
      sender?.aliases[0]?.code ?? 'h41',
      sender?.name,
      sender?.name.normalize('NFD'),
      sender?.name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd'),
      sender?.name.replace('Ủy', 'Uỷ'),
      sender?.name.replace('Ủy', 'Uỷ').toUpperCase(),
    ];
    expect(sender?.name).toContain('Ủy');
    for (const word of words) {
      await open(page, `/console/messages?q=${encodeURIComponent(word as string)}`);
      expect([word, await numbers(page)]).toEqual([word, expect.arrayContaining([quiet.codeNumber])]);
    }
    // A number with Đ, as it is written and as people type it.
    const documentId = newId();
    const key = { ...(record as NonNullable<typeof record>).key, edxmlId: 'H41,2026/11/01,7701/QĐ-SKHCN' };
    await stores.documents.register(
      { ...(record as NonNullable<typeof record>), documentId, key, codeNumber: '7701/QĐ-SKHCN' },
      [],
    );
    await stores.deliveries.plan([
      { ...(delivery as NonNullable<typeof delivery>), deliveryId: newId(), documentId },
    ]);
    for (const word of [
      '7701/QĐ-SKHCN',
      '7701/qđ-skhcn',
      '7701/QD-SKHCN',
      '7701/qd',
      '7701 / QĐ',
      '7701/QĐ'.normalize('NFD'),
    ]) {
      await open(page, `/console/messages?q=${encodeURIComponent(word)}`);
      expect([word, await numbers(page)]).toEqual([word, ['7701/QĐ-SKHCN']]);
    }
    await open(page, '/console/messages?q=khong%20co%20gi%20nhu%20the');
    expect(await page.locator('main').innerText()).toContain('Không tìm thấy gì');
    await context.close();
  },
);

inBrowser(
  'check 31: exports are what the screen shows, in its order, and compute nothing in a spreadsheet',
  async () => {
    const formula = await x.send('H41', ['H53'], '=HYPERLINK("http://evil.example";"x")');
    const { page, context } = await x.as(x.person('operator'));
    await open(page, '/console/messages?sender=H41');
    const shown = await numbers(page);
    const text = async (ending: string, more = '') => {
      const answer = await context.request.get(`${x.axis.url}/console/messages.${ending}?sender=H41${more}`);
      return answer.body();
    };
    const csv = (await text('csv')).toString('utf8');
    expect(csv.startsWith('\ufeffThời điểm,"Số, ký hiệu"')).toBe(true);
    const lines = csv.trim().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[1])).toEqual(shown);
    const line = lines.find((one) => one.includes(formula.codeNumber));
    expect(line).toContain(`"'=HYPERLINK(""http://evil.example"";""x"")"`);
    expect((await text('csv', '&bom=0')).toString('utf8').startsWith('Thời điểm')).toBe(true);
    const objects = (await text('ndjson'))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    expect(objects.map((one) => one.codeNumber)).toEqual(shown);
    expect(objects[0].to).toEqual({
      code: 'H53',
      name: expect.any(String),
    });
    const workbook = await text('xlsx');
    expect(workbook.subarray(0, 2).toString()).toBe('PK');
    await context.close();
  },
);

inBrowser(
  'check 32: after failing, being sent again and arriving the label is the state now, the latest error first',
  async () => {
    const sent = await x.send(MINISTRY, ['H49.11.08']);
    await x.fail('H49.11.08', 'lỗi thứ nhất');
    const { page, context } = await x.as(x.person('operator'));
    await open(page, `/console/messages/${sent.documentId}`);
    const label = () => page.locator('.recipient .badge').first().innerText();
    expect(await label()).toBe('Không chuyển được');
    await page.locator('summary', { hasText: 'Gửi lại' }).click();
    await page.locator('input[name=reason]').fill('hệ thống bên nhận đã sửa');
    await page.getByRole('button', { name: 'Gửi lại' }).click();
    await page.locator('.notice.good').waitFor();
    expect(await label()).toBe('Đang chờ');
    await x.fail('H49.11.08', 'lỗi thứ hai');
    await page.reload();
    expect(await page.locator('.recipient').innerText()).toContain('lỗi thứ hai');
    expect(await page.locator('.recipient').innerText()).not.toContain('lỗi thứ nhất');
    const timeline = await page.locator('.timeline').innerText();
    expect(timeline).toMatch(/lỗi thứ nhất[\s\S]*hệ thống bên nhận đã sửa[\s\S]*lỗi thứ hai/);
    await context.close();
  },
);

inBrowser(
  'check 33: what the preview counts is sent again, once, with its reason in the ledger',
  async () => {
    const sent = [await x.send(PROVINCE as string, ['H41']), await x.send(PROVINCE as string, ['H41'])];
    await x.fail('H41', 'mat-dien');
    const { page, context } = await x.as(x.person('operator'));
    await open(page, '/console/failures?receiver=H41');
    await page.getByRole('link', { name: 'Gửi lại tất cả (2)' }).click();
    expect(await page.locator('.facts').innerText()).toMatch(/lượt chuyển\s*2/);
    const form = page.locator('form[action="/console/failures/replay"]');
    const fields = await form.evaluate((one) =>
      Object.fromEntries([...one.querySelectorAll('input')].map((field) => [field.name, field.value])),
    );
    await page.locator('#reason').fill('Có điện trở lại');
    await page.getByRole('button', { name: 'Gửi lại tất cả (2)' }).click();
    await page.getByText('Đã gửi lại: 2').waitFor();
    // The same form a second time, as by a double click.
    const again = await context.request.post(`${x.axis.url}/console/failures/replay`, {
      form: { ...fields, reason: 'Có điện trở lại' },
      headers: { origin: x.axis.url, 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    });
    expect(await again.text()).not.toContain('Đã gửi lại: 2');
    for (const { documentId } of sent) {
      const events = await x.axis.demo.stores.events.of(documentId);
      const retried = events.filter((one) => one.type === 'delivery.retried');
      expect(retried).toMatchObject([
        { facts: { by: 'operator', reason: 'Có điện trở lại', batch: fields.batch } },
      ]);
      expect(retried[0]?.place?.index).toBeGreaterThan(0);
    }
    expect(await x.axis.as('H41').inbox()).toHaveLength(2);
    await context.close();
  },
);

inBrowser(
  'check 34: the browser verifies an entry; a flipped bit is red at its step; a bundle works offline',
  async () => {
    const { page, context, complaints } = await x.as(x.person('auditor'));
    await open(page, '/console/ledger/3');
    const outcome = () => page.locator('[data-verify]').getAttribute('data-outcome');
    await page.locator('[data-verify][data-outcome]').waitFor();
    expect(await outcome()).toBe('right');
    expect(await page.locator('li[data-step].good').count()).toBe(5);
    // Everything so far is remembered; the log grows, and fits on what was seen.
    await x.send('H49', [MINISTRY as string]);
    await open(page, '/console/ledger/4');
    await page.locator('[data-verify][data-outcome=right]').waitFor();
    expect(await page.locator('[data-step=consistency]').innerText()).toContain('→');
    const bundle = await (await context.request.get(`${x.axis.url}/console/ledger/4/bundle`)).json();
    await context.setOffline(true);
    const judge = async (changed: object) => {
      const file = {
        name: 'b.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify({ ...bundle, ...changed })),
      };
      await page.locator('[data-verify]').evaluate((one) => one.removeAttribute('data-outcome'));
      await page.locator('#file').setInputFiles(file);
      await page.locator('[data-verify][data-outcome]').waitFor();
      return page
        .locator('li[data-step].bad')
        .evaluateAll((all) => all.map((one) => one.getAttribute('data-step')));
    };
    const flipped = (text: string) => {
      const bytes = Buffer.from(text, 'base64');
      bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
      return bytes.toString('base64');
    };
    expect(await judge({})).toEqual([]);
    expect(await judge({ entry: flipped(bundle.entry) })).toEqual(['root']);
    expect(await judge({ path: [flipped(bundle.path[0]), ...bundle.path.slice(1)] })).toEqual(['root']);
    expect(await judge({ path: bundle.path.slice(1) })).toEqual(['path']);
    const [origin, size, root, ...rest] = bundle.checkpoint.split('\n');
    expect(await judge({ checkpoint: [origin, size, flipped(root), ...rest].join('\n') })).toEqual(['root']);
    const signature = bundle.checkpoint.replace(/[^ ]+\n$/, (line: string) => `${flipped(line.trim())}\n`);
    expect(await judge({ checkpoint: signature })).toEqual(['signature']);
    expect(await judge({ entry: '%' })).toEqual(['leaf']);
    expect(complaints).toEqual([]);
    await context.close();
  },
);

inBrowser(
  "check 35: an agency's administrator sees its own traffic only, by address, search, export, figure and agency",
  async () => {
    const { page, context } = await x.as(x.person('agency-admin', COMMUNE as string));
    const all = await context.request.get(`${x.axis.url}/console/messages.ndjson`);
    const lines = (await all.text())
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    expect(lines.length).toBeGreaterThan(0);
    for (const { from, to } of lines) expect([from.code, to.code]).toContain(COMMUNE);
    await open(page, '/console');
    expect(await page.locator('.figure b').first().innerText()).toBe(String(lines.length));
    for (const q of [quiet.documentId, quiet.codeNumber, 'H41']) {
      await open(page, `/console/messages?q=${encodeURIComponent(q)}`);
      expect(await numbers(page)).not.toContain(quiet.codeNumber);
    }
    await open(page, '/console/messages?sender=H41');
    expect(await numbers(page)).toEqual([]);
    const event = (await x.axis.demo.stores.events.of(quiet.documentId))[0];
    await open(page, `/console/ledger/${event?.place?.index}`);
    expect(await page.locator('main').innerText()).not.toContain(quiet.codeNumber);
    const status = async (path: string) => (await context.request.get(`${x.axis.url}${path}`)).status();
    for (const path of ['', '/report', '/receipt', '/evidence', '/files/0'])
      expect([path, await status(`/console/messages/${quiet.documentId}${path}`)]).toEqual([path, 404]);
    expect(await status('/console/agencies/H41')).toBe(404);
    expect(await status(`/console/agencies/${COMMUNE}`)).toBe(200);
    // A recipient sees its own line, and nothing of the others.
    await open(page, `/console/messages/${asked.documentId}`);
    expect(await page.locator('.recipient').count()).toBe(1);
    expect(await page.locator('main').innerText()).not.toContain('Đã tiếp nhận\n');
    // It may not act: no form, and no way around it.
    expect(await page.locator('form[method=post]').count()).toBe(1);
    expect(await status('/console/failures/replay')).toBe(403);
    await context.close();
  },
);

inBrowser("looking at a document counts as nobody's taking it", async () => {
  const sent = await x.send(MINISTRY, [COMMUNE as string]);
  const { context } = await x.as(x.person('agency-admin', COMMUNE as string));
  const status = async (path: string) =>
    (await context.request.get(`${x.axis.url}/console/messages/${sent.documentId}${path}`)).status();
  expect([await status(''), await status('/evidence'), await status('/files/0')]).toEqual([200, 404, 404]);
  const [delivery] = await x.axis.demo.stores.deliveries.ofDocument(sent.documentId);
  expect(delivery?.fetchedAt).toBeNull();
  await x.take(COMMUNE as string);
  expect([await status('/evidence'), await status('/files/0')]).toEqual([200, 200]);
  await context.close();
});

inBrowser(
  'check 38: list, filter, export, document, retry form and ledger work without script, and print',
  async () => {
    const { page, context } = await x.as(x.person('operator'), {
      javaScriptEnabled: false,
      acceptDownloads: true,
    });
    await open(page, '/console/messages?state=failed');
    const rows = await numbers(page);
    expect(rows).toContain(asked.codeNumber);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(asked.codeNumber);
    await page.locator('tbody a.title', { hasText: asked.codeNumber }).first().click();
    expect(await page.locator('.timeline li').count()).toBeGreaterThan(4);
    await page.getByRole('link', { name: 'Mở báo cáo kiểm tra đầy đủ' }).click();
    expect(await page.locator('h1').innerText()).toContain('kiểm tra');
    await open(page, '/console/ledger/2');
    expect(await page.locator('noscript').innerText()).toContain('truc ledger');
    await page.emulateMedia({ media: 'print' });
    await open(page, '/console/messages');
    expect(await page.locator('.top, .side, .filters').first().isVisible()).toBe(false);
    expect(await page.locator('tbody tr').first().isVisible()).toBe(true);
    await context.close();
  },
);

inBrowser(
  'check 39: no screen has an accessibility fault, vi and en, light and dark, wide and narrow',
  async () => {
    const { page, context } = await x.as(x.person('operator'), { bypassCSP: true });
    const screens = [
      '',
      '/messages',
      '/messages?q=H53&state=failed',
      `/messages/${asked.documentId}`,
      '/agencies',
      `/agencies/${MINISTRY}`,
      '/failures',
      '/failures/replay',
      '/ledger',
      '/ledger/3',
      '/nothing',
    ];
    for (const lang of ['vi', 'en'])
      for (const screen of screens) {
        await open(page, `/console${screen}${screen.includes('?') ? '&' : '?'}lang=${lang}`);
        // English is the same page with other words: one view of it is enough.
        const views = lang === 'vi' ? undefined : ([['dark', 390]] as const);
        expect(await faultsInAllViews(page, `console-${lang}-${screen.replace(/\W+/g, '-')}`, views)).toEqual(
          [],
        );
      }
    await context.close();
  },
  300_000,
);

inBrowser('check 39: keys search, walk and open, and never while somebody types', async () => {
  const { page, context } = await x.as(x.person('operator'));
  await open(page, '/console/messages');
  await page.keyboard.press('/');
  await page.keyboard.type('j/k?');
  expect(await page.locator('#q').inputValue()).toBe('j/k?');
  expect(await page.locator('#keys').getAttribute('open')).toBeNull();
  await page.locator('h1').click();
  await page.keyboard.press('?');
  expect(await page.locator('#keys').getAttribute('open')).toBe('');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const first = await page.locator('tbody a.title').first().getAttribute('href');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${first}`);
  await context.close();
});

inBrowser('check 40: what senders and recipients write runs nothing on any screen', async () => {
  await x.send('H41', ['H49.11.08'], EVIL);
  await x.fail('H49.11.08', EVIL);
  const { page, context, complaints } = await x.as(x.person('operator'), { bypassCSP: true });
  const beyond: string[] = [];
  page.on('dialog', (dialog) => {
    beyond.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(x.axis.url)) beyond.push(request.url());
  });
  const evil = encodeURIComponent(EVIL);
  for (const path of [
    '',
    '/messages',
    `/messages?q=${evil}&sender=${evil}&reason=${evil}`,
    `/messages/${quiet.documentId}`,
    '/failures',
    `/failures?receiver=${evil}`,
    `/agencies?q=${evil}`,
    `/agencies/${evil}`,
    `/ledger?index=${evil}`,
  ]) {
    await open(page, `/console${path}`);
    await page.mouse.move(700, 400);
    expect([
      path,
      await page.locator('main :is(script, img, iframe, [style], [onerror], [onmouseover])').count(),
    ]).toEqual([path, 0]);
  }
  expect(beyond).toEqual([]);
  expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  await context.close();
});

inBrowser('check 41: new lines move nothing; a bar says how many there are', async () => {
  const { page, context } = await x.as(x.person('operator'));
  await page.clock.install();
  await open(page, '/console/messages');
  const before = await numbers(page);
  const news = [await x.send(MINISTRY, ['H53']), await x.send(MINISTRY, ['H53'])];
  await page.clock.runFor(16_000);
  await page.locator('#news:not([hidden])').waitFor();
  expect(await page.locator('#news').innerText()).toMatch(/^2 /);
  expect(await numbers(page)).toEqual(before);
  await page.locator('#news').click();
  expect((await numbers(page)).slice(0, 2)).toEqual(news.map((one) => one.codeNumber).reverse());
  await context.close();
});

inBrowser('check 42: a login that runs out while a reason is typed loses nothing', async () => {
  const { page, context } = await x.as(x.person('operator'));
  const path = `/console/messages/${asked.documentId}`;
  await open(page, path);
  await page.locator('summary', { hasText: 'Gửi lại' }).click();
  await page.locator('input[name=reason]').fill('Đơn vị nhận đã sửa xong');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Gửi lại' }).click();
  await page.goto(`${x.axis.url}${path}`);
  await page.locator('#username').fill(x.person('operator').username);
  await page.locator('#password').fill(x.person('operator').password);
  await page.locator('button[type=submit]').last().click();
  await page.waitForURL(`**${path}`);
  expect(await page.locator('input[name=reason]').inputValue()).toBe('Đơn vị nhận đã sửa xong');
  await context.close();
});
