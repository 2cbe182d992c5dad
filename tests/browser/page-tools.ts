import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SHOTS = process.env.TRUC_TEST_SCREENSHOTS;

/** Scheme and width of each view that accessibility is checked in; with TRUC_TEST_SCREENSHOTS more of them are pictured. */
const VIEWS: readonly (readonly ['light' | 'dark', number])[] = SHOTS
  ? (['light', 'dark'] as const).flatMap((scheme) => [390, 1440].map((width) => [scheme, width] as const))
  : [
      ['light', 1440],
      ['dark', 390],
    ];

/** What axe-core has against a page as it stands; the page must have been opened with `bypassCSP`. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const result = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** A page in a context of its own, with whatever the browser complained of: errors, refused by a policy, exceptions. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'vi-VN',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page, complaints };
}

/** Every view of a page: it fits, and axe-core finds nothing. @returns what was found, with the view */
export async function faultsInAllViews(page: Page, name: string, views = VIEWS): Promise<string[]> {
  const faults: string[] = [];
  for (const [colorScheme, width] of views) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await settled(page);
    await picture(page, `${name}-${colorScheme}-${width}`);
    const wide = await page.locator('html').evaluate((one) => one.scrollWidth);
    if (wide > width) faults.push(`${name} at ${width}: ${wide} wide`);
    for (const one of await violations(page)) faults.push(`${name} ${colorScheme} ${width}: ${one}`);
  }
  return faults;
}

/** A window that was made narrower is laid out anew, with fonts that may still be on their way; until then boxes lie over each other. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    await document.fonts.ready;
    scrollTo(0, 0);
    for (let frame = 0; frame < 2; frame++) await new Promise((done) => requestAnimationFrame(done));
  })()`);
}

/** TRUC_TEST_SCREENSHOTS names a folder for pictures of every view. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
