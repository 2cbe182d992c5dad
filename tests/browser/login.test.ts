import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type TestProvider, testProvider } from '../builders/identity-provider.ts';
import { type PeopleGate, peopleGate } from '../builders/people-gate.ts';
import { aPerson } from '../builders/records.ts';
import { requiredTool } from '../required-tool.ts';
import { faultsInAllViews, openPage } from './page-tools.ts';

// The provider warns that it is set up for tests.
for (const method of ['info', 'warn'] as const) jest.spyOn(console, method).mockImplementation(() => {});

const executablePath = requiredTool('chromium', 'logging in with a browser');
const clerk = aPerson({ subject: null });
let browser: Browser;
let provider: TestProvider;
let axis: PeopleGate;

beforeAll(async () => {
  if (executablePath === null) return;
  provider = await testProvider();
  axis = await peopleGate(provider, Date.now(), async (name, password) =>
    name === 'vanthu' && password === 'đúng' ? clerk.personId : null,
  );
  await axis.stores.persons.put({ ...clerk, subject: { issuer: provider.issuer, sub: 'dao' } });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  if (executablePath === null) return;
  await browser.close();
  await axis.close();
  await provider.close();
});

async function atProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('x');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('in and out by the provider: the page that was wanted, no cookie for scripts, and the provider forgets too', async () => {
  if (executablePath === null) return;
  const { context, page, complaints } = await openPage(browser);
  await page.goto(`${axis.url}/desk?q=412`);
  await page.getByRole('link', { name: 'Đăng nhập bằng tài khoản công vụ' }).click();
  await atProvider(page, 'dao');
  expect(page.url()).toBe(`${axis.url}/desk?q=412`);
  expect(await page.evaluate('document.cookie')).toBe('');
  const cookies = await context.cookies(axis.url);
  expect(cookies.find(({ name }) => name === 'truc')).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await page.getByText(clerk.name).first().click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.waitForURL(`${provider.issuer}/session/end**`);
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.waitForURL(`${axis.url}/logout/done**`);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Bạn đã đăng xuất');
  expect((await context.cookies(axis.url)).map(({ name }) => name)).not.toContain('truc');
  expect(complaints.filter((one) => /Content Security|form-action|Refused/i.test(one))).toEqual([]);
  await context.close();
}, 60_000);

test('by keyboard alone with a password of the demo; a wrong one keeps the name; script off', async () => {
  if (executablePath === null) return;
  const { context, page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${axis.url}/desk`);
  const type = async (name: string, password: string) => {
    await page.getByLabel('Tên đăng nhập').fill(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForLoadState();
  };
  await type('vanthu', 'sai');
  expect(await page.getByRole('alert').textContent()).toContain('Sai tên đăng nhập hoặc mật khẩu');
  expect(await page.getByLabel('Tên đăng nhập').inputValue()).toBe('vanthu');
  await type('vanthu', 'đúng');
  await page.waitForURL(`${axis.url}/desk`);
  await context.close();
}, 60_000);

test('every page of the login fits, has no fault that axe-core finds, and speaks both languages', async () => {
  if (executablePath === null) return;
  for (const lang of ['vi', 'en']) {
    const { context, page } = await openPage(browser, { bypassCSP: true });
    await page.goto(`${axis.url}/login?lang=${lang}`);
    expect(await faultsInAllViews(page, `login-${lang}`)).toEqual([]);
    await page.getByLabel(lang === 'vi' ? 'Tên đăng nhập' : 'User name').fill('vanthu');
    await page.locator('#password').fill('sai');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await faultsInAllViews(page, `login-wrong-${lang}`)).toEqual([]);
    await page.goto(`${axis.url}/login/provider`);
    await atProvider(page, 'người-lạ');
    expect(await page.locator('main').textContent()).toContain('sub: người-lạ');
    expect(await faultsInAllViews(page, `login-stranger-${lang}`)).toEqual([]);
    await context.close();
  }
}, 120_000);
