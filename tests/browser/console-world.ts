import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { sha256Hex } from '../../src/kernel/index.ts';
import type { DemoPerson } from '../../src/lab/index.ts';
import { type World, world } from '../world.ts';
import { openPage } from './page-tools.ts';

/** The axis with the letters that administrators ask about, and a browser. */
export interface ConsoleWorld {
  axis: World;
  browser: Browser;
  person(role: string, agency?: string | null): DemoPerson;
  /** A browser of its own in which somebody has logged in. */
  as(who: DemoPerson, options?: BrowserContextOptions): Promise<Awaited<ReturnType<typeof openPage>>>;
  /** Sends a really signed letter. */
  send(from: string, to: string[], subject?: string): Promise<{ documentId: string; codeNumber: string }>;
  /** The recipient turns everything that waits for it away. @returns how many */
  fail(code: string, reason: string): Promise<number>;
  /** The recipient takes in everything that waits for it, and says so. */
  take(code: string): Promise<void>;
  close(): Promise<void>;
}

/** @param settings of the axis */
export async function consoleWorld(
  executablePath: string,
  settings: Record<string, string> = {},
): Promise<ConsoleWorld> {
  execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', 'scripts', 'build-web.mjs')], {
    stdio: 'pipe',
  });
  const axis = await world(settings);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    axis,
    browser,
    person: (role, agency = null) =>
      axis.credentials.people.find((one) => one.role === role && one.agency === agency) as DemoPerson,
    as: async ({ username, password }, options = {}) => {
      const opened = await openPage(browser, options);
      await opened.page.goto(`${axis.url}/login?next=/console`);
      await opened.page.locator('#username').fill(username);
      await opened.page.locator('#password').fill(password);
      await opened.page.locator('button[type=submit]').last().click();
      await opened.page.waitForURL('**/console', { timeout: 10_000 });
      return opened;
    },
    send: async (from, to, subject) => {
      const letter = await axis.letter(from, to, subject === undefined ? {} : { subject });
      const { documentId } = await axis.as(from).send(letter);
      const record = await axis.demo.stores.documents.get(documentId);
      if (record?.sha256 !== sha256Hex(letter)) throw new TypeError('another document');
      return { documentId, codeNumber: record.codeNumber };
    },
    fail: async (code, reason) => {
      const items = await axis.as(code).inbox();
      for (const { deliveryId } of items)
        await axis.as(code).acknowledge(deliveryId, 'fail', { reason, retry: false });
      return items.length;
    },
    take: async (code) => {
      for (const { deliveryId, documentId, kind } of await axis.as(code).inbox()) {
        await axis.as(code).content(deliveryId);
        await axis.as(code).acknowledge(deliveryId, 'done');
        if (kind === 'document') await axis.as(code).status({ documentId, code: '03' });
      }
    },
    close: async () => {
      await browser.close();
      await axis.stop();
    },
  };
}
