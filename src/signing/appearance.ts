import type { EmbeddedFont } from './font.ts';
import { number } from './pdf-update.ts';

/** Lower left and upper right corner in points, origin at the page's lower left. */
export type Rectangle = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * What a signature shows (Decree 30/2020, Appendix I): the person's handwritten signature in blue (II.7d), the
 * agency's seal in red (II.8a), or the two black lines that copies and annexes carry instead of a picture (II.8b, III).
 */
export type AppearanceForm =
  | { kind: 'person'; name: string }
  | { kind: 'agency'; name: string }
  | { kind: 'text'; lines: readonly string[] };

/** A content stream in a box of its own, `width` × `height` points. */
export interface Drawing {
  content: string;
  width: number;
  height: number;
  /** Whether it sets text, so that the font must be among its resources (as /F1). */
  usesFont: boolean;
}

const BLUE = '0 0.2 0.7';
const RED = '0.85 0 0';
/** Decree 30/2020, Appendix I, part III.1d: size 10, upright, black. */
const TEXT_SIZE = 10;

/** Draws a form into a rectangle's size; background stays transparent. */
export function drawForm(form: AppearanceForm, rectangle: Rectangle, font: EmbeddedFont): Drawing {
  const width = rectangle[2] - rectangle[0];
  const height = rectangle[3] - rectangle[1];
  if (form.kind === 'person')
    return { content: handwriting(form.name, width, height), width, height, usesFont: false };
  if (form.kind === 'agency')
    return { content: seal(form.name, width, height, font), width, height, usesFont: true };
  return { content: textLines(form.lines, height, font), width, height, usesFont: true };
}

/** The upright black lines of copies and annexes. */
function textLines(lines: readonly string[], height: number, font: EmbeddedFont): string {
  const leading = TEXT_SIZE * 1.2;
  const rows = lines.map((line, i) => {
    const y = height - TEXT_SIZE - i * leading;
    return `BT /F1 ${TEXT_SIZE} Tf 0 g 1 0 0 1 0 ${number(y)} Tm <${font.set(line, TEXT_SIZE).codes}> Tj ET`;
  });
  return ['q', ...rows, 'Q'].join('\n');
}

/** One black line of text at a size, as big as its text. */
export function drawLine(text: string, size: number, font: EmbeddedFont): Drawing {
  const { codes, width } = font.set(text, size);
  const content = `q BT /F1 ${number(size)} Tf 0 g 1 0 0 1 0 ${number(size * 0.25)} Tm <${codes}> Tj ET Q`;
  return { content, width, height: size * 1.2, usesFont: true };
}

/** A stroke of loops that looks handwritten; the same name always gives the same one. */
function handwriting(name: string, width: number, height: number): string {
  const at = (x: number, y: number) => `${number(x * width)} ${number(y * height)}`;
  const letters = [...name].map((letter) => (letter.codePointAt(0) ?? 0) % 97);
  const loops = Math.min(7, Math.max(4, letters.length >> 1));
  const strokes = [`${at(0.04, 0.35)} m`, `${at(0.02, 0.95)} ${at(0.2, 1.05)} ${at(0.16, 0.3)} c`];
  for (let i = 0; i < loops; i++) {
    const x = 0.16 + (i * 0.68) / loops;
    const step = 0.68 / loops;
    const rise = 0.5 + ((letters[i] ?? 0) % 10) / 22;
    const fall = 0.1 + ((letters[i + 1] ?? 0) % 7) / 35;
    strokes.push(
      `${at(x + step * 0.9, rise)} ${at(x + step * 0.1, rise + 0.12)} ${at(x + step * 0.75, fall)} c`,
    );
    strokes.push(`${at(x + step * 1.2, fall - 0.06)} ${at(x + step * 0.8, 0.4)} ${at(x + step, 0.34)} c`);
  }
  strokes.push(`${at(0.9, 0.3)} ${at(0.95, 0.62)} ${at(0.99, 0.55)} c S`);
  const underline = `${at(0.1, 0.1)} m ${at(0.4, 0.2)} ${at(0.7, 0.06)} ${at(0.95, 0.16)} c S`;
  return ['q', `${BLUE} RG 1.3 w 1 J 1 j`, ...strokes, underline, 'Q'].join('\n');
}

/** Two rings, a star and the agency's name between them. */
function seal(name: string, width: number, height: number, font: EmbeddedFont): string {
  const radius = Math.min(width, height) / 2 - 1.5;
  const middle = `1 0 0 1 ${number(width / 2)} ${number(height / 2)} cm`;
  const rings = [circle(radius, 2), circle(radius * 0.9, 0.7), circle(radius * 0.62, 0.7)];
  return [
    'q',
    middle,
    `${RED} RG ${RED} rg`,
    ...rings,
    star(radius * 0.36),
    ring(name, radius, font),
    'Q',
  ].join('\n');
}

function circle(radius: number, line: number): string {
  const r = number(radius);
  const k = number(radius * 0.5523);
  return [
    `${number(line)} w ${r} 0 m`,
    `${r} ${k} ${k} ${r} 0 ${r} c -${k} ${r} -${r} ${k} -${r} 0 c`,
    `-${r} -${k} -${k} -${r} 0 -${r} c ${k} -${r} ${r} -${k} ${r} 0 c s`,
  ].join(' ');
}

function star(radius: number): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = Math.PI / 2 + (i * Math.PI) / 5;
    const r = i % 2 === 0 ? radius : radius * 0.382;
    return `${number(r * Math.cos(angle))} ${number(r * Math.sin(angle))} ${i === 0 ? 'm' : 'l'}`;
  });
  return `${points.join(' ')} f`;
}

/** Upper-case text clockwise between the rings, centred at the top; the size shrinks until it fits. */
function ring(name: string, radius: number, font: EmbeddedFont): string {
  const text = name.normalize('NFC').toUpperCase();
  const baseline = radius * 0.69;
  const room = 2 * Math.PI * baseline * 0.88;
  const natural = font.set(text, 1).width;
  const size = Math.min(radius * 0.19, room / natural);
  const spacing = Math.min(size * 0.25, Math.max(0, (room * 0.8 - natural * size) / [...text].length));
  const glyphs = [...text].map((letter) => font.set(letter, size));
  const total = glyphs.reduce((sum, glyph) => sum + glyph.width + spacing, 0);
  let angle = Math.PI / 2 + total / baseline / 2;
  const shows = glyphs.map(({ codes, width }) => {
    const half = (width + spacing) / baseline / 2;
    angle -= half;
    const [cos, sin] = [Math.cos(angle - Math.PI / 2), Math.sin(angle - Math.PI / 2)];
    const x = baseline * Math.cos(angle) - (width / 2) * cos;
    const y = baseline * Math.sin(angle) - (width / 2) * sin;
    angle -= half;
    return `${[cos, sin, -sin, cos, x, y].map(number).join(' ')} Tm <${codes}> Tj`;
  });
  return ['BT', `/F1 ${number(size)} Tf`, ...shows, 'ET'].join('\n');
}
