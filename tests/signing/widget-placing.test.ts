import { expect, test } from '@jest/globals';
import { boxOf, placeOf, roomAboveName, type TextRun } from '../../web/signer/page/placing.ts';

const run = (text: string, left: number, base: number, width = text.length * 6): TextRun => ({
  text,
  left,
  right: left + width,
  base,
  height: 13,
});
const TITLE = run('CHỦ TỊCH', 380, 400);
const NAME = run('Nguyễn Văn Thư', 360, 300);

test('the signature goes between title and name, centred over the name', () => {
  const room = roomAboveName([TITLE, NAME, run('Nơi nhận:', 80, 400)], 'Nguyễn Văn Thư');
  expect(room).toMatchObject({ height: 62 });
  expect(room && (room.left + room.right) / 2).toBeCloseTo((NAME.left + NAME.right) / 2);
  expect(room?.base).toBeGreaterThan(NAME.base + NAME.height);
  expect(room && room.base + room.height).toBeLessThan(TITLE.base);
});

test('a name is found in pieces, with accents apart, behind an academic title and in any case', () => {
  const pieces = [
    run('PGS.TS.', 330, 300),
    run('Nguyễn'.normalize('NFD'), 376, 300),
    run('VĂN', 425, 300),
    run('Thư', 447, 300),
  ];
  expect(roomAboveName([TITLE, ...pieces], 'Nguyễn Văn Thư')).not.toBeNull();
  expect(roomAboveName([TITLE, ...pieces], 'Nguyễn Văn Thu')).toBeNull();
});

test('a small room gets a small signature, none where nothing is left', () => {
  const at = (base: number) => roomAboveName([run('CHỦ TỊCH', 380, base), NAME], 'Nguyễn Văn Thư');
  expect(at(350)?.height).toBeLessThan(40);
  expect(at(330)).toBeNull();
  expect(roomAboveName([NAME], 'Nguyễn Văn Thư')).toBeNull();
  expect(roomAboveName([TITLE, NAME], '')).toBeNull();
});

test('of two lines with the name the lower one is signed', () => {
  const mentioned = run('Đồng chí Nguyễn Văn Thư', 330, 600);
  expect(roomAboveName([mentioned, TITLE, NAME], 'Nguyễn Văn Thư')?.base).toBeLessThan(TITLE.base);
});

test('what a person measures counts from the edges that are shown, turned as the page is', () => {
  const box = { page: 2, left: 100, bottom: 90, width: 140, height: 62 };
  const shown = [10, 20, 605, 862];
  const turned = (rotate: number) => placeOf(box, { box: shown, rotate }).rectangle;
  expect(turned(0)).toEqual([110, 110, 250, 172]);
  expect(turned(90)).toEqual([605 - 152, 120, 605 - 90, 260]);
  expect(turned(180)).toEqual([605 - 240, 862 - 152, 605 - 100, 862 - 90]);
  expect(turned(270)).toEqual([100, 862 - 240, 162, 762]);
  for (const rotate of [0, 90, 180, 270])
    expect(boxOf(placeOf(box, { box: shown, rotate }), { box: shown, rotate })).toEqual(box);
});
