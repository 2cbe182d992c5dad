import { execFileSync } from 'node:child_process';
import { file } from './second-opinion.ts';

/** A part of a page as it is shown: 0 is its left and upper edge, 1 its right and lower one. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where blue ink is, as the demo's signatures are drawn, on a page that poppler draws. @returns null where there is none */
export function rendered(pdftoppm: string, pdf: Buffer, page: number): Part | null {
  const options = [
    '-r',
    '144',
    '-cropbox',
    '-f',
    String(page),
    '-l',
    String(page),
    file('rendered.pdf', pdf),
  ];
  const ppm = execFileSync(pdftoppm, options, { maxBuffer: 64 * 1024 * 1024 });
  const [head = '', size = ''] =
    /^P6\s+(\d+\s+\d+)\s+255\s/.exec(ppm.subarray(0, 40).toString('latin1')) ?? [];
  const [width = 0, height = 0] = size.split(/\s+/).map(Number);
  return blueOf(ppm.subarray(head.length), { width, height, step: 3 });
}

interface Pixels {
  width: number;
  height: number;
  /** Bytes a pixel. */
  step: number;
}

/** Must stand alone but for its twin below: both look for the same ink. */
function blueOf(data: ArrayLike<number>, { width, height, step }: Pixels): Part | null {
  const found = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < width * height; i++) {
    const [red = 0, , blue = 0] = [data[i * step], 0, data[i * step + 2]];
    if (red > 120 || blue < red + 60) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    found.left = Math.min(found.left, x);
    found.right = Math.max(found.right, x + 1);
    found.top = Math.min(found.top, y);
    found.bottom = Math.max(found.bottom, y + 1);
  }
  const { left, top, right, bottom } = found;
  if (right === 0) return null;
  return { left: left / width, top: top / height, right: right / width, bottom: bottom / height };
}

/** The same on a canvas. Runs in the browser: must stand alone. */
export function blueIn(one: unknown): Part | null {
  interface Drawing {
    getImageData(x: number, y: number, width: number, height: number): { data: ArrayLike<number> };
  }
  const canvas = one as { width: number; height: number; getContext(kind: string): Drawing };
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const found = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < width * height; i++) {
    const red = data[i * 4] ?? 0;
    const blue = data[i * 4 + 2] ?? 0;
    if (red > 120 || blue < red + 60) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    found.left = Math.min(found.left, x);
    found.right = Math.max(found.right, x + 1);
    found.top = Math.min(found.top, y);
    found.bottom = Math.max(found.bottom, y + 1);
  }
  if (found.right === 0) return null;
  return {
    left: found.left / width,
    top: found.top / height,
    right: found.right / width,
    bottom: found.bottom / height,
  };
}
