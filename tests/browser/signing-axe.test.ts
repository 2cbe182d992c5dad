import { afterAll, beforeAll, test } from '@jest/globals';
import { requiredTool } from '../required-tool.ts';
import { Office } from './signing-desk.ts';
import { look, THEMES } from './signing-look.ts';

const executablePath = requiredTool('chromium', 'the signing window for everybody');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 240_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

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
