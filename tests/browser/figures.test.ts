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
    expect(await pictures.count()).toBe(5);
    await page.locator('summary').first().click();
    expect(await faultsInAllViews(page, `figures-${lang}`)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }
}, 120_000);

test('36 the matrix says the same as table, SVG, PNG and CSV, and each of its cells is reached by the keyboard', async () => {
  if (executablePath === null) return;
  const { context, page } = await openPage(browser);
  await page.goto(`${axis.url}/figures?lang=vi`);
  const shown = await page.locator('#matrix .heats tbody td').allInnerTexts();
  const numbers = shown.map((text) => Number(text.split(':').at(-1)?.trim()));
  const fetched = async (form: string) => (await fetch(`${axis.url}/figures/matrix.${form}`)).text();
  const { rows } = JSON.parse(await fetched('json')) as { rows: { key: string; values: number[] }[] };
  const sums = rows.map((row) => row.values.reduce((total, one) => total + one, 0));
  const total = (list: number[]) => list.reduce((sum, one) => sum + one, 0);
  expect(total(numbers)).toBe(total(sums));
  const svg = [...(await fetched('svg')).matchAll(/<title>[^<]* – [^<]*: (\d+)<\/title>/g)].map((one) =>
    Number(one[1]),
  );
  expect(svg).toEqual(numbers);
  const csv = (await fetched('csv'))
    .split('\r\n')
    .slice(1, -1)
    .map((line) => Number(line.split(',')[5]));
  expect(total(csv)).toBe(total(numbers));
  expect((await fetched('png')).slice(1, 4)).toBe('PNG');
  await page.locator('#matrix .heats td[tabindex]').first().focus();
  const reached = [await page.evaluate('document.activeElement.innerText')];
  for (let i = 1; i < numbers.length; i++) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate('document.activeElement.innerText'));
  }
  expect(reached).toEqual(shown);
  await context.close();
}, 60_000);
