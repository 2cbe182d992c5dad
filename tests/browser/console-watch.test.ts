import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { isoTime, newId, sleep } from '../../src/kernel/index.ts';
import { anAlert } from '../builders/records.ts';
import { requiredTool } from '../required-tool.ts';
import { type ConsoleWorld, consoleWorld } from './console-world.ts';
import { faultsInAllViews } from './page-tools.ts';

const executablePath = requiredTool('chromium', "the administrators' console in a browser");
/** Without Chromium there is nothing to see; requiredTool says so, and fails in CI. */
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 90_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);

const RECIPIENT = 'H53.32.29';

let x: ConsoleWorld;
const servers: Server[] = [];
/** What the recipient's system answers. */
let answers: RequestListener = (_request, response) => response.writeHead(204).end();
let pushed: { documentId: string; codeNumber: string };

beforeAll(async () => {
  if (executablePath === null) return;
  x = await consoleWorld(executablePath, { PUSH_NETS: '127.0.0.0/8' });
  const system = createServer((request, response) => answers(request, response));
  servers.push(system);
  await new Promise<void>((done) => system.listen(0, '127.0.0.1', done));
  answers = (_request, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":"lược đồ lạ","access_token":"rat-kin","contact":"an@xa.gov.vn"}');
  const agency = await x.axis.demo.stores.agencies.resolve(RECIPIENT, Date.now());
  await x.axis.demo.stores.endpoints.put({
    ...{ agencyId: agency?.id ?? '', push: 'notify', ca: null, active: true, updatedAt: isoTime(Date.now()) },
    url: `http://127.0.0.1:${(system.address() as AddressInfo).port}/hook?key=rat-kin`,
  });
  pushed = await x.send('G22', [RECIPIENT], 'V/v đẩy thử');
}, 180_000);
afterAll(async () => {
  for (const server of servers) server.close();
  await x?.close();
});

const open = (page: Page, path: string) => page.goto(`${x.axis.url}${path}`);

inBrowser(
  'check 32: an attempt stands in the timeline with what was asked and answered, masked; the sender does not see it',
  async () => {
    const { page, context } = await x.as(x.person('operator'));
    const path = `/console/messages/${pushed.documentId}`;
    await attempted(pushed.documentId);
    await open(page, path);
    await page.locator('summary', { hasText: 'Yêu cầu và trả lời' }).first().click();
    const text = await page.locator('.timeline').innerText();
    for (const said of [
      'trả lời 400',
      'POST http://127.0.0.1',
      'webhook-signature: ▒▒▒',
      'HTTP 400',
      'lược đồ lạ',
    ])
      expect(text).toContain(said);
    expect(text).not.toMatch(/rat-kin|an@xa/);
    expect(await faultsAt(path)).toEqual([]);
    const sender = await x.as(x.person('agency-admin', 'G22'));
    await open(sender.page, path);
    expect(await sender.page.locator('.timeline').innerText()).not.toContain('127.0.0.1');
    await Promise.all([context.close(), sender.context.close()]);
  },
);

inBrowser(
  'check 29: “we sent it Monday and nothing came”: the refusal and the held letter are found from the sender in two steps',
  async () => {
    const letter = (await x.axis.letter('H41', ['H53'])).toString('utf8').replaceAll('H53', 'H53.99.99');
    await expect(x.axis.as('H41').send(Buffer.from(letter))).rejects.toMatchObject({
      code: 'client.refused',
    });
    await expect(x.axis.as('H41').send(Buffer.from(letter))).rejects.toThrow();
    const { stores } = x.axis.demo;
    const held = await x.send('H41', ['H49'], 'V/v đang giữ');
    const record = await stores.documents.get(held.documentId);
    await stores.documents.register(
      {
        ...(record as NonNullable<typeof record>),
        ...{ documentId: newId(), state: 'held', codeNumber: '999/GIU' },
        key: { ...(record as NonNullable<typeof record>).key, edxmlId: 'H41,2026/03/16,999/GIU' },
      },
      [],
    );
    const { page, context } = await x.as(x.person('operator'));
    await page.locator('#q').fill('H41');
    await page.keyboard.press('Enter');
    const card = page.locator('section', { hasText: 'Bản gửi chưa có lượt chuyển' }).last();
    expect(await card.innerText()).toContain('999/GIU');
    await card.locator('a.title', { hasText: 'Không lưu số, ký hiệu' }).click();
    const text = await page.locator('main').innerText();
    for (const said of ['intake.unknown-recipient', 'H41', 'SHA-256', '#']) expect(text).toContain(said);
    expect(text).toMatch(/Số lần gửi giống hệt\s*2/);
    const path = new URL(page.url()).pathname;
    for (const word of ['999/GIU', '999/giu']) {
      await open(page, `/console/messages?q=${encodeURIComponent(word)}`);
      expect(await page.locator('main').innerText()).toContain('Đang tạm giữ');
    }
    const id = path.split('/').at(-1);
    for (const word of [id, (await stores.refusals.get(id as string))?.sha256]) {
      await open(page, `/console/messages?q=${word}`);
      expect(await page.locator('tbody a.title').getAttribute('href')).toBe(path);
    }
    const csv = await context.request.get(`${x.axis.url}/console/messages.csv?state=refused&sender=H41`);
    expect((await csv.text()).trim().split('\r\n')).toHaveLength(2);
    expect(await csv.text()).toContain('intake.unknown-recipient');
    for (const one of [path, '/console/messages?q=H41', '/console/messages?state=held'])
      expect(await faultsAt(one)).toEqual([]);
    // Another agency's administrator sees none of it.
    const other = await x.as(x.person('agency-admin', RECIPIENT));
    for (const query of ['state=refused', 'state=held', 'q=H41'])
      expect([
        query,
        await (await other.context.request.get(`${x.axis.url}/console/messages?${query}`)).text(),
      ]).toEqual([query, expect.not.stringMatching(/999\/GIU|unknown-recipient/)]);
    expect((await other.context.request.get(`${x.axis.url}${path}`)).status()).toBe(404);
    await Promise.all([context.close(), other.context.close()]);
  },
);

inBrowser(
  'check 39: alarms are seen, previewed on past data and taken as a case, once, with a reason in the ledger',
  async () => {
    const { stores } = x.axis.demo;
    const alert = anAlert({
      severity: 'critical',
      measure: 'dead-letters',
      label: RECIPIENT,
      value: 3,
      limit: 0,
    });
    await stores.alerts.put([
      alert,
      anAlert({
        state: 'resolved',
        toldAt: alert.since,
        resolvedAt: alert.since,
        since: isoTime(Date.now()),
      }),
    ]);
    for (let minutes = 0; minutes < 60; minutes += 5)
      await stores.alerts.sample({
        at: isoTime(Date.now() - minutes * 60_000),
        measured: ['dead-letters'],
        readings: [{ measure: 'dead-letters', label: RECIPIENT, value: minutes < 30 ? 0 : 3 }],
      });
    const { page, context } = await x.as(x.person('operator'));
    await page.getByRole('link', { name: 'Cảnh báo' }).first().click();
    const card = page.locator(`#a-${alert.alertId}`);
    expect(await card.innerText()).toContain('Nghiêm trọng');
    await card.locator('summary').click();
    await card.locator('input[name=reason]').fill('Đã gọi đơn vị nhận');
    await card.getByRole('button').click();
    await page.locator('.notice.good').waitFor();
    expect(await card.innerText()).toContain('Đã gọi đơn vị nhận');
    expect(await card.locator('form').count()).toBe(0);
    const [event] = await stores.events.of(alert.alertId);
    expect(event).toMatchObject({ type: 'alert.acknowledged', facts: { reason: 'Đã gọi đơn vị nhận' } });
    expect(event?.place?.index).toBeGreaterThan(0);
    const again = async (reason: string) => {
      const form = { csrf: await csrfOf(page), reason };
      const path = `${x.axis.url}/console/alerts/${alert.alertId}/acknowledge`;
      return (await context.request.post(path, { form, headers: FROM_HERE })).status();
    };
    expect([await again('Lần thứ hai'), await again('no')]).toEqual([409, 422]);
    expect(await stores.events.of(alert.alertId)).toHaveLength(1);
    await open(page, '/console/alerts/preview?rule=endpoint-failing');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.locator('#limit').fill('5');
    await page.getByRole('button', { name: 'Xem', exact: true }).click();
    expect(await page.locator('main').innerText()).toContain('Không lần nào');
    for (const path of ['/console/alerts', '/console/alerts/preview?rule=endpoint-failing'])
      expect(await faultsAt(path)).toEqual([]);
    const other = await x.as(x.person('agency-admin', 'G22'));
    expect((await other.context.request.get(`${x.axis.url}/console/alerts`)).status()).toBe(403);
    const auditor = await x.as(x.person('auditor'));
    await open(auditor.page, '/console/alerts');
    expect(await auditor.page.locator('main form').count()).toBe(0);
    await Promise.all([context.close(), other.context.close(), auditor.context.close()]);
  },
);

const FROM_HERE = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };

const csrfOf = (page: Page) => page.locator('input[name=csrf]').first().inputValue();

/** Until the courier has tried. */
async function attempted(documentId: string): Promise<void> {
  while ((await x.axis.demo.stores.attempts.ofDocument(documentId, 1)).length === 0) await sleep(50);
}

/** Accessibility and width of a page in every view and both languages. */
async function faultsAt(path: string, role = 'operator'): Promise<string[]> {
  const { page, context } = await x.as(x.person(role), { bypassCSP: true });
  const found: string[] = [];
  for (const lang of ['vi', 'en']) {
    await open(page, `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
    const closed = page.locator('main details:not([open]) > summary').first();
    while ((await closed.count()) > 0) await closed.click();
    // What the header of the page lies over has no size for axe.
    await page.keyboard.press('Control+Home');
    const views = lang === 'vi' ? undefined : ([['dark', 390]] as const);
    found.push(...(await faultsInAllViews(page, `watch-${lang}-${path.replace(/\W+/g, '-')}`, views)));
  }
  await context.close();
  return found;
}

inBrowser(
  'check 33: a test message is signed, its outcome is seen and in the ledger; pauses and tests stand in the audit with who and why',
  async () => {
    const got: string[] = [];
    answers = (request, response) => {
      got.push(String(request.headers['webhook-signature']));
      response.writeHead(200).end('{"ok":true,"token":"rat-kin"}');
    };
    const { page, context } = await x.as(x.person('operator'));
    await open(page, `/console/agencies/${RECIPIENT}`);
    await page.getByRole('button', { name: 'Gửi tin thử' }).click();
    const told = await page.locator('.notice.good').innerText();
    expect(told).toContain('200');
    expect(told).not.toContain('rat-kin');
    expect(got.at(-1)).toMatch(/^v1a,/);
    answers = (_request, response) => response.writeHead(503).end();
    await page.getByRole('button', { name: 'Gửi tin thử' }).click();
    expect(await page.locator('.notice.bad').innerText()).toContain('503');
    await page.locator('summary', { hasText: 'Tạm dừng đẩy' }).click();
    await page.locator('#reason').fill('Bảo trì theo kế hoạch');
    await page.getByRole('button', { name: 'Tạm dừng đẩy' }).click();
    await page.locator('.notice.good').waitFor();
    await page.getByRole('link', { name: 'Nhật ký quản trị' }).click();
    const rows = await page.locator('tbody tr').allInnerTexts();
    expect(rows[0]).toMatch(
      /Tạm dừng hoặc mở lại[\s\S]*Bảo trì theo kế hoạch[\s\S]*Quản trị trục[\s\S]*#\d+/,
    );
    expect(rows[1]).toContain('http-503');
    await page.locator('#type').selectOption('person.registered');
    await page.getByRole('button', { name: 'Lọc', exact: true }).click();
    expect(
      (await page.locator('tbody tr').allInnerTexts()).every((one) => one.includes('Đăng ký người dùng')),
    ).toBe(true);
    for (const path of ['/console/audit', `/console/agencies/${RECIPIENT}`, '/console/settings'])
      expect(await faultsAt(path)).toEqual([]);
    await open(page, `/console/agencies/${RECIPIENT}`);
    expect(await page.locator('main').innerText()).toContain('Chứng thư đã đăng ký');
    await open(page, '/console/settings');
    expect(await page.locator('main').innerText()).toContain('TRUC_PUSH_NETS');
    const other = await x.as(x.person('agency-admin', RECIPIENT));
    const status = async (path: string) => (await other.context.request.get(`${x.axis.url}${path}`)).status();
    expect([await status('/console/audit'), await status('/console/settings')]).toEqual([403, 403]);
    await Promise.all([context.close(), other.context.close()]);
  },
);

inBrowser(
  'check 28: a view is saved under a name, found again elsewhere, and is nobody else’s; without script too',
  async () => {
    const { page, context } = await x.as(x.person('operator'), { javaScriptEnabled: false });
    await open(page, '/console/messages?state=failed&sender=G22');
    await page.locator('summary', { hasText: 'Lưu điều kiện này' }).click();
    await page.locator('#view-name').fill('Lỗi của VPCP');
    await page.getByRole('button', { name: 'Lưu', exact: true }).click();
    await page.locator('.notice.good').waitFor();
    const elsewhere = await x.as(x.person('operator'));
    await open(elsewhere.page, '/console/messages');
    await elsewhere.page.getByRole('link', { name: 'Lỗi của VPCP' }).click();
    expect(new URL(elsewhere.page.url()).search).toBe('?state=failed&sender=G22');
    const auditor = await x.as(x.person('auditor'));
    await open(auditor.page, '/console/messages');
    expect(await auditor.page.locator('main').innerText()).not.toContain('Lỗi của VPCP');
    expect(await faultsAt('/console/messages?state=failed&sender=G22')).toEqual([]);
    const form = { csrf: await csrfOf(page), name: '  ', address: 'state=failed' };
    const nameless = await context.request.post(`${x.axis.url}/console/views`, { form, headers: FROM_HERE });
    expect(await nameless.text()).toContain('Nhập tên');
    await elsewhere.page.getByRole('button', { name: 'Xóa Lỗi của VPCP' }).click();
    expect(await elsewhere.page.locator('main').innerText()).not.toContain('Lỗi của VPCP');
    await Promise.all([context.close(), elsewhere.context.close(), auditor.context.close()]);
  },
);

inBrowser(
  'check 36: SVG, PNG, CSV and table say the same; cells are reached by keyboard and open the list of that very filter',
  async () => {
    await x.send('G22', ['H53', 'H53.32.30'], 'V/v biểu đồ');
    await x.fail('H53.32.30', 'hệ thống đang bảo trì');
    await x.send('H53', ['H53.32.30'], 'V/v biểu đồ');
    const { page, context, complaints } = await x.as(x.person('operator'));
    await open(page, '/console/messages?sender=G22');
    await page.getByRole('link', { name: 'Biểu đồ' }).click();
    expect(new URL(page.url()).searchParams.get('sender')).toBe('G22');
    const get = async (file: string) =>
      context.request.get(`${x.axis.url}/console/charts/${file}?sender=G22`);
    for (const name of ['days', 'levels', 'reasons']) {
      const { rows } = (await (await get(`${name}.json`)).json()) as {
        rows: { label: string; values: number[] }[];
      };
      const csv = (await (await get(`${name}.csv`)).text()).trim().split('\r\n').slice(1);
      expect(
        csv.map((line) =>
          line
            .split(',')
            .slice(-(rows[0]?.values.length ?? 1))
            .map(Number),
        ),
      ).toEqual(rows.map(({ values }) => values));
      const section = page.locator('section.card', { has: page.locator(`img[src*="/${name}.svg"]`) });
      const shown = await section
        .locator('tbody tr')
        .evaluateAll((all) =>
          all.map((one) => [...one.querySelectorAll('td')].map((cell) => Number(cell.textContent))),
        );
      expect(shown).toEqual(rows.map(({ values }) => values));
      const svg = await (await get(`${name}.svg`)).text();
      for (const value of rows.flatMap(({ values }) => values).filter((one) => one > 0 && name !== 'days'))
        expect(svg).toContain(`>${value}<`);
      const png = await (await get(`${name}.png`)).body();
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(
        await section
          .locator('img')
          .evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth),
      ).toBe(760);
    }
    const svg = await (await get('levels.svg')).text();
    for (const word of ['Trung ương', 'Tỉnh', 'Xã']) expect(svg).toContain(word);
    const cell = page.locator('td.heat a').first();
    const count = Number(await cell.innerText());
    await page.locator('.numbers a').first().focus();
    for (let i = 0; i < 20 && !(await cell.evaluate((one) => one.matches(':focus'))); i++)
      await page.keyboard.press('Tab');
    expect(await cell.evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/messages?**');
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('sender'), searchParams.get('fromLevel')]).toEqual(['G22', 'central']);
    expect(await page.locator('tbody a.title').count()).toBe(count);
    expect(complaints).toEqual([]);
    expect(await faultsAt('/console/charts?sender=G22')).toEqual([]);
    // An agency's administrator sees its own traffic alone.
    const own = await x.as(x.person('agency-admin', 'H53.32.30'));
    const mine = await own.context.request.get(`${x.axis.url}/console/charts/levels.json`);
    const { total } = (await mine.json()) as { total: number };
    expect(total).toBe(2);
    expect((await own.context.request.get(`${x.axis.url}/console/charts/moon.svg`)).status()).toBe(404);
    await Promise.all([context.close(), own.context.close()]);
  },
);
