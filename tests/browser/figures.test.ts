import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { figuresDesk, publish } from '../../src/reporting/index.ts';
import { requiredTool } from '../required-tool.ts';
import { type World, world } from '../world.ts';
import { faultsInAllViews, openPage } from './page-tools.ts';

const executablePath = requiredTool('chromium', 'the page of figures in a browser');
let browser: Browser;
let axis: World;

beforeAll(async () => {
  if (executablePath === null) return;
  axis = await world();
  await axis.as('H53.32.29').send(await axis.letter('H53.32.29', ['G09', 'H53']));
  await axis.as('G09').send(await axis.letter('G09', ['H53.32.29']));
  for (const code of ['G09', 'H53.32.29'])
    for (const item of await axis.as(code).inbox()) {
      await axis.as(code).content(item.deliveryId);
      await axis.as(code).acknowledge(item.deliveryId, 'done');
    }
  // A version that told more than there was, and its restatement.
  const { stations } = axis.demo;
  const figures = await figuresDesk(stations).figures();
  const period = figures.indicators[0]?.period as string;
  const indicators = figures.indicators.map((one) =>
    one.code === 'documents.exchanged' ? { ...one, value: (one.value ?? 0) + 5 } : one,
  );
  await publish({ ...figures, indicators }, { period, reason: 'month-over' }, stations);
  await publish(
    figures,
    { period, reason: 'restated', note: 'Đếm trùng năm văn bản của một cơ quan' },
    stations,
  );
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 120_000);
afterAll(async () => {
  if (executablePath === null) return;
  await browser.close();
  await axis.stop();
});

test('the figures of the state are read by everybody: pictures, tables, both languages, no fault in any view', async () => {
  if (executablePath === null) return;
  for (const lang of ['vi', 'en']) {
    const { context, page, complaints } = await openPage(browser, { bypassCSP: true });
    await page.goto(`${axis.url}/figures?lang=${lang}`);
    const pictures = page.locator('img.chart');
    for (const picture of await pictures.all()) await picture.scrollIntoViewIfNeeded();
    await page.waitForFunction('[...document.images].every((one) => one.complete && one.naturalWidth > 0)');
    expect(await pictures.count()).toBe(6);
    await page.locator('summary').first().click();
    expect(await faultsInAllViews(page, `figures-${lang}`)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }
}, 120_000);
