import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { verifyEvidence } from '../../src/evidence/index.ts';
import type { DemoSigner } from '../../src/lab/index.ts';
import { aPdf } from '../builders/edxml.ts';
import { requiredTool } from '../required-tool.ts';
import { type World, world } from '../world.ts';
import { faultsInAllViews, picture } from './page-tools.ts';
import { type Seat, seatOf } from './work-pages.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
const ROOT = join(import.meta.dirname, '..', '..');
const executablePath = requiredTool('chromium', 'the officials’ pages in a browser');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds: number) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let axis: World;
let browser: Browser;

beforeAll(async () => {
  if (executablePath === null) return;
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build-web.mjs')], { stdio: 'pipe' });
  axis = await world();
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await axis?.stop();
});

/** A key file of the demo, by the end of its name. */
const key = (agency: string, holder: 'lanh-dao' | 'cap-pho' | 'van-thu' | 'con-dau') =>
  axis.credentials.signers.find(({ file }) => file.endsWith(`${agency}-${holder}.p12`)) as DemoSigner;
const pathOf = (seat: Seat) => new URL(seat.page.url()).pathname;
const state = (seat: Seat) => seat.page.locator('main .card .badge').first().innerText();

async function draft(seat: Seat, subject: string): Promise<string> {
  const { page } = seat;
  await seat.go('/work/outgoing/new');
  await page.locator('#subject').fill(subject);
  await page.locator('#notation').fill('UBND');
  await page.locator('#place').fill('Thành Long');
  await page.locator('#to').selectOption([MINISTRY]);
  await page.locator('#paragraphs').fill('Ủy ban nhân dân xã đề nghị Bộ hướng dẫn.\nTrân trọng.');
  await page.locator('#authority').fill('TM. ỦY BAN NHÂN DÂN');
  await seat.press('Lưu dự thảo');
  await page.waitForURL(/\/work\/outgoing\/[0-9a-f-]{36}$/);
  return pathOf(seat);
}

inBrowser(
  'a document’s day: from a draft in a commune to “hoàn thành” in a ministry, and a verified evidence file',
  async () => {
    const [specialist, deputy, leader, clerk] = await Promise.all([
    seatOf(axis, browser, 'specialist', COMMUNE),
    seatOf(axis, browser, 'deputy', COMMUNE),
    seatOf(axis, browser, 'leader', COMMUNE),
    seatOf(axis, browser, 'clerk', COMMUNE),
  ]); // biome-ignore format: a seat a line
    const subject = 'V/v đề nghị hướng dẫn số hóa hồ sơ';
    const path = await draft(specialist, subject);
    for (const box of await specialist.page.getByRole('checkbox').all()) await box.check();
    await specialist.press('Gửi góp ý, kiểm tra');
    expect(await state(specialist)).toBe('Đang xin ý kiến, kiểm tra');

    await deputy.go('/work');
    await deputy.page.getByRole('link', { name: subject }).click();
    await deputy.page.locator('#comment-note').fill('Đã bổ sung căn cứ.');
    await deputy.press('Góp ý');
    await deputy.sign(path, 'initial', key(COMMUNE, 'cap-pho'));
    await deputy.press('Xác nhận nội dung');
    await clerk.sign(path, 'initial', key(COMMUNE, 'van-thu'));
    await clerk.press('Xác nhận thể thức');
    await specialist.go(path);
    await specialist.press('Trình ký');
    expect(await state(specialist)).toBe('Chờ ký');

    await leader.go('/work');
    await leader.page.getByRole('link', { name: subject }).click();
    await picture(leader.page, 'outgoing-to-sign-1440');
    await leader.sign(path, 'approve', key(COMMUNE, 'lanh-dao'));
    expect(await state(leader)).toBe('Đã ký, chờ cấp số');

    await clerk.go(path);
    await clerk.press('Cấp số');
    expect(await state(clerk)).toBe('Đã cấp số, chờ ký số cơ quan');
    await clerk.sign(path, 'seal', key(COMMUNE, 'con-dau'));
    expect(await state(clerk)).toBe('Chờ phát hành');
    await clerk.press('Phát hành qua trục');
    expect(await state(clerk)).toBe('Đã phát hành');

    // Each status is seen on the sender's page before the next one is given.
    const told = async (status: string) => {
      await clerk.go(path);
      expect(await clerk.page.locator('table .badge').allInnerTexts()).toEqual([status]);
    };
    const [theirClerk, theirLeader, theirs] = await Promise.all([
    seatOf(axis, browser, 'clerk', MINISTRY),
    seatOf(axis, browser, 'leader', MINISTRY),
    seatOf(axis, browser, 'specialist', MINISTRY),
  ]); // biome-ignore format: a seat a line
    await theirClerk.go('/work/incoming');
    await theirClerk.press('Bật tự động nhận');
    const arrival = theirClerk.page.getByRole('link', { name: subject });
    await theirClerk.until(() => arrival.isVisible());
    await arrival.click();
    await told('01 Đã đến');
    expect(await theirClerk.page.getByText('Đủ điều kiện kỹ thuật để thay bản giấy').count()).toBe(1);
    await theirClerk.press('Tôi đã xem kết quả kiểm tra');
    await theirClerk.press('Vào sổ');
    expect(await state(theirClerk)).toBe('Đã tiếp nhận, chờ ý kiến chỉ đạo');
    await told('03 Đã tiếp nhận');

    await theirLeader.go('/work');
    await theirLeader.page.getByRole('link', { name: subject }).click();
    await theirLeader.page.locator('#directive').fill('Giao Văn phòng tham mưu trả lời.');
    await theirLeader.page.locator('#dueDate').fill('2030-01-31');
    await theirLeader.press('Giao xử lý');
    await told('04 Đã phân công');
    await theirs.go('/work');
    await theirs.page.getByRole('link', { name: subject }).click();
    await theirs.page.locator('#progress').fill('Đã xin ý kiến các đơn vị.');
    await theirs.press('Báo cáo tiến độ');
    expect(await state(theirs)).toBe('Đang xử lý');
    await told('05 Đang xử lý');
    await theirs.page.locator('#result').fill('Đã có văn bản trả lời.');
    await theirs.press('Hoàn thành');
    expect(await state(theirs)).toBe('Đã hoàn thành');

    await told('06 Đã hoàn thành');
    const downloading = clerk.page.waitForEvent('download');
    await clerk.page.getByRole('link', { name: 'Tải tệp chứng cứ' }).click();
    const evidence = await (await downloading).path();
    const verdict = await verifyEvidence(readFileSync(evidence), { vkey: axis.demo.vkey });
    expect(verdict).toMatchObject({ ok: true });
    // A stranger with the file, the log's key and our command, and no axis.
    const command = [join(ROOT, 'src', 'main.ts'), 'evidence', 'verify', evidence, '--vkey', axis.demo.vkey];
    expect(execFileSync(process.execPath, command, { encoding: 'utf8' })).toContain('06');
    for (const seat of [specialist, deputy, leader, clerk, theirClerk, theirLeader, theirs]) {
      expect(seat.complaints).toEqual([]);
      await seat.close();
    }
    await axis.audit();
  },
  240_000,
);

inBrowser(
  'every page fits and is accessible, in both languages; the registers print in landscape',
  async () => {
    const inVietnamese = await seatOf(axis, browser, 'clerk', COMMUNE, { bypassCSP: true });
    const { page } = inVietnamese;
    const faults: string[] = [];
    await inVietnamese.go('/work/outgoing');
    const file = await page.locator('td a.title').first().getAttribute('href');
    const paths = [
      '/work',
      '/work/outgoing',
      '/work/outgoing/new',
      String(file),
      '/work/incoming',
      '/work/registers/outgoing',
      '/work/registers/incoming',
    ];
    for (const path of paths) {
      await inVietnamese.go(path);
      faults.push(
        ...(await faultsInAllViews(
          page,
          `work${path.replace('/work', '').replaceAll('/', '-').slice(0, 30)}`,
        )),
      );
    }
    // A window that may not open says why, in the page.
    await inVietnamese.go(`${file}/sign/approve`);
    await page.locator('#problem').waitFor();
    expect(await page.locator('#problem').innerText()).toContain('Việc này không thuộc vai trò');
    faults.push(...(await faultsInAllViews(page, 'work-sign')));
    await inVietnamese.go('/work/registers/outgoing');
    expect(await page.locator('.book thead th').allInnerTexts()).toHaveLength(10);
    await page.emulateMedia({ media: 'print' });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const box = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(pdf.toString('latin1'));
    expect(Number(box?.[1])).toBeGreaterThan(Number(box?.[2]));
    await picture(page, 'work-register-print');
    await inVietnamese.close();

    const inEnglish = await seatOf(axis, browser, 'leader', MINISTRY, { bypassCSP: true });
    await inEnglish.go('/work/incoming?lang=en');
    const theirs = await inEnglish.page.locator('td a.title').first().getAttribute('href');
    for (const path of ['/work', String(theirs), '/work/delegations', '/work/registers/incoming']) {
      await inEnglish.go(path);
      faults.push(
        ...(await faultsInAllViews(
          inEnglish.page,
          `work-en${path.replace('/work', '').replaceAll('/', '-').slice(0, 30)}`,
        )),
      );
    }
    await inEnglish.close();

    // A draft with room for annexes, a delegation to take back, and the pages on which people are administered.
    const drafter = await seatOf(axis, browser, 'specialist', COMMUNE, { bypassCSP: true });
    await draft(drafter, 'V/v có phụ lục');
    await drafter.page.locator('main details summary').last().click();
    await drafter.page.locator('#annex-name').fill('Phụ lục I');
    const annex = { name: 'pl.pdf', mimeType: 'application/pdf', buffer: aPdf('Phu luc') };
    await drafter.page.locator('#annex-file').setInputFiles(annex);
    await drafter.press('Thêm phụ lục');
    expect(await drafter.page.getByText('chưa ký số của cơ quan').count()).toBe(1);
    faults.push(...(await faultsInAllViews(drafter.page, 'work-annex')));
    await drafter.close();
    const inCharge = await seatOf(axis, browser, 'leader', COMMUNE, { bypassCSP: true });
    await inCharge.go('/work/delegations');
    await inCharge.page.locator('#scope').fill('Văn bản về tiếp công dân');
    await inCharge.page.locator('#legalBasis').fill('Giấy ủy quyền 12/GUQ-UBND');
    await inCharge.page.locator('#validFrom').fill('2026-01-01');
    await inCharge.page.locator('#validTo').fill('2040-12-31');
    await inCharge.press('Ghi nhận');
    await inCharge.page.locator('main details summary').first().click();
    faults.push(...(await faultsInAllViews(inCharge.page, 'work-delegations')));
    await inCharge.close();
    const admin = await seatOf(axis, browser, 'agency-admin', COMMUNE, { bypassCSP: true });
    await admin.go('/console/people');
    faults.push(...(await faultsInAllViews(admin.page, 'console-people')));
    await admin.page.locator('td a.title').last().click();
    await admin.page.waitForURL('**/console/people/*');
    for (const one of await admin.page.locator('main details').all())
      await one.evaluate((shown) => shown.setAttribute('open', ''));
    faults.push(...(await faultsInAllViews(admin.page, 'console-person')));
    await admin.close();
    expect(faults).toEqual([]);
  },
  240_000,
);
