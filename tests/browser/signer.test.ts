import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requiredTool } from '../required-tool.ts';
import { Office } from './signing-desk.ts';

const executablePath = requiredTool('chromium', 'the signing widget in a browser');
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

test('an official reads, has it checked, confirms and signs', async () => {
  if (executablePath === null) return;
  const desk = await office.desk();
  const { widget } = desk;
  try {
    await widget.locator('body[data-state=reviewing]').waitFor({ timeout: 20000 });
    await desk.choose();
    await widget.locator('body[data-state=confirming]').waitFor({ timeout: 20000 });
    await widget.locator('#sign').click();
    await widget.locator('body[data-state=signed]').waitFor({ timeout: 20000 });
  } catch (e) { console.log(e); }
  console.log(await widget.locator('body').innerText());
  console.log(desk.complaints, await desk.events(), await desk.keyUses(), await desk.keysSeen());
  await desk.page.screenshot({ path: '/tmp/w.png' });
  await desk.close();
}, 120000);
