import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { seededRandom } from '../random.ts';
import { requiredTool } from '../required-tool.ts';
import { type SigningDesk, signingDesk, type Ticket } from '../signer.ts';
import { expectAccepted } from './judged.ts';
import { type Desk, Office, picture } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'what goes wrong around the signing window');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 240_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;
let desks: SigningDesk;

beforeAll(async () => {
  if (executablePath === null) return;
  office = await Office.open(executablePath);
  desks = signingDesk(office.axis);
}, 120_000);
afterAll(() => office?.close());

const letter = async () => (await desks.upload(COMMUNE, (await desks.letter(COMMUNE)).bytes)).documentId;
const versionsOf = async (documentId: string) => (await desks.draft(COMMUNE, documentId)).versions.length;
/** What the page around does when it has another ticket. */
const give = (page: Page, ticket: object, user: string | null = null) =>
  page.locator('edoc-signer').evaluate(
    (one, [next, name]) => {
      const signer = one as unknown as { ticket: unknown; setAttribute(name: string, value: string): void };
      if (name) signer.setAttribute('user', String(name));
      signer.ticket = next;
    },
    [ticket, user] as const,
  );

inBrowser(
  'check 4: a hundred forged messages of other windows, frames and openers change nothing',
  async () => {
    const random = seededRandom();
    const desk = await office.desk();
    await desk.inState('reviewing');
    const KINDS = [
      'open',
      'cancel',
      'here',
      'state',
      'ready',
      'signed',
      'cancelled',
      'error',
      'edoc-hello',
      'sign',
    ];
    const any = (depth: number): unknown => {
      const kind = KINDS[random.between(0, KINDS.length - 1)];
      const leaves = [null, true, random.next(), '', kind, [], 'x'.repeat(random.between(0, 5_000))];
      const shape = random.between(0, depth > 2 ? 6 : 9);
      if (shape < 7) return leaves[shape];
      if (shape === 7) return [any(depth + 1), any(depth + 1)];
      return {
        kind,
        state: 'signed',
        ticket: any(depth + 1),
        by: 'user',
        signed: any(depth + 1),
        code: any(depth + 1),
      };
    };
    const messages = Array.from({ length: 100 }, () => [any(0), random.between(0, 2)] as const);
    // A window that the page opened, and a frame beside the widget's.
    const opening = desk.page.waitForEvent('popup');
    await desk.page.evaluate(
      () => void (globalThis as unknown as { open(url: string): void }).open('about:blank'),
    );
    const other = await opening;
    const sent: string[] = [];
    desk.page.on('request', (request) => sent.push(request.url()));
    const forge = (list: (readonly [unknown, number])[]) => {
      interface Target {
        postMessage(...all: unknown[]): void;
        frames: Target[];
        opener: Target | null;
        top: Target;
      }
      const here = globalThis as unknown as Target;
      const page = here.opener ?? here.top;
      for (const [message, ports] of list)
        for (const target of [page, page.frames[0]]) {
          const channels = Array.from({ length: ports }, () => new MessageChannel());
          target?.postMessage(
            message,
            '*',
            channels.map(({ port1 }) => port1),
          );
          for (const { port2 } of channels) port2.postMessage(message);
        }
      // The answers come behind everything that was sent.
      return new Promise((resolve) => setTimeout(resolve, 0));
    };
    await desk.page.evaluate(forge, messages);
    await other.evaluate(forge, messages);
    await desk.choose();
    await desk.inState('confirming');
    const types = (await desk.events()).map(({ type }) => type);
    expect(types.filter((type) => type !== 'edoc-statechange')).toEqual(['edoc-ready']);
    expect(
      sent.filter((url) => !url.startsWith('blob:')).map((url) => new URL(url).pathname.split('/').at(-1)),
    ).toContain('prepare');
    expect(sent.filter((url) => /sessions$|finalize$|ticket/.test(url))).toEqual([]);
    expect(await desk.keyUses()).toBe(0);
    await other.close();
    await desk.close();
  },
);

inBrowser(
  'check 5: a ticket that was used, has ended, is another user’s or another page’s: four codes',
  async () => {
    const documentId = await letter();
    const desk = await office.desk();
    await desk.inState('reviewing');
    const used = await desk.page
      .locator('edoc-signer')
      .evaluate((one) => (one as unknown as { ticket: object }).ticket);
    const told = async (ticket: object, user: string | null = null) => {
      await give(desk.page, ticket, user);
      await desk.inState('failed');
      const code = await desk.code();
      expect(await desk.last('edoc-error')).toEqual({ code, retryable: false });
      expect(await desk.widget.locator('.page, #key-file, #back').count()).toBe(0);
      return code;
    };
    expect(await told(used)).toBe('E_TICKET_INVALID');
    expect(await told({ ...used, ticket: 'A'.repeat(43) })).toBe('E_TICKET_INVALID');
    const late = await office.ticketFor([documentId]);
    const clock = office.axis.demo.stations.clock as { now(): number };
    const { now } = clock;
    clock.now = () => now.call(clock) + 10 * 60_000;
    try {
      expect(await told(late)).toBe('E_TICKET_EXPIRED');
    } finally {
      clock.now = now;
    }
    const elsewhere = await office.ticketFor([documentId], { returnOrigins: ['http://localhost:*'] });
    expect(await told(elsewhere)).toBe('E_ORIGIN');
    const others = await office.ticketFor([documentId]);
    expect(await told(others, 'nguoi-dung-2')).toBe('E_TICKET_USER');
    // It has been in wrong hands: it is used up for its own user too.
    expect(await told(others, 'nguoi-dung-1')).toBe('E_TICKET_INVALID');
    await give(desk.page, await office.ticketFor([documentId]), 'nguoi-dung-1');
    await desk.inState('reviewing');
    await desk.close();
  },
);

inBrowser(
  'check 19: of 50 with one approval, what fails and what was not seen is left out alone, and says why',
  async () => {
    const ids: string[] = [];
    const { bytes } = await desks.letter(COMMUNE);
    for (let i = 0; i < 50; i++) ids.push((await desks.upload(COMMUNE, bytes)).documentId);
    const desk = await office.desk({ ticket: await office.ticketFor(ids) });
    const { widget } = desk;
    await desk.inState('reviewing');
    expect(await widget.locator('#want-1').isDisabled()).toBe(true);
    for (let i = 1; i < 49; i++) {
      await widget.locator(`#look-${i}`).click();
      await widget.locator(`#want-${i}:checked`).waitFor();
    }
    const somebodyElse = (i: number) => desks.sign(COMMUNE, ids[i] as string, 'approve');
    expect(await somebodyElse(17)).toMatchObject({ status: 'signed' });
    await desk.choose();
    await desk.inState('confirming');
    const row = (i: number) => widget.locator('.documents li').nth(i).innerText();
    expect(await row(17)).toContain('E_CONFLICT');
    await picture(desk, 'batch-one-left-out');
    // Between the checks and the key's use another one goes.
    expect(await somebodyElse(31)).toMatchObject({ status: 'signed' });
    await desk.sign();
    await desk.inState('signed');
    expect(await row(31)).toContain('E_CONFLICT');
    expect(await row(49)).toContain('Không chọn ký');
    const signed = (await desk.events()).filter(({ type }) => type === 'edoc-signed');
    const wanted = ids.filter((_, i) => i !== 17 && i !== 31 && i !== 49);
    expect(signed.map(({ detail }) => detail.documentId)).toEqual(wanted);
    // One approval: a key's use for each of the 48 that were ready.
    expect(await desk.keyUses()).toBe(48);
    await expectAccepted(desk, office);
    await desk.close();
  },
);

type Cut = 'request lost' | 'answer lost';

/** Cuts the first calls of each step, and lets later ones through. */
async function cutEach(desk: Desk, plan: Readonly<Record<string, Cut[]>>): Promise<void> {
  for (const [step, cuts] of Object.entries(plan))
    await desk.page.route(`**/v1/sign/sessions${step}`, async (route: Route) => {
      const cut = cuts.shift();
      if (!cut) return route.continue();
      if (cut === 'answer lost') await route.fetch();
      await route.abort();
    });
}

inBrowser(
  'check 20: the network cut at every step, both ways: one key use, one version, one signature',
  async () => {
    const documentId = await letter();
    const desk = await office.desk({ ticket: () => office.ticketFor([documentId]) });
    const { widget, page } = desk;
    await desk.inState('reviewing');
    await cutEach(desk, {
      '': ['request lost'],
      '/*/document?*': ['request lost', 'answer lost'],
      '/*/prepare': ['request lost', 'answer lost'],
      '/*/finalize': ['request lost', 'answer lost'],
    });
    const again = async (button: string) => {
      await desk.inState('failed');
      expect([await desk.code(), await desk.last('edoc-error')]).toEqual([
        'E_NETWORK',
        { code: 'E_NETWORK', retryable: true },
      ]);
      await widget.locator(button).click();
    };
    await give(page, await office.ticketFor([documentId]));
    for (let cuts = 0; cuts < 3; cuts++) await again('#back');
    for (let cuts = 0; cuts < 2; cuts++) {
      await desk.inState('reviewing');
      await desk.choose();
      await again('#back');
    }
    await desk.inState('reviewing');
    await desk.choose();
    await desk.inState('confirming');
    expect(await desk.keyUses()).toBe(0);
    await widget.locator('#sign').scrollIntoViewIfNeeded();
    await widget.locator('#sign').dblclick();
    await again('#send-again');
    await again('#send-again');
    await desk.inState('signed');
    expect(await desk.keyUses()).toBe(1);
    expect(await versionsOf(documentId)).toBe(2);
    await expectAccepted(desk, office);
    await desk.close();
  },
);

inBrowser(
  'check 20: reload, back button and an opening whose answer is lost: never two signatures, never a lost one',
  async () => {
    const documentId = await letter();
    const desk = await office.desk({ ticket: () => office.ticketFor([documentId]) });
    const { page } = desk;
    await desk.inState('reviewing');
    // The ticket is used up, and nobody knows it: the page around gets another one.
    await cutEach(desk, { '': ['answer lost'] });
    await give(page, await office.ticketFor([documentId]));
    await desk.inState('failed');
    await desk.widget.locator('#back').click();
    await desk.widget.locator('#error code', { hasText: 'E_TICKET_INVALID' }).waitFor();

    const confirming = async () => {
      await desk.inState('reviewing');
      await desk.choose();
      await desk.inState('confirming');
    };
    const hold = async (work: (route: Route) => Promise<unknown>) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      await page.route('**/finalize', async (route) => {
        await work(route);
        resolve();
      });
      await desk.sign();
      await promise;
      await page.unroute('**/finalize');
    };
    await page.reload();
    await confirming();
    // Gone back where the signature has not arrived: nothing is signed.
    await hold(async (route) => {
      await route.abort();
      await page.goBack();
    });
    expect(await versionsOf(documentId)).toBe(1);
    await page.goForward();
    await confirming();
    // Loaded anew while the answer is on its way: it is signed, once, whatever is pressed then.
    await hold(async (route) => {
      await route.fetch();
      await page.reload();
    });
    await desk.inState('reviewing');
    await desk.choose();
    await desk.inState('failed');
    expect([await desk.code(), await desk.keyUses()]).toEqual(['E_CONFLICT', 0]);
    expect(await desk.widget.locator('#error').innerText()).toContain(
      'đã có chữ ký số của chính người ký này',
    );
    expect(await versionsOf(documentId)).toBe(2);
    await desk.close();
  },
);

/** The same document in two windows at once. */
inBrowser('check 20: of two windows with one document one signs, and the other is told', async () => {
  const documentId = await letter();
  const ticket = (): Promise<Ticket> => office.ticketFor([documentId]);
  const both = [await office.desk({ ticket }), await office.desk({ ticket })] as const;
  for (const desk of both) {
    await desk.inState('reviewing');
    await desk.choose();
    await desk.inState('confirming');
  }
  await both[0].sign();
  await both[0].inState('signed');
  await both[1].sign();
  await both[1].inState('failed');
  expect(await both[1].code()).toBe('E_CONFLICT');
  expect(await versionsOf(documentId)).toBe(2);
  for (const desk of both) await desk.close();
});

inBrowser(
  'check 20: who comes too late confirms anew before a key is used, and has a way back where it was',
  async () => {
    const documentId = await letter();
    const desk = await office.desk({ ticket: () => office.ticketFor([documentId]) });
    const { page, widget } = desk;
    await desk.inState('reviewing');
    await page.clock.install();
    await page.reload();
    await desk.inState('reviewing');
    await desk.choose();
    await desk.inState('confirming');
    const preparing = page.waitForRequest('**/prepare');
    await page.clock.fastForward(5 * 60_000);
    await desk.sign();
    await widget.locator('#renewed').waitFor();
    await preparing;
    expect(await desk.keyUses()).toBe(0);
    await picture(desk, 'renewed');

    // The axis's clock alone goes on: the page cannot know.
    const clock = office.axis.demo.stations.clock as { now(): number };
    const { now } = clock;
    clock.now = () => now.call(clock) + 6 * 60_000;
    try {
      await desk.sign();
      await desk.inState('failed');
      expect([await desk.code(), await desk.keyUses()]).toEqual(['E_PREPARED_EXPIRED', 1]);
      expect(await versionsOf(documentId)).toBe(1);
      await widget.locator('#back').click();
      await desk.inState('reviewing');
      await desk.choose();
      await desk.inState('confirming');
    } finally {
      clock.now = now;
    }
    expect(await widget.locator('#renewed').count()).toBe(0);
    await desk.sign();
    await desk.inState('signed');
    expect(await versionsOf(documentId)).toBe(2);
    await desk.close();
  },
);
