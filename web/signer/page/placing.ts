/** Where a signature is drawn: a rectangle in the page's own coordinates, points, corners lower left and upper right. */
export interface Place {
  page: number;
  rectangle: readonly [number, number, number, number];
}

/** The same as a person measures it: points from the left and lower edge of the page as it is shown, turned where the page is. */
export interface Box {
  page: number;
  left: number;
  bottom: number;
  width: number;
  height: number;
}

/** What is shown of a page, in its own coordinates, and how far it is turned clockwise: 0, 90, 180 or 270 (ISO 32000-2 §7.7.3.3). */
export interface View {
  box: readonly number[];
  rotate: number;
}

/** A run of text that is upright on the page as it is shown, measured like a {@link Box}. */
export interface TextRun {
  text: string;
  left: number;
  right: number;
  /** The base line. */
  base: number;
  height: number;
}

/** The picture of a signature as the axis draws it by itself. */
const WIDTH = 140;
const HEIGHT = 62;
/** Less than that between title and name is no room left for a signature. */
const LEAST = 24;

/**
 * The room that a letter leaves for the competent person: between the title and the full name, centred over the name (NĐ 30/2020
 * Appendix I, part II.7).
 * @param name common name of the certificate
 * @returns null where the page has no such name, or no room above it
 */
export function roomAboveName(runs: readonly TextRun[], name: string): TextRun | null {
  const wanted = squeezed(name);
  const lines = linesOf(runs);
  const signed = lines.filter((line) => wanted !== '' && squeezed(line.text).endsWith(wanted));
  const lowest = signed.toSorted((a, b) => a.base - b.base)[0];
  if (!lowest) return null;
  const above = lines
    .filter(
      (line) =>
        line.base > lowest.base + lowest.height && line.left < lowest.right && line.right > lowest.left,
    )
    .toSorted((a, b) => a.base - b.base)[0];
  const from = lowest.base + lowest.height;
  const room = above ? above.base - from - above.height / 3 : 0;
  if (room < LEAST) return null;
  const height = Math.min(HEIGHT, room);
  const centre = (lowest.left + lowest.right) / 2;
  const base = from + (room - height) / 2;
  return { text: lowest.text, left: centre - WIDTH / 2, right: centre + WIDTH / 2, base, height };
}

/** Runs on one base line that follow each other closely; columns beside each other stay apart. */
function linesOf(runs: readonly TextRun[]): TextRun[] {
  const lines: TextRun[] = [];
  const sorted = runs.filter(({ text }) => text.trim() !== '').toSorted((a, b) => a.left - b.left);
  for (const run of sorted) {
    const line = lines.find(
      (one) => Math.abs(one.base - run.base) < 2 && run.left - one.right < Math.max(one.height, run.height),
    );
    if (!line) lines.push({ ...run });
    else Object.assign(line, { text: `${line.text} ${run.text}`, right: Math.max(line.right, run.right) });
  }
  return lines;
}

/** Spaces are drawn or left out as the writer likes; accents may come apart. */
function squeezed(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, '').toLocaleLowerCase('vi');
}

/** Where a box lies in the page's own coordinates. */
export function placeOf({ page, left, bottom, width, height }: Box, view: View): Place {
  const [x0, y0] = turnedBack([left, bottom], view);
  const [x1, y1] = turnedBack([left + width, bottom + height], view);
  return { page, rectangle: [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)] };
}

export function boxOf({ page, rectangle: [x0, y0, x1, y1] }: Place, view: View): Box {
  const [a, b] = turned([x0, y0], view);
  const [c, d] = turned([x1, y1], view);
  return {
    page,
    left: Math.min(a, c),
    bottom: Math.min(b, d),
    width: Math.abs(c - a),
    height: Math.abs(d - b),
  };
}

type Point = readonly [number, number];

/** Width and height of a page as it is shown. */
export function sizeOf({ box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0], rotate }: View): Point {
  return rotate % 180 === 0 ? [x1 - x0, y1 - y0] : [y1 - y0, x1 - x0];
}

function turned([x, y]: Point, { box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0], rotate }: View): Point {
  if (rotate === 90) return [y - y0, x1 - x];
  if (rotate === 180) return [x1 - x, y1 - y];
  return rotate === 270 ? [y1 - y, x - x0] : [x - x0, y - y0];
}

function turnedBack([left, up]: Point, { box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0], rotate }: View): Point {
  if (rotate === 90) return [x1 - up, y0 + left];
  if (rotate === 180) return [x1 - left, y1 - up];
  return rotate === 270 ? [x0 + up, y1 - left] : [x0 + left, y0 + up];
}

/** What may be wrong with a place; none of it forbids to sign there. */
export type Warning = 'off-page' | 'covers-text' | 'not-above-name';

/** Text and picture may touch. */
const TOUCH = 1.5;

/**
 * @param runs text of the page
 * @param room where the rules want it (NĐ 30/2020 Appendix I); null where nothing is known
 */
export function warningsOf(box: Box, runs: readonly TextRun[], view: View, room: Box | null): Warning[] {
  const [width, height] = sizeOf(view);
  const [x0, y0, x1, y1] = cornersOf(box);
  const warnings: Warning[] = [];
  if (x0 < 0 || y0 < 0 || x1 > width || y1 > height) warnings.push('off-page');
  const inner = [x0 + TOUCH, y0 + TOUCH, x1 - TOUCH, y1 - TOUCH] as const;
  const covers = runs.some(
    (run) =>
      run.text.trim() !== '' &&
      overlap(inner, [run.left, run.base, run.right, run.base + run.height * 0.7]) > 0,
  );
  if (covers) warnings.push('covers-text');
  const isThere =
    room?.page === box.page && overlap([x0, y0, x1, y1], cornersOf(room)) > (room.width * room.height) / 2;
  if (room && !isThere) warnings.push('not-above-name');
  return warnings;
}

type Rectangle = readonly [number, number, number, number];

function cornersOf({ left, bottom, width, height }: Box): Rectangle {
  return [left, bottom, left + width, bottom + height];
}

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
