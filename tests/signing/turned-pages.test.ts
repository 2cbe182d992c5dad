import { degrees, PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { expect, test } from '@jest/globals';
import { tinos } from '../../src/lab/index.ts';
import {
  cornerPlace,
  isOnPage,
  type PageLayout,
  pageLayouts,
  personPlace,
  prepareSignature,
  sealPlace,
  stampNumber,
} from '../../src/signing/index.ts';
import { fromShown, shownOn, sizeShown } from '../../src/signing/rotation.ts';

const TURNS = [0, 90, 180, 270] as const;

async function turned(rotate: number): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  pdf.addPage([595, 842]).setRotation(degrees(rotate));
  return Buffer.from(await pdf.save({ useObjectStreams: false }));
}

test('a page has box and rotation of the nodes above it, and shows what its crop leaves of it', async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  const above = pdf.catalog.Pages();
  above.set(PDFName.of('CropBox'), pdf.context.obj([20, 100, 700, 800]));
  above.set(PDFName.of('Rotate'), pdf.context.obj(-90));
  page.node.delete(PDFName.of('Rotate'));
  const [first] = pageLayouts(Buffer.from(await pdf.save({ useObjectStreams: false })));
  expect(first).toMatchObject({ box: [20, 100, 595, 800], rotate: 270 });
});

test('what is seen and what is written are two ways to say the same', () => {
  for (const rotate of TURNS) {
    const page = { box: [-10, 20, 585, 862], rotate } as const;
    expect(shownOn(fromShown([30, 40, 170, 102], page), page)).toEqual([30, 40, 170, 102]);
  }
});

test('however a page is turned, signature, seal and corner are where a reader expects them', () => {
  for (const rotate of TURNS) {
    const blank: PageLayout = { box: [0, 0, 595, 842], rotate, fields: [] };
    const [width, height] = sizeShown(blank);
    const person = personPlace([blank]);
    const seen = shownOn(person.rectangle, blank);
    expect([seen[0] > width / 2, seen[3] < height / 2, seen[2] - seen[0]]).toEqual([true, true, 140]);
    const signed = { ...blank, fields: [{ name: 'NguoiKy_1', rectangle: person.rectangle }] };
    const seal = shownOn(sealPlace([signed], 'NguoiKy_1').rectangle, blank);
    expect(seal[2] - seen[0]).toBeCloseTo(140 / 3);
    expect(seal[0]).toBeLessThan(seen[0]);
    const corner = cornerPlace([blank], 2);
    expect(shownOn(corner.rectangle, blank)[3]).toBe(height - 8);
    for (const place of [person, corner]) expect(isOnPage(place, [blank])).toBe(true);
  }
});

test('on a turned page a picture is drawn as wide as it is seen, and number and date along the line', async () => {
  for (const [rotate, matrix] of [
    [90, '/Matrix [0 1 -1 0 0 0]'],
    [180, '/Matrix [-1 0 0 -1 0 0]'],
    [270, '/Matrix [0 -1 1 0 0 0]'],
  ] as const) {
    const pdf = await turned(rotate);
    const font = tinos('regular');
    const rectangle = [100, 200, 162, 340] as const;
    const visible = { page: 1, rectangle, form: { kind: 'person', name: 'Lan' }, font } as const;
    const signed = prepareSignature({ pdf, fieldName: 'A', signedAt: 0, visible }).bytes.toString('latin1');
    const size = rotate === 180 ? '62 140' : '140 62';
    expect(signed).toContain(`/BBox [0 0 ${size}]`);
    expect(signed).toContain(matrix);
    const stamped = stampNumber({ pdf, number: { text: '05/UBND-VP', x: 300, y: 400, font } }).toString(
      'latin1',
    );
    expect(stamped).toContain(matrix);
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] =
      /\/Rect \[([\d. ]+)\]/.exec(stamped)?.[1]?.split(' ').map(Number) ?? [];
    expect(x1 - x0 > y1 - y0).toBe(rotate === 180);
    // The line begins at the point that was named, and runs to the right as it is seen.
    const start = { 90: y0 - 400, 180: x1 - 300, 270: y1 - 400 }[rotate];
    expect(start).toBeCloseTo(0);
  }
});
