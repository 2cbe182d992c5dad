import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { officialName, sealName } from '../../src/lab/index.ts';
import { type CscService, startCscService } from '../builders/csc-service.ts';
import { type SoftToken, softToken } from '../builders/soft-token.ts';
import { requiredTool } from '../required-tool.ts';
import { expectAccepted } from './judged.ts';
import { type Desk, Office, picture } from './signing-desk.ts';
import { look } from './signing-look.ts';

const tools = ['chromium', 'softhsm2-util', 'pkcs11-tool'].map((one) =>
  requiredTool(one, 'remote signing over SoftHSM'),
);
const executablePath = tools.every((one) => one !== null) ? tools[0] : null;
const inBrowser = (name: string, work: () => Promise<void>) =>
  test(name, async () => (executablePath ? work() : undefined), 120_000);
let office: Office;
let service: CscService;
let token: SoftToken;

beforeAll(async () => {
  if (!executablePath) return;
  service = await startCscService();
  const { url, clientId, clientSecret } = service;
  const settings = { CSC_URL: url, CSC_CLIENT_ID: clientId, CSC_CLIENT_SECRET: clientSecret };
  office = await Office.open(executablePath, () => [], settings);
  const { key, certificate, chain } = office.axis.demo.pki.entity(officialName('H53.32.29'));
  token = softToken({ key, certificate });
  service.enrol(token, [certificate, ...chain]);
}, 150_000);
afterAll(async () => {
  await office?.close();
  await service?.close();
  token?.remove();
});

/** The official at the service's own page. @returns it where it stays open on the last page */
async function approve(desk: Desk): Promise<Page> {
  const opening = desk.page.context().waitForEvent('page');
  await desk.widget.locator('#visit').click();
  const page = await opening;
  await page.locator('#allow').click();
  await page.waitForURL('**/widget/v1/remote.html');
  return page;
}

inBrowser(
  'check 1: a remote key signs: one visit for the certificates, one that allows these hashes and no others',
  async () => {
    const desk = await office.desk({ providers: ['csc'] });
    await desk.inState('reviewing');
    await desk.submit();
    await (await approve(desk)).close();
    await desk.inState('confirming');
    await desk.sign();
    await picture(desk, 'remote-visit');
    await (await approve(desk)).close();
    await desk.inState('signed');
    await expectAccepted(desk, office);
    expect(service.calls.filter((path) => path === 'signatures/signHash')).toHaveLength(1);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  },
);

inBrowser(
  'check 27: popups blocked, nothing stored, the windows kept apart: the last page’s line, pasted, completes it',
  async () => {
    service.isAloof = true;
    const desk = await office.desk({
      providers: ['csc'],
      between: (context) =>
        context.addInitScript(() => {
          const refuse = {
            get() {
              throw new DOMException('blocked', 'SecurityError');
            },
          };
          for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
            Object.defineProperty(globalThis, name, refuse);
          Object.assign(globalThis, { open: () => null });
        }),
    });
    const byHand = async () => {
      const page = await approve(desk);
      const line = await page.locator('#answer').inputValue();
      expect(new URL(page.url()).search).toBe('');
      await page.close();
      await desk.widget.locator('#visit-answer').fill(line);
    };
    await desk.inState('reviewing');
    await desk.submit();
    await byHand();
    await desk.inState('confirming');
    await desk.sign();
    await byHand();
    await desk.inState('signed');
    service.isAloof = false;
    await desk.close();
  },
);

inBrowser(
  'checks 21 and 22: of two certificates one is chosen, by keyboard, without an accessibility fault; Esc leaves',
  async () => {
    const seal = office.axis.demo.pki.entity(sealName('H53.32.29')).certificate.toString('base64');
    const desk = await office.desk({ providers: ['csc'], bypassCSP: true });
    const { page, widget } = desk;
    await page.route('**/remote/credentials', async (route) => {
      const response = await route.fetch();
      const { credentials } = (await response.json()) as { credentials: object[] };
      await route.fulfill({
        response,
        json: { credentials: [{ ...credentials[0], id: 'con-dau', chain: [seal] }, ...credentials] },
      });
    });
    await desk.inState('reviewing');
    await desk.submit();
    await (await approve(desk)).close();
    await look(desk, 'choosing', 'vi');
    // The seal is no person's: the axis refuses it, and there is a way back.
    await widget.locator('#credential-0').focus();
    await page.keyboard.press('Enter');
    await desk.inState('failed');
    expect(await desk.code()).toBe('E_NOT_EXPECTED_SIGNER');
    await widget.locator('#back').click();
    await desk.inState('reviewing');
    await desk.submit();
    await (await approve(desk)).close();
    await desk.inState('choosing');
    await widget.locator('#credential-0').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await desk.inState('confirming');
    await widget.locator('#back').click();
    await desk.inState('reviewing');
    await desk.submit();
    await (await approve(desk)).close();
    await desk.inState('choosing');
    await page.keyboard.press('Escape');
    await desk.inState('cancelled');
    await desk.close();
  },
);

inBrowser(
  'an answer that this page did not ask for, and hashes that were not allowed, sign nothing',
  async () => {
    const desk = await office.desk({ providers: ['csc'] });
    await desk.inState('reviewing');
    await desk.submit();
    await desk.widget.locator('#visit-answer').fill('code=abc&state=khong-phai-cua-toi');
    await (await approve(desk)).close();
    await desk.inState('confirming');
    // Between authorisation and signature the axis is asked to sign with another visit's code.
    await desk.page.route('**/remote/sign', async (route) => {
      const body = route.request().postDataJSON() as { codeVerifier: string };
      await route.continue({ postData: JSON.stringify({ ...body, codeVerifier: 'x'.repeat(43) }) });
    });
    await desk.sign();
    await (await approve(desk)).close();
    await desk.inState('failed');
    expect(await desk.code()).toBe('E_REMOTE');
    await desk.close();

    const wrong = await fetch(`${service.url}/signatures/signHash`, {
      method: 'POST',
      headers: { authorization: 'Bearer khong-co' },
      body: '{}',
    });
    expect(wrong.status).toBe(401);
  },
);
