import type { Rectangle } from './appearance.ts';

/** How far a page is turned clockwise when it is shown (ISO 32000-2 §7.7.3.3). */
export type Rotation = 0 | 90 | 180 | 270;

/** What is shown of a page, in its own coordinates. */
export interface Turned {
  box: Rectangle;
  rotate: Rotation;
}

/** @param degrees as a page says; what is no multiple of 90 turns nothing */
export function rotationOf(degrees: number): Rotation {
  const rest = ((degrees % 360) + 360) % 360;
  return rest === 90 || rest === 180 || rest === 270 ? rest : 0;
}

/** Width and height of a page as it is shown. */
export function sizeShown({ box: [x0, y0, x1, y1], rotate }: Turned): readonly [number, number] {
  return rotate === 90 || rotate === 270 ? [y1 - y0, x1 - x0] : [x1 - x0, y1 - y0];
}

/** A rectangle of the page as seen: from the left and lower edge of what is shown. */
export function shownOn(rectangle: Rectangle, { box: [x0, y0, x1, y1], rotate }: Turned): Rectangle {
  const [a, b, c, d] = rectangle;
  if (rotate === 90) return [b - y0, x1 - c, d - y0, x1 - a];
  if (rotate === 180) return [x1 - c, y1 - d, x1 - a, y1 - b];
  if (rotate === 270) return [y1 - d, a - x0, y1 - b, c - x0];
  return [a - x0, b - y0, c - x0, d - y0];
}

/** The other way round: what is seen there, in the page's own coordinates. */
export function fromShown(rectangle: Rectangle, { box: [x0, y0, x1, y1], rotate }: Turned): Rectangle {
  const [a, b, c, d] = rectangle;
  if (rotate === 90) return [x1 - d, y0 + a, x1 - b, y0 + c];
  if (rotate === 180) return [x1 - c, y1 - d, x1 - a, y1 - b];
  if (rotate === 270) return [x0 + b, y1 - c, x0 + d, y1 - a];
  return [x0 + a, y0 + b, x0 + c, y0 + d];
}

/** Matrix of an appearance that stands upright on a page that is turned (§12.5.5 fits it into its rectangle). */
export function uprightMatrix(rotate: Rotation): string | undefined {
  if (rotate === 90) return '[0 1 -1 0 0 0]';
  if (rotate === 180) return '[-1 0 0 -1 0 0]';
  return rotate === 270 ? '[0 -1 1 0 0 0]' : undefined;
}
