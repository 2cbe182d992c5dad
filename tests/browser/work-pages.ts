import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DemoPerson, DemoSigner } from '../../src/lab/index.ts';
import type { World } from '../world.ts';
import { openPage } from './page-tools.ts';

/** An official at the axis's own pages, in a real browser. */
export interface Seat {
  page: Page;
  complaints: string[];
  close(): Promise<void>;
  /** Opens a page by its path. */
  go(path: string): Promise<void>;
  /** Presses a button or link of the page and waits for what comes. */
  press(name: string): Promise<void>;
  /** Loads the page again until something is so. */
  until(so: () => Promise<boolean>): Promise<void>;
  /** Opens the signing window's page and signs there with a key file. */
  sign(path: string, act: string, key: DemoSigner): Promise<void>;
}

/** A person of an agency, logged in. */
export async function seatOf(
  axis: World,
  browser: Browser,
  role: DemoPerson['role'],
  agency: string,
  options: BrowserContextOptions = {},
): Promise<Seat> {
  const person = axis.credentials.people.find((one) => one.role === role && one.agency === agency);
  const { context, page, complaints } = await openPage(browser, options);
  const seat: Seat = {
    page,
    complaints,
    close: () => context.close(),
    go: async (path) => {
      await page.goto(`${axis.url}${path}`);
    },
    press: async (name) => {
      const shown = page.getByRole('main');
      const target = shown.getByRole('button', { name, exact: true }).or(shown.getByRole('link', { name, exact: true }));
      await Promise.all([page.waitForLoadState('load'), target.first().click()]);
    },
    until: async (so) => {
      for (let round = 0; !(await so()); round++) {
        if (round === 100) throw new TypeError(`not so: ${await page.getByRole('main').innerText()}`);
        await page.waitForTimeout(100);
        await page.reload();
      }
    },
    sign: async (path, act, key) => {
      await seat.go(`${path}/sign/${act}`);
      const widget = page.frameLocator('edoc-signer iframe');
      await widget.locator('body[data-state=reviewing]').waitFor();
      await widget.locator('#provider-soft').check();
      await widget.locator('#key-file').setInputFiles(key.file);
      await widget.locator('#pin').pressSequentially(key.password);
      await widget.locator('button[type=submit]').click();
      await widget.locator('body[data-state=confirming]').waitFor();
      // Sign can be pressed once it was seen.
      await widget.locator('#sign').scrollIntoViewIfNeeded();
      await widget.locator('#sign').click();
      await widget.locator('body[data-state=signed]').waitFor();
      await page.locator('#signed').waitFor();
      await seat.go(path);
    },
  }; // biome-ignore format: a gesture each
  await seat.go('/login?next=/work');
  await page.locator('input[name=username]').fill(person?.username ?? '');
  await page.locator('input[name=password]').fill(person?.password ?? '');
  await page.locator('main form button[type=submit], form button[type=submit]').first().click();
  await page.waitForURL('**/work');
  return seat;
}
