import { degrees, PDFDocument, rgb } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blueIn, type Part, rendered } from '../builders/rendered-page.ts';
import { requiredTool } from '../required-tool.ts';
import { signingDesk } from '../signer.ts';
import { type Desk, Office } from './signing-desk.ts';

const COMMUNE = 'H53.32.29';
const executablePath = requiredTool('chromium', 'the place of a signature in the signing window');
const pdftoppm = requiredTool('pdftoppm', 'the place of a signature under poppler');
const inBrowser = (name: string, work: () => Promise<void>, milliseconds = 180_000) =>
  test(name, async () => (executablePath === null ? undefined : work()), milliseconds);
let office: Office;

beforeAll(async () => {
  if (executablePath !== null) office = await Office.open(executablePath);
}, 120_000);
afterAll(() => office?.close());

const MM = 72 / 25.4;

/** Pages that are turned, cropped, begin elsewhere than at 0, and all of it. */
async function oddPages(): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  for (const rotate of [0, 90, 180, 270, 0, 270]) {
    const page = pdf.addPage([595, 842]);
    page.setRotation(degrees(rotate));
    page.drawLine({ start: { x: 40, y: 30 }, end: { x: 560, y: 30 }, color: rgb(0, 0, 0) });
    if (pdf.getPageCount() < 5) continue;
    page.setMediaBox(-30, 40, 600, 800);
    page.setCropBox(20, 100, 480, 780);
  }
  return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

const FIELDS = ['left', 'bottom', 'width', 'height'] as const;
/** Points, as the numbers say. */
async function numbersOf({ widget }: Desk): Promise<number[]> {
  const read = FIELDS.map(async (name) => Number(await widget.locator(`#place-${name}`).inputValue()) * MM);
  return Promise.all(read);
}

async function type({ widget }: Desk, left: number, bottom: number): Promise<void> {
  await widget.locator('#place-left').fill((left / MM).toFixed(3));
  await widget.locator('#place-bottom').fill((bottom / MM).toFixed(3));
}

async function zoomTo({ widget }: Desk, percent: number): Promise<void> {
  const now = async () => Number.parseInt(await widget.locator('output').innerText(), 10);
  while ((await now()) < percent) await widget.locator('#larger').click();
  while ((await now()) > percent) await widget.locator('#smaller').click();
}

/** Width in pixels of a point of the page that the frame is on. */
const scaleOf = ({ widget }: Desk) =>
  widget.locator('.page:has(#mark)').evaluate((one) => {
    const { width } = (
      one as unknown as { getBoundingClientRect(): { width: number } }
    ).getBoundingClientRect();
    return width / Number((one as unknown as { dataset: { width: string } }).dataset.width);
  });

async function drag(desk: Desk, right: number, up: number): Promise<void> {
  const { page, widget } = desk;
  await widget.locator('#mark').evaluate((one) =>
    (one as unknown as { scrollIntoView(how: object): void }).scrollIntoView({
      block: 'center',
      inline: 'center',
    }),
  );
  const box = await widget.locator('#mark').boundingBox();
  const scale = await scaleOf(desk);
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right * scale, y - up * scale, { steps: 2 });
  await page.mouse.up();
}

function expectSame(found: readonly number[], wanted: readonly number[], where: string): void {
  const far = found.map((one, i) => Math.abs(one - (wanted[i] ?? Number.NaN)));
  expect({ where, found, wanted, isSame: Math.max(...far) <= 0.1 }).toMatchObject({ isSame: true });
}

/** The frame, as parts of its page as it is shown. */
const frameOf = ({ widget }: Desk): Promise<Part> =>
  widget.locator('#mark').evaluate((one) => {
    interface Box {
      left: number;
      top: number;
      width: number;
      height: number;
    }
    type Boxed = { getBoundingClientRect(): Box };
    const mark = (one as unknown as Boxed).getBoundingClientRect();
    const page = (one.parentElement as unknown as Boxed).getBoundingClientRect();
    return {
      left: (mark.left - page.left) / page.width,
      top: (mark.top - page.top) / page.height,
      right: (mark.left + mark.width - page.left) / page.width,
      bottom: (mark.top + mark.height - page.top) / page.height,
    };
  });

/** The handwriting fills its frame but for a little margin. */
function expectInFrame(blue: Part | null, frame: Part, slack: number, where: string): void {
  expect({ where, blue }).toEqual({ where, blue: expect.anything() });
  const { left, top, right, bottom } = blue as Part;
  const [wide, high] = [frame.right - frame.left, frame.bottom - frame.top];
  const isInside =
    left > frame.left - slack &&
    right < frame.right + slack &&
    top > frame.top - slack &&
    bottom < frame.bottom + slack;
  const isFull = right - left > wide * 0.85 && bottom - top > high * 0.75;
  expect({ where, blue, frame, isInside, isFull }).toEqual({
    where,
    blue,
    frame,
    isInside: true,
    isFull: true,
  });
}

for (const [density, signedOn] of [
  [1, 4],
  [2, 6],
  [3, 2],
] as const)
  inBrowser(
    `check 16: pointer, keys and numbers give one rectangle at 50, 100 and 400 % on turned and cropped pages, and the picture is drawn there (${density} device pixels a pixel)`,
    async () => {
      const { documentId } = await signingDesk(office.axis).upload(COMMUNE, await oddPages());
      const desk = await office.desk({ density, ticket: await office.ticketFor([documentId]) });
      const { widget, page } = desk;
      await desk.inState('reviewing');
      await desk.choose();
      await desk.inState('confirming');
      await widget.locator('summary').click();
      for (let number = 1; number <= 6; number++) {
        await widget.locator('#place-page').fill(String(number));
        await widget
          .locator(`.page[data-page="${number}"][data-drawn=yes] #mark`)
          .waitFor({ timeout: 10_000 });
        // Over the three densities every page meets every zoom.
        const zoom = [50, 100, 400][(number + density) % 3] ?? 100;
        const where = `page ${number} at ${zoom} %`;
        await zoomTo(desk, zoom);
        await type(desk, 120, 140);
        await drag(desk, 21, 12);
        const pointed = await numbersOf(desk);
        await type(desk, 120, 140);
        await widget.locator('#mark').focus();
        for (const key of [
          'Shift+ArrowRight',
          'Shift+ArrowRight',
          'ArrowRight',
          'Shift+ArrowUp',
          'ArrowUp',
          'ArrowUp',
        ])
          await page.keyboard.press(key);
        const [, , width = 0, height = 0] = pointed;
        expectSame(pointed, [141, 152, width, height], `${where}, pointer`);
        expectSame(await numbersOf(desk), [141, 152, width, height], `${where}, keys`);
        await type(desk, 141, 152);
        expectSame(await numbersOf(desk), [141, 152, width, height], `${where}, numbers`);
        await zoomTo(desk, 100);
      }
      await widget.locator('#place-page').fill(String(signedOn));
      await widget.locator(`.page[data-page="${signedOn}"] #mark`).waitFor();
      const asked = page.waitForRequest('**/prepare');
      await widget.locator('#place').click();
      const { documents } = (await asked).postDataJSON() as {
        documents: { place: { page: number; rectangle: number[] } }[];
      };
      expect(documents[0]?.place.page).toBe(signedOn);
      await desk.inState('confirming');
      await widget.locator('#sign:not([aria-disabled])').waitFor();
      const frame = await frameOf(desk);
      const shown = await widget
        .locator(`.page[data-page="${signedOn}"][data-drawn=yes] canvas`)
        .evaluate(blueIn);
      expectInFrame(shown, frame, 0.003, 'as shown');
      await desk.sign();
      await desk.inState('signed');
      if (pdftoppm) {
        const drawn = rendered(pdftoppm, await desk.signedBytes(), signedOn);
        expectInFrame(drawn, frame, 0.003, 'in the signed file');
      }
      expect(desk.complaints).toEqual([]);
      await desk.close();
    },
  );
