import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requiredTool } from '../required-tool.ts';
import { type Desk, Office, picture, violations } from './signing-desk.ts';

const executablePath = requiredTool('chromium', 'the signing window for everybody');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 240_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

/** What is coloured is the same in both languages. */
const THEMES = { vi: ['light', 'dark', 'contrast'], en: ['light'] } as const;

/** A state in every width and theme; 320 pixels are 1280 at 400 %. */
async function look(desk: Desk, state: string, lang: 'vi' | 'en'): Promise<void> {
  await desk.inState(state);
  const root = desk.widget.locator('html');
  for (const width of [320, 768, 1440]) {
    await desk.page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES[lang]) {
      await root.evaluate((one, name) => {
        (one as unknown as { dataset: { theme: string } }).dataset.theme = name;
      }, theme);
      const found = await violations(desk, theme === 'light' ? 'everything' : 'colours');
      expect({ state, width, theme, found }).toEqual({ state, width, theme, found: [] });
    }
    const tooWide = await root.evaluate((one) => one.scrollWidth - one.clientWidth);
    expect({ state, width, isTooWide: tooWide > 0 }).toEqual({ state, width, isTooWide: false });
    await picture(desk, `axe-${lang}-${state}-${width}`);
  }
  await desk.page.emulateMedia({ forcedColors: 'active' });
  expect([state, 'forced colours', await violations(desk)]).toEqual([state, 'forced colours', []]);
  await desk.page.emulateMedia({ forcedColors: 'none' });
}

for (const lang of ['vi', 'en'] as const)
  inBrowser(
    `check 22: in ${lang} every state is without an accessibility fault, at three widths, in ${THEMES[lang].length} themes and forced colours`,
    async () => {
      const desk = await office.desk({
        lang,
        bypassCSP: true,
        count: 2,
        providers: ['soft', 'vgca', 'local'],
      });
      const { page, widget } = desk;
      /** Holds a request back until the state that waits for it was looked at. */
      const held = async (url: string, work: () => Promise<void>, state: string) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        await page.context().route(url, async (route) => {
          await promise;
          await route.continue().catch(() => undefined);
        });
        await work();
        await look(desk, state, lang);
        resolve();
        await page.context().unroute(url);
      };
      await desk.inState('reviewing');
      await held('**/document?*', async () => void (await page.reload({ waitUntil: 'commit' })), 'loading');
      await look(desk, 'reviewing', lang);
      await desk.choose(office.signer(), 'sai');
      await look(desk, 'failed', lang);
      await widget.locator('#back').click();
      await desk.inState('reviewing');
      await held('**/key-file.worker.js', () => desk.choose(), 'connecting');
      await desk.inState('confirming');
      await widget.locator('#back').click();
      await desk.inState('reviewing');
      await held('**/prepare', () => desk.choose(), 'preparing');
      await look(desk, 'confirming', lang);
      await held('**/finalize', () => desk.sign(), 'signing');
      await look(desk, 'signed', lang);
      await page.reload();
      await desk.inState('reviewing');
      await page.locator('edoc-signer').evaluate((one) => (one as unknown as { cancel(): void }).cancel());
      await look(desk, 'cancelled', lang);
      await desk.close();
    },
  );
