import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FrameLocator, Page } from 'playwright-core';
import { officialName, startVgcaAgent, type VgcaAgent } from '../../src/lab/index.ts';
import { wordsOf } from '../../web/signer/page/words.ts';
import { requiredTool } from '../required-tool.ts';
import { type SigningDesk, signingDesk } from '../signer.ts';
import { type Desk, Office } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'the signing widget in the pages of others');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 180_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;
let desks: SigningDesk;
let agent: VgcaAgent;
let documentId: string;

beforeAll(async () => {
  if (executablePath === null) return;
  office = await Office.open(executablePath);
  desks = signingDesk(office.axis);
  const { key, certificate } = office.axis.demo.pki.entity(officialName(COMMUNE));
  agent = await startVgcaAgent({ key, certificate });
  documentId = (await desks.upload(COMMUNE, (await desks.letter(COMMUNE)).bytes)).documentId;
}, 120_000);
afterAll(async () => {
  await agent?.close();
  await office?.close();
});

/** As far as a page's own script needs them here. */
interface Node {
  id: string;
  ticket: unknown;
  append(...nodes: Node[]): void;
  remove(): void;
  focus(): void;
  showModal(): void;
  attachShadow(how: { mode: 'open' }): Node;
  setAttribute(name: string, value: string): void;
}
interface Around {
  document: {
    createElement(name: string): Node;
    body: Node;
    getElementById(id: string): Node;
    activeElement: Node;
  };
}

/** What opens the window in the page of an agency. */
const addButton = (page: Page) =>
  page.evaluate(() => {
    const { document } = globalThis as unknown as Around;
    const button = document.createElement('button');
    button.id = 'mo';
    document.body.append(button);
  });
const focused = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as Around).document.activeElement.id);
const opened = (frame: FrameLocator, state = 'reviewing') =>
  frame.locator(`body[data-state=${state}]`).waitFor({ timeout: 60_000 });

/** How each state is reached, and what holds it there. */
const STATES: readonly [string, (desk: Desk) => Promise<void>][] = [
  ['loading', async () => undefined],
  ['reviewing', async () => undefined],
  ['failed', async (desk) => {
    agent.fault = 'status';
    await desk.submit();
  }],
  ['connecting', async (desk) => {
    agent.fault = 'silent';
    await desk.submit();
  }],
  ['preparing', async (desk) => {
    agent.fault = null;
    await desk.submit();
  }],
  ['confirming', async (desk) => {
    agent.fault = null;
    await desk.submit();
  }],
  ['signing', async (desk) => {
    agent.fault = null;
    await desk.submit();
    await desk.inState('confirming');
    agent.fault = 'silent';
    await desk.sign();
  }],
]; // biome-ignore format: a table

inBrowser(
  'check 21: Esc and Cancel leave every state, the page’s focus is where it was, and every state is said aloud',
  async () => {
    const ticket = () => office.ticketFor([documentId], { providers: ['vgca', 'soft'] });
    const desk = await office.desk({ ticket, agents: { vgca: agent.url } });
    const { page, widget } = desk;
    await desk.inState('reviewing');
    await addButton(page);
    const heard = new Set<string>();
    for (const [i, [state, reach]] of STATES.entries()) {
      const held = { loading: '**/document?*', preparing: '**/prepare' }[state];
      const { promise: letGo, resolve } = Promise.withResolvers<void>();
      if (held)
        await page.route(held, async (route) => {
          await letGo;
          await route.abort().catch(() => undefined);
        });
      await page.locator('#mo').focus();
      await page.locator('edoc-signer').evaluate(
        (one, next) => {
          (one as unknown as Node).ticket = next;
        },
        await ticket(),
      );
      if (state !== 'loading') await desk.inState('reviewing');
      await reach(desk);
      await desk.inState(state);
      await widget.locator('h1').focus();
      expect([state, await focused(page)]).toEqual([state, '']);
      const cancel = widget.locator('#cancel');
      // By turns, where there is a button.
      if (i % 2 === 1 && (await cancel.count()) > 0) await cancel.click();
      else await page.keyboard.press('Escape');
      await desk.inState('cancelled');
      expect([state, await focused(page), await desk.last('edoc-cancelled')]).toEqual([
        state,
        'mo',
        { by: 'user' },
      ]);
      for (const text of await desk.said()) heard.add(text);
      resolve();
      if (held) await page.unroute(held);
    }
    expect((await desks.draft(COMMUNE, documentId)).versions).toHaveLength(1);
    const { states, waiting } = wordsOf('vi');
    const names = [
      'loading',
      'reviewing',
      'connecting',
      'preparing',
      'confirming',
      'failed',
      'cancelled',
    ] as const;
    expect([...heard]).toEqual(expect.arrayContaining([...names.map((name) => states[name]), waiting]));
    await desk.close();
  },
);

inBrowser(
  'check 25: two windows on one page, in a shadow root and in a dialog; one that is taken away signs nothing',
  async () => {
    const ticket = () => office.ticketFor([documentId]);
    const desk = await office.desk({ ticket });
    const { page } = desk;
    await desk.inState('reviewing');
    await addButton(page);
    // As frameworks do it: made, given its property, then put into the page.
    const add = async (id: string, into: 'body' | 'shadow' | 'dialog') =>
      page.evaluate(
        ([name, where, next]) => {
          const { document } = globalThis as unknown as Around;
          const signer = document.createElement('edoc-signer');
          signer.id = String(name);
          signer.ticket = next;
          const box = document.createElement(where === 'dialog' ? 'dialog' : 'div');
          document.body.append(box);
          (where === 'shadow' ? box.attachShadow({ mode: 'open' }) : box).append(signer);
          if (where === 'dialog') box.showModal();
        },
        [id, into, await ticket()] as const,
      );
    await add('second', 'body');
    const second = page.frameLocator('#second iframe');
    await opened(second);
    await second.locator('#key-file').setInputFiles(office.signer().file);
    await second.locator('#pin').fill(office.signer().password);
    await second.locator('button[type=submit]').click();
    await opened(second, 'confirming');
    const gone = page.waitForEvent('framedetached');
    await page.evaluate(() => (globalThis as unknown as Around).document.getElementById('second').remove());
    await gone;
    await add('third', 'shadow');
    await opened(page.frameLocator('#third iframe'));
    await add('fourth', 'dialog');
    const fourth = page.frameLocator('#fourth iframe');
    await opened(fourth);
    // The dialog keeps the focus: what is behind it is never reached.
    const seen = new Set<string>();
    for (let presses = 0; presses < 24; presses++) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
    }
    expect(seen.has('fourth')).toBe(true);
    expect(seen.has('mo')).toBe(false);
    // The first one was not touched by any of this, and signs.
    expect((await desks.draft(COMMUNE, documentId)).versions).toHaveLength(1);
    const first = page.frameLocator('main > edoc-signer iframe');
    await opened(first);
    await page.keyboard.press('Escape');
    await desk.close();
  },
);

inBrowser('check 25: a ticket that was there before the script, and a page without scripts', async () => {
  const early = await office.desk({
    between: async (context) => {
      await context.route('**/sign.js', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: '' }),
      );
      await context.route('**/edoc-signer.js', async (route) => {
        const element = route.request().frame().locator('edoc-signer');
        await element.evaluate(
          (one, next) => {
            (one as unknown as Node).ticket = next;
          },
          await office.ticketFor([documentId]),
        );
        await route.continue();
      });
    },
  });
  await early.inState('reviewing');
  await early.close();

  const none = await office.desk({
    javaScriptEnabled: false,
    around: (html) =>
      html.replace('</edoc-signer>', '<p slot="fallback">Cần bật JavaScript để ký số.</p></edoc-signer>'),
  });
  expect(await none.page.getByText('Cần bật JavaScript để ký số.').isVisible()).toBe(true);
  await none.close();
});
