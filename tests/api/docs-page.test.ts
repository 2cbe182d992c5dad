import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import { requiredTool } from '../required-tool.ts';
import { type World, world } from '../world.ts';

/** A path has other members too, such as its servers. */
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(() => axis.stop());

test('the docs page shows every operation, from this host alone and without an error', async () => {
  const executablePath = requiredTool('chromium', 'the docs page in a browser');
  if (executablePath === null) return;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on(
      'request',
      (request) => request.url().startsWith('http') && hosts.add(new URL(request.url()).origin),
    );
    await page.goto(`${axis.url}/docs`);
    await page.waitForSelector('.opblock');
    const contract = (await (await fetch(`${axis.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const operations = Object.values(contract.paths).flatMap((path) =>
      Object.keys(path).filter((key) => METHODS.includes(key)),
    );
    expect(await page.locator('.opblock').count()).toBe(operations.length);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([axis.url]);
    if (process.env.TRUC_TEST_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.TRUC_TEST_SCREENSHOTS}/docs.png`, fullPage: true });
  } finally {
    await browser.close();
  }
});
